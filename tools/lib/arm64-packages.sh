# Debian's packages for arm64, on whatever this machine is: apt with a state of its own, and Debian's
# signatures. Sourced after machine.sh; needs $home and $log, the file that apt's words go to.

suite=trixie
cache=${STARLING_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/starling}
apt="$cache/apt"
keyring=/usr/share/keyrings/debian-archive-keyring.gpg
mirror=http://deb.debian.org/debian
source="deb [arch=arm64 signed-by=$keyring] $mirror $suite main"

apt_arm64() {
  tool=$1
  shift
  "$tool" -q -o Dir::Etc::sourcelist="$apt/sources.list" -o Dir::Etc::sourceparts=/dev/null \
    -o Dir::State="$apt/state" -o Dir::State::status="$apt/status" -o Dir::Cache="$apt/cache" \
    -o APT::Architecture=arm64 -o APT::Architectures=arm64 -o Acquire::Languages=none \
    -o APT::Sandbox::User=root -o Acquire::Retries=3 "$@" 2>>"$log"
}

# Fetches packages, without those that they need, into $apt/debs.
fetch_arm64() {
  mkdir -p "$apt/state/lists/partial" "$apt/cache/archives/partial" "$apt/debs"
  : >"$apt/status"
  echo "$source" >"$apt/sources.list"
  apt_arm64 apt-get -y update >>"$log" && (cd "$apt/debs" && apt_arm64 apt-get -y download "$@" >>"$log")
}

can_fetch() { command -v apt-get >/dev/null && [ -r "$keyring" ]; }
