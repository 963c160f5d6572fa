# Sourced by run.sh and bench.sh. Leaves the published program in $app, building it only when a source has changed.
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
app="$root/.run/app"
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=0

say() { printf '%s\n' "$*" >&2; }

# What the program needs from the system beside the SDK, and the packages named to it. With root it is installed; without, the command to type is shown.
install_missing() {
  local packages=("$@")
  [ -x "${MedCrm__Browser:-}" ] || command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null || packages+=(chromium fonts-liberation)
  [ -e /usr/share/zoneinfo/Europe/Paris ] || packages+=(tzdata)
  if ! { ldconfig -p 2>/dev/null || /sbin/ldconfig -p; } | grep -q libicuuc; then packages+=(libicu-dev); fi
  [ ${#packages[@]} -eq 0 ] && return
  if [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null; then
    say "Installing ${packages[*]}..."
    if ! { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${packages[@]}"; } >&2; then
      say "Could not install ${packages[*]}: MedCRM starts without."
    fi
  else
    say "Please install what is missing:  sudo apt-get install -y ${packages[*]}"
  fi
}

sources_hash() {
  (cd "$root" && find MedCrm.Core MedCrm.Web tools Directory.Build.props Directory.Packages.props appsettings.json \
    \( -name bin -o -name obj -o -name _framework \) -prune -o -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum)
}

build_app() {
  command -v dotnet >/dev/null || { say "The .NET 10 SDK is missing: https://dotnet.microsoft.com/download"; exit 1; }
  mkdir -p "$root/.run"
  exec 8>"$root/.run/build.lock"
  if command -v flock >/dev/null; then flock 8; fi
  local hash
  hash=$(sources_hash)
  if [ "$hash" != "$(cat "$root/.run/stamp" 2>/dev/null)" ] || [ ! -f "$app/MedCrm.Web.dll" ]; then
    say "Building MedCRM..."
    rm -rf "$app.next"
    if ! MSBUILDDISABLENODEREUSE=1 dotnet publish "$root/MedCrm.Web" -c Release -o "$app.next" -v quiet --nologo -p:UseSharedCompilation=false >"$root/.run/build.log" 2>&1; then
      cat "$root/.run/build.log" >&2
      exit 1
    fi
    rm -rf "$app"
    mv "$app.next" "$app"
    printf '%s\n' "$hash" >"$root/.run/stamp"
  fi
  exec 8>&-
}
