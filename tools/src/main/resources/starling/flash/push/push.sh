#!/bin/sh
# Puts programs, and with them or alone an identity, onto a board that runs: started over ssh by
# "starling push", as root, or as anybody below a root directory of its own. Kept on the board as
# /opt/starling/push.sh, to return to the old programs if the power goes during a trial.
#
#   push.sh probe                    what is there, a line each
#   push.sh install FROM RELEASE     FROM has node.tar, software.tar.gz, or both
#   push.sh update FROM RELEASE ROUNDS SECONDS
#   push.sh return                   a trial was not finished: back to the programs before
set -eu
root=${STARLING_ROOT-}
home=$root/opt/starling
etc=$root/etc/starling
state=$root/var/lib/starling
before=$root/var/lib/starling-before
status=$root/run/starling/status.json
trial=$home/trial

say() {
  echo "$*"
}

fail() {
  echo "$*" >&2
  exit 1
}

current() {
  cat "$home/current/RELEASE" 2>/dev/null || true
}

probe() {
  say "machine=$(uname -m)"
  say "glibc=$(getconf GNU_LIBC_VERSION 2>/dev/null | sed 's/.* //')"
  say "release=$(current)"
  say "kept=$(ls "$home/releases" 2>/dev/null | tr '\n' ' ')"
  say "identity=$([ -e "$etc/node.toml" ] && echo yes || echo no)"
  say "trial=$([ -e "$trial" ] && echo yes || echo no)"
  place=$root/
  while [ ! -d "$place" ]; do place=$(dirname "$place"); done
  say "free_kb=$(df -Pk "$place" | awk 'NR == 2 { print $4 }')"
}

start_node() {
  if [ -z "$root" ]; then
    systemctl restart --no-block starling-node.service
    return
  fi
  mkdir -p "$root/run/starling"
  setsid nohup "$home/current/bin/starling-node" --config "$etc/node.toml" --node.state="$state" \
    --node.status="$status" >>"$root/run/starling/log" 2>&1 </dev/null &
  echo $! >"$root/run/starling/pid"
}

stop_node() {
  if [ -z "$root" ]; then
    systemctl stop starling-node.service || true
  elif [ -e "$root/run/starling/pid" ]; then
    pid=$(cat "$root/run/starling/pid")
    kill "$pid" 2>/dev/null || true
    for _ in $(seq 150); do
      kill -0 "$pid" 2>/dev/null || break
      sleep 0.2
    done
    kill -9 "$pid" 2>/dev/null || true
    rm -f "$root/run/starling/pid"
  fi
  rm -f "$status"
}

# Atomic: whoever looks, or a power cut, finds the old programs or the new ones.
switch_to() {
  ln -sfn "releases/$1" "$home/current.new"
  mv -T "$home/current.new" "$home/current"
  sync
}

unpack() {
  [ -e "$1/software.tar.gz" ] || return 0
  rm -rf "$home/releases/new"
  mkdir -p "$home/releases/new"
  tar -xzf "$1/software.tar.gz" -C "$home/releases/new" --no-same-owner ||
    fail "the software could not be unpacked: is the disk full? Nothing was changed"
  [ "$(cat "$home/releases/new/RELEASE")" = "$2" ] || fail "that is not release $2"
  [ "$(current)" = "$2" ] || rm -rf "${home:?}/releases/$2"
  [ -e "$home/releases/$2" ] || mv "$home/releases/new" "$home/releases/$2"
  rm -rf "$home/releases/new"
  cp "$0" "$home/push.sh.new"
  mv "$home/push.sh.new" "$home/push.sh"
  sync
}

install_system() {
  if [ -z "$root" ]; then
    cp -r "$home/current/system/." /
    ln -sfn /opt/starling/current/bin/starling-node /usr/local/bin/starling-node
    mkdir -p /etc/issue.d
    ln -sfn /run/starling/prompt.txt /etc/issue.d/starling.issue
    systemd-sysusers starling-node.conf
    systemctl daemon-reload
    systemctl enable --quiet starling-node.service
    udevadm control --reload || true
    modprobe -qa $(grep -v '^#' /etc/modules-load.d/starling-node.conf) || true
    udevadm trigger --subsystem-match=tty --action=add || true
  fi
}

