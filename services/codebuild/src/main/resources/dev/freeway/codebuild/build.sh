# Runs the phases of a build inside its container. What happens is noted in $_fw/events, one line each:
#   MILLIS start PHASE | MILLIS end PHASE CODE | MILLIS failed PHASE CODE N | MILLIS over
# so that Freeway can tell at any time, also after it was itself restarted, how far the build has come.
# Commands are files $_fw/PHASE/N and $_fw/PHASE.finally/N, read in order in this one shell. Works in bash and in sh.
#   build.sh             the whole build
#   build.sh child LIST PHASE   one list of commands, as another user (run-as)
_fw=/run/codebuild
case $(date +%N) in *[!0-9]* | '') _fw_nano= ;; *) _fw_nano=1 ;; esac
_fw_say() {
  if [ -n "$_fw_nano" ]; then _fw_time=$(date -u '+%Y/%m/%d %H:%M:%S.%6N'); else _fw_time=$(date -u '+%Y/%m/%d %H:%M:%S.000000'); fi
  printf '[Container] %s %s\n' "$_fw_time" "$*"
}
_fw_note() {
  if [ -n "$_fw_nano" ]; then _fw_time=$(date +%s%3N); else _fw_time=$(date +%s)000; fi
  printf '%s %s\n' "$_fw_time" "$*" >> "$_fw/events"
}

_fw_failed() {
  _fw_say "Command did not exit successfully $(cat "$_fw_file") exit status $1"
  _fw_note "failed $_fw_phase $1 ${_fw_file#"$_fw"/}"
}

_fw_list() {
  if [ -n "$_fw_user" ]; then _fw_as_user "$1"; return; fi
  for _fw_file in "$_fw/$1"/*; do
    [ -f "$_fw_file" ] || continue
    _fw_say "Running command $(cat "$_fw_file")"
    # A syntax error would end the shell, in sh even without its EXIT trap.
    if "$_fw_shell" -n "$_fw_file"; then
      _fw_in=1
      eval "$(cat "$_fw_file")"
      _fw_code=$?
      _fw_in=
    else
      _fw_code=2
    fi
    if [ "$_fw_code" -ne 0 ]; then
      _fw_failed "$_fw_code"
      return "$_fw_code"
    fi
  done
  return 0
}

_fw_home() {
  while IFS=: read -r _fw_n _fw_x _fw_x _fw_x _fw_x _fw_h _fw_x; do
    [ "$_fw_n" = "$1" ] && printf '%s' "$_fw_h" && return
  done < /etc/passwd
}

# The environment, as commands that make it again in any shell.
_fw_exports() { (
  [ -z "$BASH_VERSION" ] || set -o posix
  export -p
); }

# Runs a list of commands as $_fw_user, in a shell that begins with this one's environment and folder and hands its own back.
_fw_as_user() {
  [ -d "$_fw/$1" ] || return 0
  set -- "$1" "$(cd "$_fw/$1" && echo *)"
  [ "$2" != '*' ] || return 0
  if ! id "$_fw_user" > /dev/null 2>&1; then
    _fw_say "There is no user $_fw_user in the build's image"
    _fw_note "failed $_fw_phase 1 $1/${2%% *}"
    return 1
  fi
  _fw_exports > "$_fw/user.env"
  pwd > "$_fw/user.pwd"
  : > "$_fw/user.after"
  rm -f "$_fw/user.over"
  chmod 666 "$_fw/events" "$_fw/user.env" "$_fw/user.pwd" "$_fw/user.after"
  chmod 777 "$_fw"
  su -s "$_fw_shell" "$_fw_user" -c "exec '$_fw_shell' '$_fw/build.sh' child '$1' '$_fw_phase' '$(_fw_home "$_fw_user")'"
  _fw_code=$?
  if [ -f "$_fw/user.over" ]; then
    _fw_h=$HOME
    eval "$(cat "$_fw/user.after")"
    export HOME="$_fw_h"
    cd "$(cat "$_fw/user.pwd")" || return 1
  else
    _fw_say "The commands could not be run as $_fw_user"
    [ "$_fw_code" -ne 0 ] || _fw_code=1
    _fw_note "failed $_fw_phase $_fw_code $1/${2%% *}"
  fi
  return "$_fw_code"
}

_fw_child_over() {
  _fw_code=$?
  [ -z "$_fw_in" ] || [ "$_fw_code" -eq 0 ] || _fw_failed "$_fw_code"
  _fw_in=
  _fw_exports > "$_fw/user.after"
  pwd > "$_fw/user.pwd"
  : > "$_fw/user.over"
  exit "$_fw_code"
}

# Runs what is to be run lastly in the phase, whose commands ended with code $1.
_fw_end_phase() {
  _fw_result=$1
  [ "$_fw_result" -eq 0 ] || export CODEBUILD_BUILD_SUCCEEDING=0
  _fw_lastly=1
  _fw_list "$_fw_phase.finally"
  _fw_close_phase $?
}

# Notes the end of the phase; what was to be run lastly ended with code $1.
_fw_close_phase() {
  _fw_lastly=
  [ "$_fw_result" -ne 0 ] || _fw_result=$1
  [ "$_fw_result" -eq 0 ] || export CODEBUILD_BUILD_SUCCEEDING=0
  if [ "$_fw_result" -eq 0 ]; then _fw_state=SUCCEEDED; else _fw_state=FAILED; fi
  _fw_note "end $_fw_phase $_fw_result"
  _fw_say "Phase complete: $_fw_phase State: $_fw_state"
  _fw_say "Phase context status code:  Message: "
  _fw_last=$_fw_result
}

_fw_run_phase() {
  _fw_phase=$1
  [ -d "$_fw/$_fw_phase" ] || { _fw_note "start $_fw_phase"; _fw_note "end $_fw_phase 0"; _fw_last=0; return; }
  _fw_note "start $_fw_phase"
  _fw_say "Entering phase $_fw_phase"
  _fw_user=
  [ ! -f "$_fw/$_fw_phase.user" ] || _fw_user=$(cat "$_fw/$_fw_phase.user")
  [ "$_fw_user" != "$(id -un 2> /dev/null)" ] || _fw_user=
  _fw_list "$_fw_phase"
  _fw_end_phase $?
  _fw_user=
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

# The text of a file with its variables and commands replaced.
_fw_filled() {
  eval "cat << _FW_END_OF_TEXT
$(cat "$1")
_FW_END_OF_TEXT"
}

# What is written with variables or commands in artifacts, reports and cache is worked out here, where they have their values.
_fw_expand() {
  mkdir -p "$_fw/expanded"
  for _fw_file in "$_fw/expand"/*; do
    [ -f "$_fw_file" ] || continue
    printf '%s' "$(_fw_filled "$_fw_file")" > "$_fw/expanded/${_fw_file##*/}"
  done
}

