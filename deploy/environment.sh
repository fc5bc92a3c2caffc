#!/bin/sh
# Makes .venv and installs what is pinned: requirements.txt, or with the argument `dev`
# requirements-dev.txt, or with `bench` requirements-bench.txt; each holds all of the one
# before at the same versions. Does nothing while neither Python nor the pins have
# changed. Wants venv and pip, nothing else.
set -eu
cd "$(dirname "$0")/.."

what="${1:-run}"
steps=6  # of `make run`; the other four are in deploy/prepare.py
[ "$what" = run ] || steps=2
venv=.venv

say() { printf '%s\n' "$*"; }
stop() { printf '%s\n' "$*" >&2; exit 1; }

is_new_enough() {
    "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null
}

find_python() {
    for name in ${PYTHON:-python3 python3.13 python3.12 python3.11}; do
        if is_new_enough "$name"; then
            say "$name"
            return
        fi
    done
}

if ! is_new_enough "$venv/bin/python"; then
    python=$(find_python)
    [ -n "$python" ] || stop "Python 3.11 or later is needed and was not found.
On Debian and Ubuntu: sudo apt-get install python3 python3-venv"
    say "1/$steps Making the environment in $venv…"
    "$python" -c 'import ensurepip, venv' 2>/dev/null || stop \
        "Python's venv module is missing. On Debian and Ubuntu:
sudo apt-get install python3-venv    and then the same command again."
    # Emptied, not removed: under systemd the folder itself cannot be.
    "$python" -m venv --clear "$venv" || stop "The environment could not be made in $venv."
else
    say "1/$steps The environment is there."
fi

pins=requirements.txt
size="80 MB to fetch, half a minute"
if [ "$what" = dev ]; then
    pins=requirements-dev.txt
    size="200 MB to fetch, a minute"
fi
if [ "$what" = bench ]; then
    pins=requirements-bench.txt
    size="280 MB to fetch, a minute and a half"
fi
wanted=$(cksum < "$pins")
stamp="$venv/installed-$what"

if [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$wanted" ]; then
    say "2/$steps The libraries are installed."
    exit
fi
say "2/$steps Installing the libraries: about $size…"
rm -f "$stamp"
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check \
    --no-input --require-hashes --requirement "$pins" ||
    stop "The libraries could not be installed; what pip says stands above."
# A server without a screen lacks two libraries that the drawing of structures wants.
"$venv/bin/python" -c "from rdkit.Chem.Draw import rdMolDraw2D" 2>/dev/null || stop \
    "Structures cannot be drawn, since two libraries of the system are missing.
On Debian and Ubuntu: sudo apt-get install libxrender1 libxext6    and then the same
command again."
say "$wanted" > "$stamp"
if [ "$what" != run ]; then
    cksum < requirements.txt > "$venv/installed-run"
fi
if [ "$what" = bench ]; then
    cksum < requirements-dev.txt > "$venv/installed-dev"
fi
