# Runs commands in a sandbox as they come: files $_fw/commands/ID.sh. Their output goes to ID.out and ID.err, and the exit
# code to ID.code once they are over. Files, so that Freeway may be restarted meanwhile.
_fw=/run/codebuild/commands
mkdir -p "$_fw"
cd "$CODEBUILD_SRC_DIR" || exit 1
trap 'exit 0' TERM
while :; do
  for _fw_file in "$_fw"/*.sh; do
    _fw_id=${_fw_file%.sh}
    [ -f "$_fw_file" ] && [ ! -f "$_fw_id.started" ] || continue
    : > "$_fw_id.started"
    (
      "$1" "$_fw_file" > "$_fw_id.out" 2> "$_fw_id.err" < /dev/null
      echo $? > "$_fw_id.new"
      mv "$_fw_id.new" "$_fw_id.code"
    ) &
  done
  sleep 0.1
done
