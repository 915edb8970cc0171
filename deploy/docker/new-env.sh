#!/bin/sh
# Prints a new .env for compose.yaml: the keys and passwords of a new installation. Keep a copy: without the master key
# stored secrets can't be opened.
set -eu

hex() {
    od -An -N "$1" -tx1 /dev/urandom | tr -d ' \n'
}

cat <<EOF
THEDATA_MASTER_KEY=$(head -c 32 /dev/urandom | base64 | tr -d '\n')
THEDATA_POSTGRES_PASSWORD=$(hex 24)
THEDATA_CLICKHOUSE_PASSWORD=$(hex 24)
THEDATA_ADMIN_EMAIL=${1:-admin@example.com}
THEDATA_ADMIN_PASSWORD=$(hex 12)
EOF
