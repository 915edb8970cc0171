#!/bin/sh
# What a container of the platform does: serve (the default), worker, gateway, migrate, or any other command.
#
# serve    waits for the database, moves an empty or outdated schema to this image's revision, and serves. Servers that
#          start together migrate one after the other, under one lock in the database. With THEDATA_MIGRATE=false it
#          leaves the schema alone, and refuses to serve on an outdated one.
# worker   waits for the database and for the schema, and carries out runs.
# gateway  is Envoy, in front of the servers at THEDATA_UPSTREAM.
# migrate  waits for the database, migrates, and ends: for a job that runs before an upgrade.
#
# THEDATA_DATABASE_WAIT_SECONDS (120) bounds the wait for the database. Exit codes: 1 could not start, 4 the database
# was not there in time, 5 newer code made the schema.
set -eu

python=${THEDATA_PYTHON:-python}

say() {
    printf 'entrypoint: %s\n' "$*" >&2
}

# Sets `state` to 0 (current) or 3 (to be migrated); ends the container on anything else.
check_database() {
    state=0
    "$python" -m server schema --wait "${THEDATA_DATABASE_WAIT_SECONDS:-120}" || state=$?
    case $state in
        0) say 'the schema is current' ;;
        3) say 'the schema is to be migrated' ;;
        4) say 'the database is not there: see THEDATA_DATABASE_URL'; exit 4 ;;
        5) say 'newer code made the schema: use its image, or go down with it first'; exit 5 ;;
        *) exit "$state" ;;
    esac
}

command=${1:-serve}
[ $# -eq 0 ] || shift

case $command in
    serve)
        check_database
        if [ "$state" -eq 3 ] && [ "${THEDATA_MIGRATE:-true}" = true ]; then
            "$python" -m server migrate
            say 'migrated'
        fi
        # What was to be done is done: a server that comes back later never migrates behind the operator's back.
        THEDATA_MIGRATE=false exec "$python" -m server serve "$@"
        ;;
    worker)
        check_database
        exec "$python" -m server worker "$@"
        ;;
    gateway)
        exec "$python" -m server gateway --upstream "${THEDATA_UPSTREAM:-127.0.0.1:50051}" "$@"
        ;;
    migrate)
        check_database
        exec "$python" -m server migrate "$@"
        ;;
    *)
        exec "$command" "$@"
        ;;
esac
