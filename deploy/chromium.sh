#!/bin/sh
# Sees to a Chromium for the browser tests: the one that is there, else Debian's.
set -eu

for name in "${CHROMIUM:-}" chromium chromium-browser google-chrome google-chrome-stable; do
    if [ -n "$name" ] && command -v "$name" >/dev/null 2>&1; then
        exit
    fi
done

sudo=""
if [ "$(id -u)" -ne 0 ]; then
    if command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then
        sudo="sudo"
    else
        echo "No Chromium was found: the browser tests are skipped." >&2
        echo "To run them too: sudo apt-get install chromium (or set CHROMIUM to one)." >&2
        exit
    fi
fi
if ! command -v apt-get >/dev/null 2>&1; then
    echo "No Chromium was found: the browser tests are skipped. Set CHROMIUM to one." >&2
    exit
fi
echo "Installing Chromium for the browser tests…"
export DEBIAN_FRONTEND=noninteractive
$sudo apt-get update -qq || true
$sudo apt-get install -y -qq --no-install-recommends chromium >/dev/null ||
    echo "Chromium could not be installed: the browser tests are skipped." >&2
