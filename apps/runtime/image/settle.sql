-- Small and settled: every new runtime copies it.
UPDATE pg_database SET datistemplate = false WHERE datname = 'template0';
DROP DATABASE template0;
VACUUM FULL;
ANALYZE;
CHECKPOINT;
