#!/bin/sh
# A user and a database of its own for each service, so that neither can read the other's: whoever gets at chat's password
# gets at no password hash. The image of PostgreSQL runs this when its folder is empty. It may be run again, and then takes
# over databases that were made by somebody else:
#   docker compose exec postgres sh /docker-entrypoint-initdb.d/databases.sh
set -eu
: "${AUTH_DATABASE_PASSWORD:?must be set}" "${CHAT_DATABASE_PASSWORD:?must be set}"

make() {
  psql --no-psqlrc --quiet --tuples-only -v ON_ERROR_STOP=1 --username "${POSTGRES_USER:-postgres}" --dbname postgres \
    -v name="$1" -v password="$2" <<'SQL' >/dev/null
SELECT format('CREATE ROLE %I LOGIN', :'name') WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = :'name') \gexec
ALTER ROLE :"name" PASSWORD :'password';
SELECT format('CREATE DATABASE %I', :'name') WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = :'name') \gexec
ALTER DATABASE :"name" OWNER TO :"name";
REVOKE ALL ON DATABASE :"name" FROM PUBLIC;
\connect :"name"
SELECT format('ALTER SCHEMA %I OWNER TO %I', nspname, :'name') FROM pg_namespace WHERE nspname = :'name' \gexec
SELECT format('ALTER TABLE %s OWNER TO %I', oid::regclass, :'name') FROM pg_class
 WHERE relnamespace = to_regnamespace(:'name') AND relkind IN ('r', 'p') \gexec
SELECT format('ALTER ROUTINE %s OWNER TO %I', oid::regprocedure, :'name') FROM pg_proc
 WHERE pronamespace = to_regnamespace(:'name') \gexec
SQL
}

make auth "$AUTH_DATABASE_PASSWORD"
make chat "$CHAT_DATABASE_PASSWORD"
