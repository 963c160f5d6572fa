#!/usr/bin/env bash
# Installs what is missing, builds, migrates and starts MedCRM.
#   ./run.sh [--demo] [--port N] [--data DIR]     the server, until Ctrl+C
#   ./run.sh [--data DIR] -- COMMAND...           one command: import, backup, restore, check, seed, run-job
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/tools/build-app.sh"

port=5080
data=${MedCrm__DataDirectory:-$root/data}
options=()
while [ $# -gt 0 ]; do
  case $1 in
    --demo) options+=(--demo) ;;
    --port) port=${2:?"--port needs a number"}; shift ;;
    --data) data=${2:?"--data needs a folder"}; shift ;;
    --) shift; break ;;
    *) say "Unknown option: $1. Usage: ./run.sh [--demo] [--port N] [--data DIR] [-- COMMAND...]"; exit 2 ;;
  esac
  shift
done

install_missing
build_app
if [ $# -gt 0 ]; then
  exec dotnet "$app/MedCrm.Web.dll" "$@" --data "$data"
fi
# The server itself prints « MedCRM ready on URL » once it answers, and ends cleanly on Ctrl+C.
exec dotnet "$app/MedCrm.Web.dll" --contentRoot="$app" --port "$port" --data "$data" "${options[@]}"
