#!/bin/sh
# Makes a folder with Debian unstable's Asterisk 22 LTS (Debian 12's archive has none), for the conformance tests
# and the benchmark. Needs root, mmdebstrap and a Debian archive; about half a minute and 360 MB, once.
set -eu

place=${SWITCHROOM_TEST_ASTERISK_ROOT:-/var/cache/switchroom/asterisk-22}
[ -x "$place/usr/sbin/asterisk" ] && exit 0
[ "$(id -u)" = 0 ] || { echo "scripts/asterisk-chroot.sh: needs root" >&2; exit 1; }
command -v mmdebstrap >/dev/null || { echo "scripts/asterisk-chroot.sh: needs mmdebstrap" >&2; exit 1; }

mkdir -p "$(dirname "$place")"
fresh=$(mktemp -d "$place.XXXXXX")
trap 'rm -rf "$fresh"' EXIT
echo "Installing Asterisk 22 into $place (about half a minute) ..."
mmdebstrap --quiet --variant=apt --aptopt='Acquire::Check-Valid-Until "false"' \
  --include=asterisk,asterisk-core-sounds-en-wav sid "$fresh"
chmod 755 "$fresh"
[ -e "$place" ] || mv "$fresh" "$place"
