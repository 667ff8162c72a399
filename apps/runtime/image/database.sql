-- The app's database, its owner, and what only a superuser can give it. Parse Server's role is no superuser.
ALTER DATABASE postgres RENAME TO app;
CREATE ROLE app LOGIN CONNECTION LIMIT 20;
ALTER DATABASE app OWNER TO app;
-- a query that runs for ever, or a transaction that somebody forgot, must not hold the app up
ALTER ROLE app SET statement_timeout = '120s';
ALTER ROLE app SET idle_in_transaction_session_timeout = '60s';
\connect app
CREATE EXTENSION postgis;
CREATE SCHEMA berth AUTHORIZATION app;
-- what the runtime remembers about the database, so that a backup carries it
CREATE TABLE berth.state (key text PRIMARY KEY, value text NOT NULL);
ALTER TABLE berth.state OWNER TO app;
