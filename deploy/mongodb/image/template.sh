#!/bin/bash
# template.sh DIRECTORY: bakes the data directory that a new installation starts from, with the extension created. It has no password in it.
set -euo pipefail
PATH=/usr/lib/postgresql/18/bin:$PATH
export PGDATA=$1 PGHOST=/run/postgresql PGUSER=postgres

# the built-in locale sorts the same whatever C library a later image brings; small WAL files keep an installation small
initdb --username=postgres --auth=trust --encoding=UTF8 --locale-provider=builtin --locale=C.UTF-8 --wal-segsize=4 --data-checksums --no-instructions
pg_ctl --wait --options="-c config_file=/build/postgresql.conf -c hba_file=/build/pg_hba.conf" start
psql --quiet --set=ON_ERROR_STOP=1 --dbname=postgres <<'SQL'
CREATE EXTENSION documentdb CASCADE;
-- FerretDB builds indexes at once; these jobs would look for queued ones every two seconds
SELECT cron.unschedule(jobid) FROM cron.job WHERE command LIKE '%build_index_concurrently%';
CREATE ROLE berth LOGIN;
GRANT documentdb_admin_role TO berth;
VACUUM (FREEZE, ANALYZE);
CHECKPOINT;
SQL
pg_ctl --wait --mode=fast stop
rm -f "$PGDATA"/postmaster.opts "$PGDATA"/{postgresql,pg_hba,pg_ident}.conf
touch "$PGDATA"/pg_ident.conf
