# A Debian tree for arm64 without an emulator: packages are configured by this machine's own processor,
# in a tree of its own architecture, and then all files that are of an architecture are exchanged.
# What configuring leaves (users, enabled units, compiled Python, rights) is the same for both. Sourced
# after arm64-packages.sh; needs root.

without_docs='--exclude=./usr/share/man/* --exclude=./usr/share/doc/* --exclude=./usr/share/locale/*'

# $1 becomes the tree, with packages $2 (a,b,c).
configured_tree() {
  mmdebstrap --format=directory --mode=root --variant=minbase --include="$2" \
    --aptopt='Apt::Install-Recommends "false"' --dpkgopt='path-exclude=/usr/share/man/*' \
    --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-exclude=/usr/share/locale/*' \
    "$suite" "$1" "deb [signed-by=$keyring] $mirror $suite main" >>"$log" 2>&1
}

# The packages in tree $1 whose files are of an architecture.
of_an_architecture() {
  dpkg-query --admindir="$1/var/lib/dpkg" -W -f '${Architecture} ${Package}\n' | awk '$1 != "all" { print $2 }'
}

# Takes this machine's files out of tree $1 and those of arm64 in, from $apt/debs.
exchange() {
  native=$(dpkg --print-architecture)
  [ "$native" != arm64 ] || return 0
  info=$1/var/lib/dpkg/info
  given=$apt/rights # what was given to users and groups when it was configured
  find "$1" -xdev \( ! -user root -o ! -group root -o -perm /6000 \) ! -type l -printf '%U:%G %m %P\n' >"$given"
  of_an_architecture "$1" >"$apt/names"
  while read -r name; do
    cat "$info/$name.list" 2>/dev/null || cat "$info/$name:$native.list"
  done <"$apt/names" | sed -n 's,^/,,; /^etc\//!p' | (cd "$1" && xargs -d '\n' rm -f -- 2>/dev/null) || true
  while read -r name; do
    deb=$(echo "$apt/debs/${name}"_*.deb)
    # shellcheck disable=SC2086
    dpkg-deb --fsys-tarfile "$deb" | tar -x -C "$1" --keep-directory-symlink $without_docs --exclude='./etc/*'
    registered "$deb" "$name" "$info"
  done <"$apt/names"
  sed -i "s/^Architecture: $native\$/Architecture: arm64/" "$1/var/lib/dpkg/status"
  while read -r owner mode name; do
    [ ! -e "$1/$name" ] || { chown "$owner" "$1/$name" && chmod "$mode" "$1/$name"; }
  done <"$given"
  find "$1" -xdev -depth -path "*$(uname -m)-linux-gnu*" -delete
  qemu-aarch64-static "$1/usr/sbin/ldconfig" -r "$1" 2>>"$log"
}

# Says in dpkg's records $3 what package $2 has now.
registered() {
  as=$2
  [ -e "$3/$2.list" ] || as=$2:arm64
  for old in "$3/$2:$native".*; do
    [ ! -e "$old" ] || mv "$old" "$3/$as.${old##*.}"
  done
  dpkg-deb --fsys-tarfile "$1" | tar -t | sed 's,^\.,,; s,/$,,; s,^$,/.,' >"$3/$as.list"
  dpkg-deb -I "$1" md5sums >"$3/$as.md5sums" 2>/dev/null || rm -f "$3/$as.md5sums"
}
