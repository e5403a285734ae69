# Runs the phases of a build inside its container. What happens is noted in $_fw/events, one line each:
#   MILLIS start PHASE | MILLIS end PHASE CODE | MILLIS failed PHASE CODE N | MILLIS over
# so that Freeway can tell at any time, also after it was itself restarted, how far the build has come.
# Commands are files $_fw/PHASE/N and $_fw/PHASE.finally/N, read in order in this one shell.
_fw=/run/codebuild
_fw_say() { printf '[Container] %s %s\n' "$(date -u '+%Y/%m/%d %H:%M:%S.%6N')" "$*"; }
_fw_note() { printf '%s %s\n' "$(date +%s%3N)" "$*" >> "$_fw/events"; }

_fw_list() {
  for _fw_file in "$_fw/$1"/*; do
    [ -f "$_fw_file" ] || continue
    _fw_say "Running command $(cat "$_fw_file")"
    _fw_in=1
    eval "$(cat "$_fw_file")"
    _fw_code=$?
    _fw_in=
    if [ "$_fw_code" -ne 0 ]; then
      _fw_say "Command did not exit successfully $(cat "$_fw_file") exit status $_fw_code"
      _fw_note "failed $_fw_phase $_fw_code $1/${_fw_file##*/}"
      return "$_fw_code"
    fi
  done
  return 0
}

_fw_end_phase() {
  [ "$1" -eq 0 ] || export CODEBUILD_BUILD_SUCCEEDING=0
  _fw_list "$_fw_phase.finally"
  _fw_finally=$?
  [ "$1" -ne 0 ] || [ "$_fw_finally" -eq 0 ] || set -- "$_fw_finally"
  [ "$1" -eq 0 ] || export CODEBUILD_BUILD_SUCCEEDING=0
  if [ "$1" -eq 0 ]; then _fw_state=SUCCEEDED; else _fw_state=FAILED; fi
  _fw_note "end $_fw_phase $1"
  _fw_say "Phase complete: $_fw_phase State: $_fw_state"
  _fw_say "Phase context status code:  Message: "
  _fw_last=$1
}

_fw_run_phase() {
  _fw_phase=$1
  [ -d "$_fw/$_fw_phase" ] || { _fw_note "start $_fw_phase"; _fw_note "end $_fw_phase 0"; _fw_last=0; return; }
  _fw_note "start $_fw_phase"
  _fw_say "Entering phase $_fw_phase"
  _fw_list "$_fw_phase"
  _fw_end_phase $?
}

# Whether the build goes on to the phase after $1, which ended with code $2.
_fw_goes_on() {
  [ "$2" -eq 0 ] && return 0
  _fw_policy=
  [ -f "$_fw/$1.on-failure" ] && _fw_policy=$(cat "$_fw/$1.on-failure")
  [ "$_fw_policy" = CONTINUE ] && return 0
  [ "$_fw_policy" = ABORT ] && return 1
  # Without a policy only BUILD is followed by its next phase after a failure.
  [ "$1" = BUILD ]
}

_fw_finish() {
  : > "$_fw/exported.new"
  while IFS= read -r _fw_name; do
    [ -n "$_fw_name" ] && printf '%s=%s\0' "$_fw_name" "$(eval "printf '%s' \"\${$_fw_name-}\"")" >> "$_fw/exported.new"
  done < "$_fw/exported.names"
  mv "$_fw/exported.new" "$_fw/exported"
  _fw_note over
  _fw_in=
  exit 0
}

_fw_from() {
  for _fw_next in INSTALL PRE_BUILD BUILD POST_BUILD; do
    if [ -n "$_fw_skip" ]; then
      [ "$_fw_next" = "$_fw_skip" ] && _fw_skip=
      continue
    fi
    _fw_run_phase "$_fw_next"
    _fw_goes_on "$_fw_next" "$_fw_last" || break
  done
  _fw_finish
}

# A command that says `exit` ends this shell: the rest of the build goes on from here.
_fw_exited() {
  _fw_code=$?
  [ -n "$_fw_in" ] || return
  _fw_in=
  if [ "$_fw_code" -ne 0 ]; then
    _fw_say "Command did not exit successfully $(cat "$_fw_file") exit status $_fw_code"
    _fw_note "failed $_fw_phase $_fw_code ${_fw_file#"$_fw"/}"
  fi
  _fw_end_phase "$_fw_code"
  if _fw_goes_on "$_fw_phase" "$_fw_code"; then
    _fw_skip=$_fw_phase
    _fw_from
  fi
  _fw_finish
}

trap _fw_exited EXIT
_fw_in=
_fw_skip=
cd "$CODEBUILD_SRC_DIR" || exit 1
export CODEBUILD_BUILD_SUCCEEDING=1
_fw_from
