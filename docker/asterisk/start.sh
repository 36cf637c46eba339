#!/bin/sh
# Puts the password where ari.conf and manager.conf read it, then becomes Asterisk.
set -eu

umask 077
password="${ARI_PASSWORD:?is not set: the value of asterisk.password}"
etc="${ASTERISK_ETC:-/etc/asterisk}"
printf '[switchroom]\ntype=user\npassword=%s\n' "$password" > "$etc/ari_user.conf"
printf '[switchroom](switchroom-reader)\nsecret=%s\n' "$password" > "$etc/manager_user.conf"

exec asterisk -f -n "$@"
