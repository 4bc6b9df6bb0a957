# A PostgreSQL server of this check's own. Sourced, never run. Needs ../lib.sh.

postgres_bin=''    # the folder of its programs
postgres_folder='' # its data, and its log
postgres_port=''
postgres_pid=''
admin_password=''
declare -a as_server=() # words in front of a program that is to run as the server's user

# alive PID: whether that process is there and no mere remainder that nobody has asked for
alive() {
  local state
  state=$(ps -o stat= -p "$1" 2> /dev/null) || return 1
  [[ -n $state && $state != Z* ]]
}

# gone_within SECONDS PID…: waits until none of them is there. In a trap, 'return' alone would give an older status.
gone_within() {
  local end=$((SECONDS + $1)) pid left=yes
  shift
  while [[ $left == yes ]]; do
    left=no
    for pid in "$@"; do
      ! alive "$pid" || left=yes
    done
    [[ $left == no ]] && return 0
    ((SECONDS < end)) || return 1
    sleep 0.1
  done
}

# usable FOLDER: whether it has all programs that are needed, of version 15 or newer
usable() {
  local program version
  for program in initdb postgres psql pg_isready pg_dump pg_restore; do
    [[ -x $1/$program ]] || return 1
  done
  version=$("$1/postgres" --version | sed -n 's/^postgres (PostgreSQL) \([0-9]*\).*/\1/p')
  [[ ${version:-0} -ge 15 ]]
}

# the folder of the programs on the path, or else of the newest ones installed
look_for_postgres() {
  local program folder
  if program=$(command -v postgres); then
    folder=$(dirname "$(readlink -f "$program")")
    if usable "$folder"; then
      printf '%s\n' "$folder"
      return
    fi
  fi
  while IFS= read -r folder; do
    if usable "$folder"; then
      printf '%s\n' "$folder"
      return
    fi
  done < <(find /usr/lib/postgresql /usr/local/pgsql -maxdepth 2 -name bin 2> /dev/null | sort -rV)
  return 1
}

find_postgres() {
  if postgres_bin=$(look_for_postgres); then
    return
  fi
  if [[ $(id -u) == 0 ]] && command -v apt-get > /dev/null; then
    # its programs alone: no server that runs, and none that starts with the machine
    mkdir -p /etc/postgresql-common
    [[ -e /etc/postgresql-common/createcluster.conf ]] ||
      echo 'create_main_cluster = false' > /etc/postgresql-common/createcluster.conf
    timeout -k 5 300 apt-get update -qq >&2 &&
      DEBIAN_FRONTEND=noninteractive timeout -k 5 300 apt-get install -qq -y --no-install-recommends \
        -o Dpkg::Options::=--force-confold postgresql >&2 || true
    if postgres_bin=$(look_for_postgres); then
      return
    fi
  fi
  fail 'no PostgreSQL 15 or newer found: install one with its client programs'
}

# The server refuses to run as root.
choose_user() {
  local user
  [[ $(id -u) == 0 ]] || return 0
  command -v setpriv > /dev/null || fail "'setpriv' is missing: install util-linux, or run as another user than root"
  for user in postgres nobody; do
    if id -u "$user" > /dev/null 2>&1; then
      as_server=(setpriv --reuid "$user" --regid "$(id -g "$user")" --clear-groups)
      return
    fi
  done
  fail 'there is no user postgres and no user nobody that the server could run as'
}

