#!/bin/sh
# Style gate: no tabs, no trailing blanks, and every script parses.
set -u
bad=0
for file in $(find "$1" -type f); do
  if grep -n "$(printf '\t')" "$file"; then echo "style: $file has tabs" >&2; bad=1; fi
  if grep -nE ' +$' "$file"; then echo "style: $file has trailing blanks" >&2; bad=1; fi
  case $file in *.sh) sh -n "$file" || { echo "style: $file does not parse" >&2; bad=1; } ;; esac
done
exit $bad
