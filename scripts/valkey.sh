#!/bin/sh
# Puts Debian unstable's Valkey (Debian 12's archive has none) into a folder of its own with the libraries that it was
# built for, for the conformance tests of routing's state. Needs root, mmdebstrap and a Debian archive; about 15 seconds
# and 60 MB, once. It runs from there without a chroot.
set -eu

place=${SWITCHROOM_TEST_VALKEY_ROOT:-/var/cache/switchroom/valkey}
[ -x "$place/valkey-server" ] && exit 0
[ "$(id -u)" = 0 ] || { echo "scripts/valkey.sh: needs root" >&2; exit 1; }
command -v mmdebstrap >/dev/null || { echo "scripts/valkey.sh: needs mmdebstrap" >&2; exit 1; }

mkdir -p "$(dirname "$place")"
fresh=$(mktemp -d "$place.XXXXXX")
trap 'rm -rf "$fresh"' EXIT
echo "Putting Valkey into $place (about 15 seconds) ..."
mmdebstrap --quiet --variant=extract --aptopt='Acquire::Check-Valid-Until "false"' \
  --include=valkey-server sid "$fresh"
chmod 755 "$fresh"
cat >"$fresh/valkey-server" <<'END'
#!/bin/sh
here=$(dirname "$0")
set -- "$here/usr/bin/valkey-server" "$@"
for loader in "$here"/usr/lib/*/ld-linux*.so.*; do
  exec "$loader" --library-path "$(dirname "$loader")" "$@"
done
END
chmod 755 "$fresh/valkey-server"
[ -e "$place" ] || mv "$fresh" "$place"
