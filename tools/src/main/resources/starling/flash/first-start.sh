#!/bin/sh
# Makes a freshly flashed board the node that its boot partition says. Whatever first-boot scheme
# the image has runs this once, as root; if the power goes before it is done, systemd runs it again
# at the next start. Every step can be done twice.
set -eu
root=${STARLING_ROOT-} # elsewhere than / to be tried out
boot=$root/boot/firmware
from=$boot/starling
home=$root/opt/starling
etc=$root/etc/starling
units=$root/etc/systemd/system
again=starling-first-start.service
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

# A command line that runs something once must not run it for ever.
forget_command_line() {
  if grep -q 'systemd\.run=' "$boot/cmdline.txt"; then
    sed 's/ systemd\.\(run[a-z_]*\|unit\)=[^ ]*//g' "$boot/cmdline.txt" >"$boot/cmdline.new"
    mv "$boot/cmdline.new" "$boot/cmdline.txt"
    sync
  fi
}

come_back_after_a_power_cut() {
  mkdir -p "$units/multi-user.target.wants" "$root/usr/local/lib/starling"
  cp "$from/first-start.sh" "$root/usr/local/lib/starling/first-start.sh"
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
  ln -sfn /run/starling/status.txt "$root/etc/issue.d/starling.issue"
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
  sync
}

# A FAT partition is readable by whoever holds the card.
take_secrets_off() {
  size=$(wc -c <"$from/node.tar")
  head -c "$size" /dev/zero | dd of="$from/node.tar" conv=notrunc,fsync 2>/dev/null
  rm -f "$from/software.tar.gz" "$from/first-start.sh" "$from/FAILED.txt"
  rm -f "$boot/firstrun.sh" "$boot/custom.toml"
  # cloud-init has done what these say, and does it once for each instance-id only.
  if grep -qs 'Written by starling flash' "$boot/network-config"; then
    printf '# Done at first start.\nnetwork:\n  version: 2\n' >"$boot/network-config"
  fi
  if grep -qs 'Written by starling flash' "$boot/rpi-preseed.toml"; then
    sed -i 's/^password = .*/password = "<redacted>"/' "$boot/rpi-preseed.toml"
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

if [ ! -e "$from/node.tar" ]; then
  say "nothing is left to be done"
  forget_command_line
  exit 0
fi
if [ ! -e "$installed" ] || [ "$(cat "$installed")" != "$(flashed)" ]; then
  # First of all: cloud-init notes that it has run this before it does, and the sums take a while.
  come_back_after_a_power_cut
  (cd "$from" && sha256sum --quiet -c SHA256SUMS) ||
    fail "what was flashed is damaged; flash this card again, or take another one"
  install_software
  install_system
  install_identity
  start_by_itself
fi
take_secrets_off
start
forget_command_line
