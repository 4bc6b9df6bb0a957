# Functions of the peer checks. Sourced, never run. PEER_WORK is a folder for what they need, CHECKOUT the project.

peers=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
: "${CHECKOUT:=$(cd "$peers/../.." && pwd -P)}"
: "${PEER_WORK:?set it to a folder for temporary files}"
aimock_home=$PEER_WORK/aimock
declare -a running=()
# what is started here lives for seconds: compiling its code twice takes more time than it saves
short_lived='-XX:TieredStopAtLevel=1 -XX:+UseSerialGC'

# the same for commands, which take their classes from an archive where there is one
archive=$PEER_WORK/classes.jsa
commanding="$short_lived"
[[ ! -f $archive ]] || commanding+=" -XX:SharedArchiveFile=$archive"

fail() {
  printf 'peers: %s\n' "$*" >&2
  exit 1
}

# what this script started ends with it, by process id
stop_all() {
  local pid
  for pid in "${running[@]}"; do
    kill "$pid" 2> /dev/null || true
  done
  for pid in "${running[@]}"; do
    wait "$pid" 2> /dev/null || true
  done
  running=()
}

# aimock at the version and hash of package-lock.json, outside the tree
install_aimock() {
  local version
  version=$(node -p 'process.versions.node') || fail 'Node is missing: install 20.15 or newer'
  node -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 20 || (a === 20 && b >= 15) ? 0 : 1)' ||
    fail "Node $version is too old for aimock: install 20.15 or newer"
  [[ -f $aimock_home/node_modules/@copilotkit/aimock/dist/cli.js ]] && return
  mkdir -p "$aimock_home"
  cp "$peers/aimock/package.json" "$peers/aimock/package-lock.json" "$aimock_home/"
  (cd "$aimock_home" && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error) ||
    fail 'aimock cannot be installed: is the npm registry within reach?'
  node "$aimock_home/node_modules/@copilotkit/aimock/dist/aimock-cli.js" validate --strict "$peers/aimock/fixtures"
}

# archive_classes: leaves the classes of a command in the archive
archive_classes() {
  local home=$PEER_WORK/archived
  BACTRIAN_HOME=$home BACTRIAN_OPTS="$short_lived -Xlog:disable -XX:ArchiveClassesAtExit=$archive.new" \
    "$CHECKOUT/bactrian" tenant list > /dev/null || fail 'a command does not run'
  rm -rf "$home"
  [[ ! -f $archive.new ]] || mv "$archive.new" "$archive"
}

free_port() {
  node -e 'const s = require("net").createServer().listen(0, "127.0.0.1", () => { console.log(s.address().port); s.close(); })'
}

# start_aimock PORT KEYS [FIXTURES]: a server on loopback that refuses every other key and every request without a fixture.
# Fixtures of a check's own are taken as they are: a model's malformed arguments are none that aimock calls valid.
start_aimock() {
  local log=$PEER_WORK/aimock-$1.log fixtures=(-f "$peers/aimock/fixtures" --validate-on-load)
  [[ -z ${3:-} ]] || fixtures=(-f "$3")
  AIMOCK_API_KEYS=$2 node "$aimock_home/node_modules/@copilotkit/aimock/dist/cli.js" \
    -h 127.0.0.1 -p "$1" "${fixtures[@]}" --strict > "$log" 2>&1 &
  running+=($!)
  wait_for "http://127.0.0.1:$1/health" "$!" "$log"
}

# wait_for URL PID LOG: until it answers; fails with the log if the process ends or a minute is over
wait_for() {
  local i
  for ((i = 0; i < 300; i++)); do
    curl -fsS -o /dev/null --max-time 2 "$1" 2> /dev/null && return
    kill -0 "$2" 2> /dev/null || break
    sleep 0.2
  done
  cat "$3" >&2
  fail "nothing answers at $1"
}
