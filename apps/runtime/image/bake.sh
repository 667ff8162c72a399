#!/bin/sh
# Makes what every boot would otherwise do again: a data directory with PostGIS and Parse's schema, and V8's compiled code. The runtime
# itself runs for it, as it will: PID 1, PostgreSQL, Node, the admin socket.
set -eu
bin=/usr/lib/postgresql/17/bin
template=/usr/local/share/berth/pgdata
as_postgres() { setpriv --reuid=5432 --regid=5432 --clear-groups "$@"; }

fresh_volume() {
  rm -rf /data /run/berth /run/postgresql /run/app
  mkdir -p /data/pg /data/app /data/config /run/berth /run/postgresql /run/app
  chown 5432:5432 /data/pg /run/postgresql && chmod 700 /data/pg && chmod 755 /run/postgresql
  chown 1337:1337 /data/app /run/app && chmod 700 /data/app /run/app
  chown 0:1337 /data/config && chmod 2750 /data/config
}

run_runtime() { # what to do with it while it runs
  fresh_volume
  berth-init > /build/log 2>&1 &
  pid=$!
  if ! node /build/exercise.mjs "$@"; then tail -40 /build/log >&2; exit 1; fi
  kill -TERM $pid
  if ! wait $pid; then cat /build/log >&2; exit 1; fi
}

# 1. an empty database
fresh_volume
mkdir -p $template && chown 5432:5432 $template && chmod 700 $template
as_postgres $bin/initdb --pgdata=$template --username=postgres --encoding=UTF8 --locale=C.UTF-8 --wal-segsize=1 \
  --no-sync --no-instructions --auth=peer > /build/log
cp /build/postgresql.conf /build/pg_hba.conf /build/pg_ident.conf $template/
chown 5432:5432 $template/*.conf && chmod 600 $template/*.conf
as_postgres $bin/pg_ctl --pgdata=$template --wait --log=/tmp/pg.log start > /build/log
as_postgres $bin/psql --quiet --set=ON_ERROR_STOP=1 --dbname=template1 --file=/build/database.sql
as_postgres $bin/pg_ctl --pgdata=$template --mode=fast --wait stop > /build/log

# 2. Parse's schema in it
install -d -o 1337 -g 1337 /srv/runtime/cache
mv /srv/runtime/cache /build/no-cache
run_runtime --rounds=1
rm -rf $template
as_postgres $bin/pg_ctl --pgdata=/data/pg/data --wait --log=/tmp/pg.log start > /build/log
as_postgres $bin/psql --quiet --set=ON_ERROR_STOP=1 --dbname=app --file=/build/settle.sql
as_postgres $bin/pg_ctl --pgdata=/data/pg/data --mode=fast --wait stop > /build/log
rm -f /data/pg/data/postmaster.opts /data/pg/data/postmaster.pid
cp -a /data/pg/data $template

# 3. compiled code, of a boot and of the usual requests; the user of the cache is part of its name
mv /build/no-cache /srv/runtime/cache
run_runtime --rounds=3
[ "$(find /srv/runtime/cache -type f | wc -l)" -ge 1 ] || { echo 'no compile cache was written' >&2; exit 1; }
chown -R 0:0 /srv/runtime && chmod -R a+rX,go-w /srv/runtime
rm -rf /data /run/berth /run/postgresql /run/app /tmp/pg.log
mkdir -p /data /run/berth /run/postgresql /run/app
echo "data directory $(du -sm $template | cut -f1) MB, compile cache $(du -sm /srv/runtime/cache | cut -f1) MB"
