# What this machine has and what it lacks. Sourced; needs $home, the repository's root.

java_release=25
work="$home/target"

say() { printf 'starling: %s\n' "$*" >&2; }

# A step's progress: one line on stderr, completed by "done".
begin() { printf 'starling: %s ... ' "$*" >&2; }

fail() {
  say "$1"
  shift
  [ $# -eq 0 ] || printf '  %s\n' "$@" >&2
  exit 1
}

as_root() {
  if [ "$(id -u)" = 0 ]; then
    "$@"
  elif ! command -v sudo >/dev/null; then
    fail "'$1' needs root, and there is no sudo here" "run this as root once"
  elif [ -t 0 ]; then
    sudo "$@"
  else
    sudo -n "$@"
  fi
}

# Installs Debian packages; tells which.
install_packages() {
  command -v apt-get >/dev/null ||
    fail "missing here: $*" "this machine has no apt-get; install them its own way"
  mkdir -p "$work"
  begin "installing $*"
  if apt_get install "$@" || { apt_get update && apt_get install "$@"; }; then
    echo done >&2
  else
    echo failed >&2
    tail -n 20 "$work/apt.log" >&2
    fail "could not install $*" "the whole log is $work/apt.log"
  fi
}

# Installs the packages whose commands are missing; told in pairs, a command and its package.
need() {
  missing=
  while [ $# -gt 0 ]; do
    (PATH=$PATH:/usr/sbin:/sbin && command -v "$1" >/dev/null) || missing="$missing $2"
    shift 2
  done
  [ -z "$missing" ] || install_packages $missing
}

apt_get() {
  as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -y --no-install-recommends "$@" \
    >>"$work/apt.log" 2>&1 </dev/null
}

# Whether $1 is the home of a JDK that is new enough. Reads its release file: starting a JVM to ask
# would take longer than all the rest.
is_jdk() {
  [ -x "$1/bin/javac" ] && [ -r "$1/release" ] || return 1
  java_version=
  while read -r line; do
    case $line in
      JAVA_VERSION=*)
        java_version=${line#*=}
        java_version=${java_version#\"}
        java_version=${java_version%\"}
        break
        ;;
    esac
  done <"$1/release"
  major=${java_version%%[!0-9]*}
  [ "${major:-0}" -ge "$java_release" ]
}

# Sets java_home and java_version from what is there, whatever the default java is.
look_for_jdk() {
  on_path=$(command -v java) && on_path=$(readlink -f "$on_path") && on_path=${on_path%/bin/java}
  for java_home in ${JAVA_HOME:+"$JAVA_HOME"} "$on_path" /usr/lib/jvm/* /opt/*; do
    is_jdk "$java_home" && return
  done
  return 1
}

find_jdk() {
  look_for_jdk && return
  package=openjdk-$java_release-jdk-headless
  if command -v apt-get >/dev/null; then
    mkdir -p "$work"
    is_packaged "$package" || apt_get update || true
    if is_packaged "$package"; then
      install_packages "$package"
      look_for_jdk && return
    fi
  fi
  fail "no JDK $java_release or newer in JAVA_HOME, on PATH, in /usr/lib/jvm/* or /opt/*, and this distribution has none" \
    "unpack one under /opt, for example from https://adoptium.net/temurin/releases/?version=$java_release," \
    "or set JAVA_HOME to the one that you have; then run this again"
}

is_packaged() { apt-cache policy "$1" 2>/dev/null | grep -q 'Candidate: [0-9]'; }

# Maven under the JDK found above: Debian's own default may be too old to compile this.
maven() {
  command -v mvn >/dev/null || install_packages maven
  quiet="--enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow"
  JAVA_HOME=$java_home MAVEN_OPTS="$quiet -Djansi.noreset=true ${MAVEN_OPTS:-}" mvn "$@"
}