# A folder that the server's user can reach: the one for temporary files may be in the home of somebody else.
make_folder() {
  local parent
  for parent in "${TMPDIR:-/tmp}" /tmp /var/tmp; do
    postgres_folder=$(mktemp -d "$parent/bactrian-postgres.XXXXXX" 2> /dev/null) || continue
    if [[ ${#as_server[@]} -gt 0 ]]; then
      chown "$("${as_server[@]}" id -u):$("${as_server[@]}" id -g)" "$postgres_folder"
    fi
    "${as_server[@]}" test -w "$postgres_folder" && return
    rm -rf "$postgres_folder"
  done
  postgres_folder=''
  fail 'there is no folder for temporary files that the server can reach'
}

# make_postgres: a new server's data, on loopback only, every commit on disk before it is told
make_postgres() {
  choose_user
  make_folder
  admin_password=$(secret admin)
  (umask 077 && printf '%s\n' "$admin_password" > "$postgres_folder/admin")
  [[ ${#as_server[@]} -eq 0 ]] || chown --reference="$postgres_folder" "$postgres_folder/admin"
  (cd / && clean_environment timeout -k 5 120 "${as_server[@]}" "$postgres_bin/initdb" --pgdata="$postgres_folder/data" \
    --username=admin --pwfile="$postgres_folder/admin" --auth=scram-sha-256 --encoding=UTF8 --locale=C --data-checksums) \
    > "$postgres_folder/initdb.log" 2>&1 || {
    cat "$postgres_folder/initdb.log" >&2
    fail 'the server cannot be set up'
  }
  rm "$postgres_folder/admin"
  postgres_port=$(free_port)
  printf '%s\n' "listen_addresses = '127.0.0.1'" "port = $postgres_port" "unix_socket_directories = ''" \
    "password_encryption = 'scram-sha-256'" 'fsync = on' 'synchronous_commit = on' 'full_page_writes = on' \
    'track_commit_timestamp = on' >> "$postgres_folder/data/postgresql.conf"
}

# what is secret here is not in the server's environment
clean_environment() {
  env -i PATH="$PATH" LC_ALL=C "$@"
}

start_postgres() {
  local i
  (cd / && exec env -i PATH="$PATH" LC_ALL=C "${as_server[@]}" "$postgres_bin/postgres" -D "$postgres_folder/data") \
    >> "$postgres_folder/log" 2>&1 &
  postgres_pid=$!
  for ((i = 0; i < 300; i++)); do
    "$postgres_bin/pg_isready" -q -h 127.0.0.1 -p "$postgres_port" -t 2 && return
    alive "$postgres_pid" || break
    sleep 0.1
  done
  fail 'PostgreSQL does not start'
}

# As a crash: the server and whatever it has started end at once, with nothing written that was not.
kill_postgres() {
  local -a all
  disown "$postgres_pid" # or the shell would tell of its end
  kill -STOP "$postgres_pid" # nothing new is started meanwhile
  mapfile -t all < <(pgrep -P "$postgres_pid")
  kill -KILL "$postgres_pid" "${all[@]}"
  gone_within 10 "$postgres_pid" "${all[@]}" || return 1
  wait "$postgres_pid" 2> /dev/null || true
  postgres_pid=''
  return 0
}

# ends the server in order, or by force if it does not
stop_postgres() {
  local pid=$postgres_pid
  [[ -n $pid ]] || return 0
  kill -INT "$pid" 2> /dev/null || true
  gone_within 30 "$pid" || {
    kill_postgres
    return 1
  }
  postgres_pid=''
  wait "$pid" 2> /dev/null || return 1
  return 0
}

# psql DATABASE ARGUMENT…: as the superuser, commands from standard input
admin_sql() {
  local database=$1
  shift
  PGPASSWORD=$admin_password PGCONNECT_TIMEOUT=10 timeout -k 5 30 "$postgres_bin/psql" -X -w -q -v ON_ERROR_STOP=1 \
    -h 127.0.0.1 -p "$postgres_port" -U admin -d "$database" "$@"
}

# as_bactrian PROGRAM ARGUMENT…: a client program with the product's login
as_bactrian() {
  local program=$1
  shift
  PGPASSWORD=$BACTRIAN_STORE_PASSWORD PGCONNECT_TIMEOUT=10 timeout -k 5 60 "$postgres_bin/$program" -w \
    -h 127.0.0.1 -p "$postgres_port" -U bactrian "$@"
}

# create_databases NAME…: with a login that owns them and may do nothing else
create_databases() {
  local database
  # the password is in no argument: others could see those
  printf '%s\n' '\getenv password BACTRIAN_STORE_PASSWORD' \
    "CREATE ROLE bactrian LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD :'password';" | admin_sql postgres
  for database in "$@"; do
    printf '%s\n' 'CREATE DATABASE :"database" OWNER bactrian;' 'REVOKE ALL ON DATABASE :"database" FROM PUBLIC;' |
      admin_sql postgres -v database="$database"
  done
}
