#!/bin/sh
# Makes a freshly flashed board the node that its boot partition says. Whatever first-boot scheme
# the image has runs this, as root; if the power goes before it is done, it is run again at the next
# start. Every step can be done twice.
#
#   first-start.sh          all of it
#   first-start.sh arm      only sees to it that a power cut from now on is no matter
set -eu
root=${STARLING_ROOT-} # elsewhere than / to be tried out
boot=$root/boot/firmware
from=$boot/starling
home=$root/opt/starling
etc=$root/etc/starling
units=$root/etc/systemd/system
again=starling-first-start.service
anew=starling-begin-anew.service
installed=$root/usr/local/lib/starling/installed

say() {
  echo "starling: $*"
  [ -n "$root" ] || echo "starling: $*" >/dev/tty1 2>/dev/null || true
}

# The node is not there, and whoever looks at the screen, the journal or the card sees why.
fail() {
  say "$*"
  echo "$*" >"$from/FAILED.txt" || true
  forget_command_line
  exit 1
}

# Writes stdin over a file, in place and padded to its length: a power cut leaves the old text or the
# new one, and what was there is on no other place of the card.
overwrite() {
  size=$(($(wc -c <"$1") - 1))
  {
    { cat && head -c "$size" /dev/zero | tr '\0' ' '; } | head -c "$size"
    echo
  } | dd of="$1" conv=notrunc,fsync 2>/dev/null
}

# A command line that runs something once must not run it for ever.
forget_command_line() {
  if grep -q 'systemd\.run=' "$boot/cmdline.txt"; then
    line=$(sed 's/ systemd\.\(run[a-z_]*\|unit\)=[^ ]*//g' "$boot/cmdline.txt")
    printf %s "$line" | overwrite "$boot/cmdline.txt"
    sync
  fi
}

# Run again at the next start, by the system itself.
run_again() {
  mkdir -p "$units/multi-user.target.wants" "$root/usr/local/lib/starling"
  copy=$root/usr/local/lib/starling/first-start.sh
  cp "$from/first-start.sh" "$copy.new"
  mv "$copy.new" "$copy" # which may be what runs now
  cat >"$units/$again" <<END
[Unit]
Description=Starling: first start of this board
RequiresMountsFor=/boot/firmware
ConditionPathExists=/boot/firmware/starling/node.tar

[Service]
Type=oneshot
ExecStart=/bin/sh /usr/local/lib/starling/first-start.sh
END
  ln -sf "../$again" "$units/multi-user.target.wants/$again"
}

# cloud-init notes that it has done a thing before it does it: users, keys, Wi-Fi, this script. Until
# the node is installed, what an earlier start has noted is forgotten, as "cloud-init clean" does.
let_cloud_init_begin_anew() {
  mkdir -p "$units/sysinit.target.wants"
  cat >"$units/$anew" <<END
[Unit]
Description=Starling: cloud-init begins anew, as the power went before this board was a node
DefaultDependencies=no
RequiresMountsFor=/boot/firmware /var/lib/cloud
After=systemd-remount-fs.service
Before=cloud-init-main.service cloud-init-local.service
ConditionPathExists=/boot/firmware/starling/node.tar

[Service]
Type=oneshot
ExecStart=/bin/rm -rf /var/lib/cloud/instance /var/lib/cloud/instances /var/lib/cloud/data /var/lib/cloud/sem
END
  ln -sf "../$anew" "$units/sysinit.target.wants/$anew"
}

come_back_after_a_power_cut() {
  run_again
  [ ! -e "$boot/user-data" ] || let_cloud_init_begin_anew
  sync
}

install_software() {
  [ -e "$from/software.tar.gz" ] || return 0
  rm -rf "$home/releases/new"
  mkdir -p "$home/releases/new"
  tar -xzf "$from/software.tar.gz" -C "$home/releases/new" --no-same-owner ||
    fail "the software could not be unpacked: is the card full?"
  release=$(cat "$home/releases/new/RELEASE")
  rm -rf "${home:?}/releases/$release"
  mv "$home/releases/new" "$home/releases/$release"
  ln -sfn "releases/$release" "$home/current.new"
  mv -T "$home/current.new" "$home/current"
}

