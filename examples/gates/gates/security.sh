#!/bin/sh
# Security gate: no credentials in the source. For images there is the action Invoke/InspectorScan.
set -u
if grep -rnE 'AKIA[0-9A-Z]{16}|-----BEGIN [A-Z ]*PRIVATE KEY-----' "$1"; then
  echo "security: credentials in the source, see above" >&2
  exit 1
fi
