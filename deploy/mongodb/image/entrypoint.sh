#!/bin/bash
# PID 1 of the MongoDB container: prepares the data, starts PostgreSQL and then FerretDB, stops both in order.
#   /data                          the data; owned by the container's user
#   /run/secrets/mongodb-password  the password of the user "berth", read at each start
# Exit codes: 0 stopped by SIGTERM; 1 one of the two died (a restart policy brings it back); 78 someone has to mend something first.
set -uo pipefail
exec 2>&1

export PGDATA=/data/pg PGHOST=/run/postgresql PGUSER=postgres PGDATABASE=postgres
readonly major=18 template=/usr/share/berth/pg-template
readonly password_file=${MONGODB_PASSWORD_FILE:-/run/secrets/mongodb-password}
postgres_pid='' ferretdb_pid='' stopping=''

main() {
  trap 'stopping=1' TERM INT
  log "starting"
  read_password
  prepare_data
  start_postgres
  apply_settings
  start_ferretdb
  [[ $stopping ]] || wait -n
  stop
}

log() { printf '%(%F %T)T berth: %s\n' -1 "$*"; }

fail() {
  log "error: $*"
  exit 78
}

read_password() {
  [[ -r $password_file ]] || fail "the password file $password_file is missing or user $UID may not read it"
  password=$(<"$password_file")
  [[ $password ]] || fail "the password file $password_file is empty"
}

prepare_data() {
  [[ -w /data ]] || fail "user $UID may not write to the data folder"
  # a process number says nothing between containers, so PostgreSQL's own guard against a second server is replaced by this one
  exec 9> /data/lock
  flock --nonblock 9 || fail "another container is using this data folder"
  rm -rf /data/pg.new
  if [[ ! -e $PGDATA ]]; then
    log "first start: copying the empty database"
    cp -r "$template" /data/pg.new && chmod -R u=rwX,go= /data/pg.new && sync --file-system /data/pg.new && mv /data/pg.new "$PGDATA" || fail "the data folder cannot be filled (is the disk full?)"
  fi
  local found
  found=$(cat "$PGDATA/PG_VERSION" 2> /dev/null) || fail "/data/pg is no PostgreSQL data directory; move it away to start with an empty one"
  [[ $found == "$major" ]] || fail "the data is of PostgreSQL $found and this image has PostgreSQL $major; start the image that wrote it, or restore a backup"
  rm -f "$PGDATA/postmaster.pid"
}

start_postgres() {
  postgres -c config_file=/etc/berth/postgresql.conf -c hba_file=/etc/berth/pg_hba.conf &
  postgres_pid=$!
  until [[ $(tail -n 1 "$PGDATA/postmaster.pid" 2> /dev/null) == ready* ]]; do
    kill -0 "$postgres_pid" 2> /dev/null || { log "error: PostgreSQL did not start"; exit 1; }
    sleep 0.02
  done
}

# On standard input and not as arguments: the list of processes shows no password.
apply_settings() {
  psql --quiet --no-psqlrc --set=ON_ERROR_STOP=1 > /dev/null << SQL || { log "error: the password could not be set"; stopping=''; stop; }
\set password \`cat $password_file\`
ALTER ROLE berth PASSWORD :'password';
SELECT format('ALTER EXTENSION %I UPDATE', extname) FROM pg_extension JOIN pg_available_extensions ON name = extname
  WHERE extversion <> default_version ORDER BY pg_extension.oid \gexec
-- an update schedules them again; FerretDB builds indexes at once
SELECT cron.unschedule(jobid) FROM cron.job WHERE command LIKE '%build_index_concurrently%';
SQL
}

# DocumentDB chats about each new collection in PostgreSQL's log, and a client's errors are FerretDB's to report: of FerretDB's sessions
# only what ends them is logged.
start_ferretdb() {
  local options="pool_min_conns=1&pool_max_conns=20&pool_max_conn_idle_time=2m&options=-c%20log_min_messages%3Dfatal"
  GOMEMLIMIT=${GOMEMLIMIT:-48MiB} GOGC=${GOGC:-50} GOMAXPROCS=${GOMAXPROCS:-2} ferretdb \
    --listen-addr=0.0.0.0:27017 --debug-addr=- --telemetry=disable --log-level=warn --state-dir=/tmp \
    --postgresql-url="postgres:///postgres?host=$PGHOST&user=$PGUSER&$options" &
  ferretdb_pid=$!
  log "serving MongoDB's protocol on port 27017"
}

# FerretDB first, so that no client gets PostgreSQL's errors. It waits for its clients to leave, which those with a pool do not, and
# has no state of its own: after a second, in which requests that run get their answers, it is killed.
stop() {
  [[ $stopping ]] && log "stopping" || log "error: one of the two processes ended: stopping the other"
  if [[ $ferretdb_pid ]]; then
    [[ $stopping ]] && kill -TERM "$ferretdb_pid" 2> /dev/null && timeout 1 tail --pid="$ferretdb_pid" -s 0.05 -f /dev/null
    kill -KILL "$ferretdb_pid" 2> /dev/null
  fi
  trap '' TERM INT
  kill -INT "$postgres_pid" 2> /dev/null # "fast": ends sessions, then writes a checkpoint
  wait "$postgres_pid"
  local code=$?
  log "stopped"
  [[ $stopping && $code == 0 ]] && exit 0
  exit 1
}

main