# The sum of the node.tar that /etc/starling came from: whoever finds it there has all but the
# card's secrets behind it, whatever a power cut has left of those.
flashed() { sed -n 's/  node\.tar$//p' "$from/SHA256SUMS" 2>/dev/null; }

# What the system must know of the node: its user, its unit, its devices.
install_system() {
  [ -e "$home/current/system" ] || return 0
  cp -r "$home/current/system/." "$root/"
  mkdir -p "$root/usr/local/bin" "$root/etc/issue.d"
  ln -sfn /opt/starling/current/bin/starling-node "$root/usr/local/bin/starling-node"
  ln -sfn /run/starling/prompt.txt "$root/etc/issue.d/starling.issue"
  if [ -z "$root" ]; then
    systemd-sysusers starling-node.conf
    systemctl daemon-reload
    udevadm control --reload
    modprobe -qa $(grep -v '^#' /etc/modules-load.d/starling-node.conf) || true
    for subsystem in tty i2c-dev spidev gpio; do
      udevadm trigger --subsystem-match=$subsystem --action=add
    done
  fi
}

install_identity() {
  mkdir -p "$etc.new"
  chmod 0700 "$etc.new"
  tar -xf "$from/node.tar" -C "$etc.new" --no-same-owner
  if [ -z "$root" ] && id -u starling >/dev/null 2>&1; then
    chown -R starling:starling "$etc.new"
  fi
  mkdir -p "$etc"
  chmod 0700 "$etc"
  if [ -z "$root" ]; then
    chown --reference="$etc.new" "$etc"
  fi
  mv -f "$etc.new"/* "$etc/"
  rmdir "$etc.new"
}

# Before anything that this script needs goes away: from now on the system starts the node by itself.
start_by_itself() {
  mkdir -p "$units/multi-user.target.wants"
  if [ -e "$units/starling-node.service" ]; then
    ln -sf ../starling-node.service "$units/multi-user.target.wants/starling-node.service"
  fi
  sync
  flashed >"$installed"
  rm -f "$units/sysinit.target.wants/$anew" "$units/$anew"
  sync
}

# A FAT partition is readable by whoever holds the card.
take_secrets_off() {
  for secret in "$from/node.tar" "$boot/firstrun.sh" "$boot/custom.toml"; do
    [ ! -e "$secret" ] || overwrite "$secret" </dev/null
  done
  rm -f "$from/software.tar.gz" "$from/first-start.sh" "$from/FAILED.txt"
  rm -f "$boot/firstrun.sh" "$boot/custom.toml"
  # cloud-init has done what these say, and does it once for each instance-id only.
  if grep -qs 'Written by starling flash' "$boot/network-config"; then
    printf '# Done at first start.\nnetwork:\n  version: 2\n' | overwrite "$boot/network-config"
  fi
  if grep -qs 'Written by starling flash' "$boot/rpi-preseed.toml"; then
    text=$(sed 's/^password = .*/password = "<redacted>"/' "$boot/rpi-preseed.toml")
    printf '%s\n' "$text" | overwrite "$boot/rpi-preseed.toml"
  fi
  sync
  rm -f "$from/node.tar" # what brings this script back after a power cut goes last
  sync
  rm -f "$from/SHA256SUMS"
}

start() {
  rm -f "$units/multi-user.target.wants/$again" "$units/$again"
  rm -f "$root/usr/local/lib/starling/first-start.sh"
  if [ -e "$units/starling-node.service" ]; then
    [ -n "$root" ] || systemctl --no-block start starling-node.service
    say "this board is a node now; look at it with: starling-node status"
  else
    say "this board has a node's identity in /etc/starling, and no software to run it"
  fi
}

is_installed() { [ -e "$installed" ] && [ "$(cat "$installed")" = "$(flashed)" ]; }

if [ ! -e "$from/node.tar" ]; then
  say "nothing is left to be done"
  forget_command_line
  exit 0
fi
if ! is_installed; then
  come_back_after_a_power_cut # first of all: the sums take a while
  [ "${1-}" != arm ] || exit 0
  (cd "$from" && sha256sum --quiet -c SHA256SUMS) ||
    fail "what was flashed is damaged; flash this card again, or take another one"
  install_software
  install_system
  install_identity
  start_by_itself
fi
[ "${1-}" != arm ] || exit 0
forget_command_line # which names a script that goes away now
take_secrets_off
start
