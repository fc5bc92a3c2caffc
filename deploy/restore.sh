#!/bin/sh
# Puts a backup of deploy/backup.sh back: stop the site, run this, start the site.
#
#     deploy/restore.sh /backups/pharmakon-2026-01-31T0300.tar.gz
#
# What is there now is not lost: SQLite's file is kept beside the new one, and
# PostgreSQL changes all or nothing.
set -eu
umask 077

[ $# -eq 1 ] || { echo "usage: deploy/restore.sh FILE" >&2; exit 2; }
backup=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
cd "$(dirname "$0")/.."
. deploy/site-environment.sh

made=$(mktemp -d)
trap 'rm -rf "$made"' EXIT INT TERM
tar -xzf "$backup" -C "$made"
mkdir -p var

if [ -f "$made/db.sqlite3" ]; then
    database="${DATABASE_URL:-sqlite:///$PWD/var/db.sqlite3}"
    case "$database" in
        sqlite:///*) file="${database#sqlite:///}" ;;
        *) echo "This is a backup of SQLite, but DATABASE_URL names another database." >&2
           exit 1 ;;
    esac
    kept="$file.before-$(date -u +%Y-%m-%dT%H%M%S)"
    for end in "" -wal -shm; do
        [ ! -e "$file$end" ] || mv "$file$end" "$kept$end"
    done
    cp "$made/db.sqlite3" "$file"
elif [ -f "$made/db.dump" ]; then
    case "${DATABASE_URL:-}" in
        postgres*) ;;
        *) echo "This is a backup of PostgreSQL; DATABASE_URL must name one." >&2
           exit 1 ;;
    esac
    # Tables of a later version go too: they would stand in the way of its migrations.
    cat > "$made/restore.sql" <<'SQL'
DO $$
DECLARE found record;
BEGIN
    FOR found IN SELECT tablename FROM pg_tables WHERE schemaname = current_schema()
    LOOP EXECUTE format('DROP TABLE IF EXISTS %I CASCADE', found.tablename);
    END LOOP;
END $$;
SQL
    pg_restore --clean --if-exists --no-owner --file=- "$made/db.dump" \
        >> "$made/restore.sql"
    psql --quiet --no-psqlrc --set=ON_ERROR_STOP=1 --single-transaction \
        --output=/dev/null --dbname="$DATABASE_URL" --file="$made/restore.sql" \
        2> "$made/said" || { cat "$made/said" >&2; exit 1; }
else
    echo "$backup holds no database." >&2
    exit 1
fi
if [ -d "$made/dataset" ]; then
    rm -rf var/dataset
    cp -R "$made/dataset" var/dataset
fi
[ ! -f "$made/secret-key" ] || cp "$made/secret-key" var/secret-key
# Root restores for the service, which could not open what root owns.
if [ "$(id -u)" -eq 0 ]; then
    chown -R --reference=. var
    [ -z "${file:-}" ] || chown --reference="$(dirname "$file")" "$file"
fi
echo "Restored. The next start (make run) brings schema and index up to it."
