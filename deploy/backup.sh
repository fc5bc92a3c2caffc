#!/bin/sh
# Writes everything that cannot be made again into one file: the database, what it was
# given of the dataset, the secret key. The site may go on serving.
#
#     deploy/backup.sh /backups            makes /backups/pharmakon-2026-01-31T0300.tar.gz
#
# The index and the static files are left out: `make run` makes them anew.
set -eu
umask 077

[ $# -eq 1 ] || { echo "usage: deploy/backup.sh FOLDER" >&2; exit 2; }
mkdir -p "$1"
target=$(cd "$1" && pwd)/pharmakon-$(date -u +%Y-%m-%dT%H%M).tar.gz
cd "$(dirname "$0")/.."
. deploy/site-environment.sh

made=$(mktemp -d)
trap 'rm -rf "$made"' EXIT INT TERM

case "${DATABASE_URL:-sqlite}" in
    sqlite*)
        database="${DATABASE_URL:-sqlite:///$PWD/var/db.sqlite3}"
        .venv/bin/python - "${database#sqlite:///}" "$made/db.sqlite3" <<'PYTHON'
import sqlite3
import sys
from pathlib import Path

source, target = sys.argv[1:]
if not Path(source).is_file():
    sys.exit(f"There is no database at {source}.")
with sqlite3.connect(target) as copy:
    sqlite3.connect(source).backup(copy)
PYTHON
        ;;
    *)
        pg_dump --format=custom --no-owner --file="$made/db.dump" "$DATABASE_URL"
        ;;
esac
for name in secret-key dataset; do
    [ ! -e "var/$name" ] || cp -R "var/$name" "$made/$name"
done
tar -czf "$target.part" -C "$made" .
mv "$target.part" "$target"
echo "$target"