install_identity() {
  [ -e "$1/node.tar" ] || return 0
  rm -rf "$etc.new"
  mkdir -p "$etc.new"
  chmod 0700 "$etc.new"
  tar -xf "$1/node.tar" -C "$etc.new" --no-same-owner
  [ -n "$root" ] || chown -R starling:starling "$etc.new"
  mkdir -p "$etc"
  chmod 0700 "$etc"
  [ -n "$root" ] || chown starling:starling "$etc"
  mv -f "$etc.new"/* "$etc/"
  rmdir "$etc.new"
  sync
}

# Whether the node of a release says that it works: it has a medium, and if the one before it heard
# somebody, so does it, and is heard, as far as its medium lets others say so.
works() {
  [ -e "$status" ] || return 1
  grep -q "\"version\":\"$1\"" "$status" && grep -q '"state":"joined"' "$status" || return 1
  [ "$2" = 0 ] && return 0
  grep -q '"heard":[1-9]' "$status" || return 1
  ! grep -q '"hears_us":' "$status" || grep -q '"hears_us":true' "$status"
}

# How many rounds of its cell the node of a release has seen, each of which gives everybody a turn.
rounds() {
  grep -qs "\"version\":\"$1\"" "$status" || return 0
  sed -n 's/.*"rounds":\([0-9]*\).*/\1/p' "$status"
}

# Whether a node works within so many rounds, and so many seconds whatever becomes of it.
await() {
  left=$4
  while [ "$left" -gt 0 ]; do
    seen=$(rounds "$1") # before it is looked whether it works: the last round counts
    ! works "$1" "$2" || return 0
    [ "${seen:-0}" -lt "$3" ] || return 1
    sleep 1
    left=$((left - 1))
  done
  return 1
}

# While no node runs.
go_back() {
  old=$(cat "$trial")
  # The trial's state stays its own: the old programs go on with theirs, or not at all.
  if [ -e "$before" ]; then
    rm -rf "$state-failed"
    [ ! -e "$state" ] || mv "$state" "$state-failed"
    mv "$before" "$state"
  fi
  switch_to "$old"
  rm -f "$trial"
  sync
}

keep_only() {
  for one in "$home"/releases/*; do
    name=$(basename "$one")
    [ "$name" = "$1" ] || [ "$name" = "$2" ] || rm -rf "$one"
  done
}

case ${1-} in
  probe)
    probe
    ;;
  install)
    mkdir -p "$home/releases" "$state"
    unpack "$2" "$3"
    stop_node
    [ ! -e "$home/releases/$3" ] || switch_to "$3"
    install_system
    [ -n "$root" ] || chown starling:starling "$state"
    install_identity "$2"
    start_node
    ;;
  update)
    if [ -e "$trial" ]; then # one that was cut off
      stop_node
      go_back
    fi
    old=$(current)
    heard=0
    ! grep -qs '"heard":[1-9]' "$status" || heard=1
    unpack "$2" "$3"
    stop_node
    rm -rf "$before" "$before.new" "$state-failed"
    cp -a "$state" "$before.new"
    sync
    mv "$before.new" "$before"
    echo "$old" >"$trial.new"
    mv "$trial.new" "$trial"
    sync # from here on a power cut leads back
    switch_to "$3"
    install_system
    start_node
    if await "$3" "$heard" "$4" "$5"; then
      rm -f "$trial"
      rm -rf "$before"
      keep_only "$3" "$old"
      sync
      say "$3 works"
    else
      why=$(cat "$status" 2>/dev/null || echo "it wrote no status")
      stop_node
      go_back
      install_system
      start_node
      fail "$3 did not work within $4 rounds or $5 s, and $old runs again. The last that was seen: $why"
    fi
    ;;
  return)
    # Before the node is started: to stop it now would take its start out of the system's.
    if [ -e "$trial" ]; then
      go_back
      install_system
    fi
    ;;
  *)
    fail "push.sh probe | install FROM RELEASE | update FROM RELEASE ROUNDS SECONDS | return"
    ;;
esac
