#!/bin/sh
# Puts the password of ARI where ari.conf reads it, then becomes Asterisk.
set -eu

umask 077
printf '[switchroom]\ntype=user\npassword=%s\n' "${ARI_PASSWORD:?is not set: the value of asterisk.password}" \
  > "${ASTERISK_ETC:-/etc/asterisk}/ari_user.conf"

exec asterisk -f -n "$@"
