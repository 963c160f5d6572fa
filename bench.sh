#!/usr/bin/env bash
# Measures the published program on two seeded installations, full size and a tenth, and prints one table. The live data is not touched.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/tools/build-app.sh"

install_missing
build_app
bench="$root/.run/bench"
# Measuring moves cards for real and a new program may have a new schema: fresh data for each build.
if ! cmp -s "$root/.run/stamp" "$bench/stamp"; then
  rm -rf "$bench"
  for scale in 0.1 1; do
    dotnet "$app/MedCrm.Web.dll" seed --scale "$scale" --data "$bench/$scale"
  done
  cp "$root/.run/stamp" "$bench/stamp"
fi
exec dotnet "$app/MedCrm.Web.dll" bench --small "$bench/0.1" "$@" --data "$bench/1"
