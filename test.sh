#!/usr/bin/env bash
# ./test.sh [unit|e2e]: everything without an argument; unit leaves out the browser journeys and the fault tests, e2e runs those alone.
# The last line is "N passed, N failed".
set -uo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/tools/build-app.sh"

case ${1:-all} in
  unit) filter='FullyQualifiedName!~.Journeys.&FullyQualifiedName!~.Faults.' ;;
  e2e) filter='FullyQualifiedName~.Journeys.|FullyQualifiedName~.Faults.' ;;
  all) filter='FullyQualifiedName~.' ;;
  *) say "Usage: ./test.sh [unit|e2e]"; exit 2 ;;
esac

# The tests read our PDFs with it; without, those are skipped.
reader=()
command -v pdftotext >/dev/null || reader+=(poppler-utils)
install_missing "${reader[@]}"
export MSBUILDDISABLENODEREUSE=1
if ! dotnet build "$root/MedCrm.sln" -v quiet --nologo; then
  say "The build failed."
  echo "0 passed, 1 failed"
  exit 1
fi

log=$(mktemp)
trap 'rm -f "$log"' EXIT
dotnet test "$root/MedCrm.Tests" --no-build --nologo --filter "$filter" --blame-hang-timeout 10m 2>&1 | tee "$log"
code=${PIPESTATUS[0]}
count() { sed -n "s/.* $1: *\([0-9]*\),.*/\1/p" "$log" | tail -1; }
passed=$(count Passed) failed=$(count Failed) skipped=$(count Skipped)
# A run that broke off has no summary: that is a failure too.
if [ -z "$passed" ] || { [ "$code" -ne 0 ] && [ "${failed:-0}" -eq 0 ]; }; then failed=$((${failed:-0} + 1)); fi
echo "${skipped:-0} skipped"
echo "${passed:-0} passed, ${failed:-0} failed"
[ "${failed:-0}" -eq 0 ] && [ "${passed:-0}" -gt 0 ]
