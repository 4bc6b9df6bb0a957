# What checks of two nodes on one PostgreSQL server have in common. Sourced, never run; after lib.sh and postgres/server.sh.
#   BACTRIAN_COMMAND  what to run in place of the checkout's ./bactrian
# Whoever sources it says first what it is called: check=NAME. Its files are in $work, its logs in $logs.

: "${check:?set it to the name of the check}"
work=$PEER_WORK/$check
logs=$work/logs
passed=0
declare -a node_pid=() node_port=() node_management=() secrets=() model_ports=() command=("$CHECKOUT/bactrian")
[[ -z ${BACTRIAN_COMMAND:-} ]] || read -r -a command <<< "$BACTRIAN_COMMAND"

trap 'leave $?' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP
leave() {
  local status=$1 file port
  trap - EXIT
  set +e
  end_all
  if [[ $status -ne 0 ]]; then
    local -a files=("$logs"/*.log)
    for port in "${model_ports[@]}"; do
      files+=("$PEER_WORK/aimock-$port.log")
    done
    for file in "${files[@]}" "${postgres_folder:-/none}/log"; do
      [[ ! -s $file ]] || printf -- '--- %s\n%s\n' "$file" "$(tail -n 40 "$file" | cut -c 1-600)" >&2
    done
  fi
  [[ -z $postgres_folder ]] || rm -rf "$postgres_folder"
  printf '%s: %s passed, %s failed\n' "$check" "$passed" "$((status == 0 ? 0 : 1))"
  exit "$status"
}

# what this script has started ends with it, by process id, if need be by force
end_all() {
  if [[ ${#running[@]} -gt 0 ]]; then
    kill "${running[@]}" 2> /dev/null
    gone_within 15 "${running[@]}" || kill -KILL "${running[@]}" 2> /dev/null
  fi
  stop_postgres
}

ok() {
  passed=$((passed + 1))
  printf 'ok %s (after %s s): %s\n' "$passed" "$SECONDS" "$*"
}

now() { date +%s%3N; }

# within SECONDS COMMAND…: again and again until it succeeds
within() {
  local end=$((SECONDS + $1))
  shift
  until "$@"; do
    ((SECONDS < end)) || return 1
    sleep 0.1
  done
}

# end PID SECONDS NAME: by SIGTERM, which it has to obey in that time
end() {
  local status=0
  kill "$1" || fail "$3 has ended by itself"
  gone_within "$2" "$1" || fail "$3 does not end when it is told to"
  wait "$1" || status=$?
  no_longer_running "$1"
  [[ $status -eq 0 || $status -eq 143 ]] || fail "$3 ended with status $status"
}

# no_longer_running PID: its number may be somebody else's soon
no_longer_running() {
  local pid
  local -a others=()
  for pid in "${running[@]}"; do
    [[ $pid == "$1" ]] || others+=("$pid")
  done
  running=("${others[@]}")
}

# secret NAME: a random one, which is known when it is seen
secret() { printf 'bxcanary-%s-%s' "$1" "$(node -p 'crypto.randomBytes(16).toString("hex")')"; }

# json EXPRESSION: of the JSON document on standard input, which it calls 'it'
json() { node -p "const it = JSON.parse(require('fs').readFileSync(0, 'utf8')); $1"; }

# set_up: what a check needs before it starts anything
set_up() {
  local program
  for program in node curl openssl ps pgrep timeout; do
    command -v "$program" > /dev/null || fail "'$program' is missing; install it"
  done
  install_aimock
  find_postgres
  rm -rf "$work"
  mkdir -p "$logs"
  # it builds when it is used for the first time, which takes longer than any command may below
  timeout -k 5 900 "${command[@]}" --help > "$logs/commands.log" 2>&1 || fail 'the runnable does not run'
}

# --- commands ---------------------------------------------------------------------------------------------------------

# bactrian ARGUMENT…: a command, which may not take longer than it should even on a busy machine
bactrian() {
  printf '$ bactrian %s\n' "$*" >> "$logs/commands.log"
  timeout -k 5 90 "${command[@]}" "$@" 2>> "$logs/commands.log"
}

# with what it prints in the log
does() { bactrian "$@" >> "$logs/commands.log" || fail "'bactrian $*' ended with status $?"; }

# refuses ARGUMENT…: it has to end with status 1; prints what it has printed
refuses() {
  local status=0
  bactrian "$@" 2>&1 || status=$?
  [[ $status -eq 1 ]] || fail "'bactrian $*' ended with status $status, not 1"
}

# --- nodes ------------------------------------------------------------------------------------------------------------

start_node() {
  BACTRIAN_HOME=$work/node$1 "${command[@]}" run --port "${node_port[$1]}" --management-port "${node_management[$1]}" \
    >> "$logs/node$1.log" 2>&1 &
  node_pid[$1]=$!
  running+=($!)
}

# ready NODE: whether its probe says so
ready() { curl -fsS -o /dev/null --max-time 5 "http://127.0.0.1:${node_management[$1]}/health/ready" 2> /dev/null; }

await_node() { wait_for "http://127.0.0.1:${node_management[$1]}/health/ready" "${node_pid[$1]}" "$logs/node$1.log"; }

# instance FOLDER DATABASE PORT…: routes and settings of an installation whose store is that database, and which may call the
# models' servers at model_ports and what listens on further ports
instance() {
  local folder=$1 database=$2 allowed
  shift 2
  mkdir -p "$folder/config" "$folder/routes"
  cp -r "$CHECKOUT/config/providers" "$folder/config/providers"
  cp "$CHECKOUT/routes/chat.yaml" "$peers/aimock/instance/peer.yaml" "$folder/routes/"
  allowed=$(printf ',127.0.0.1:%s' "${model_ports[@]}" "$@")
  printf '%s\n' "bactrian.egress.allow=${allowed:1}" \
    "bactrian.store.url=jdbc:postgresql://127.0.0.1:$postgres_port/$database" 'bactrian.store.username=bactrian' \
    'bactrian.store.password={{env:BACTRIAN_STORE_PASSWORD}}' > "$folder/config/application.properties"
}