# Files that are wanted later and are not among the sources are copied out: the container's own files end with it.
_fw_carry() {
  for _fw_file in "$_fw/carry"/*; do
    [ -f "$_fw_file" ] || continue
    _fw_path=$(_fw_filled "$_fw_file")
    case $_fw_path in
      /codebuild/output/src | /codebuild/output/src/* | "$_fw"*) continue ;;
      /*) ;;
      *) continue ;;
    esac
    [ -e "$_fw_path" ] || continue
    mkdir -p "$_fw/carried${_fw_path%/*}" && cp -a "$_fw_path" "$_fw/carried${_fw_path%/*}/"
  done
}

_fw_finish() {
  : > "$_fw/exported.new"
  while IFS= read -r _fw_name; do
    [ -n "$_fw_name" ] && printf '%s=%s\0' "$_fw_name" "$(eval "printf '%s' \"\${$_fw_name-}\"")" >> "$_fw/exported.new"
  done < "$_fw/exported.names"
  mv "$_fw/exported.new" "$_fw/exported"
  _fw_in=
  _fw_expand
  _fw_carry
  _fw_note over
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

# A command that says `exit` ends this shell: the rest of the build goes on in a copy of it, where commands may exit again.
_fw_exited() {
  _fw_code=$?
  [ -n "$_fw_in" ] || return
  _fw_in=
  (
    trap _fw_exited EXIT
    _fw_after_exit "$_fw_code"
  )
  exit $?
}

_fw_after_exit() {
  [ "$1" -eq 0 ] || _fw_failed "$1"
  if [ -n "$_fw_lastly" ]; then _fw_close_phase "$1"; else _fw_end_phase "$1"; fi
  if _fw_goes_on "$_fw_phase" "$_fw_last"; then
    _fw_skip=$_fw_phase
    _fw_from
  fi
  _fw_finish
}

_fw_shell=$(cat "$_fw/shell")
_fw_in=
_fw_lastly=
_fw_skip=
_fw_user=
if [ "$1" = child ]; then
  _fw_list_name=$2
  _fw_phase=$3
  _fw_own_home=$4
  set --
  eval "$(cat "$_fw/user.env")"
  [ -z "$_fw_own_home" ] || export HOME="$_fw_own_home"
  cd "$(cat "$_fw/user.pwd")" || exit 1
  trap _fw_child_over EXIT
  _fw_list "$_fw_list_name"
  exit $?
fi
trap _fw_exited EXIT
: >> "$_fw/events"
[ ! -d "$_fw/restore" ] || cp -a "$_fw/restore/." /
cd "$CODEBUILD_SRC_DIR" || exit 1
export CODEBUILD_BUILD_SUCCEEDING=1
_fw_from
