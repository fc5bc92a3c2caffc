#!/bin/sh
# Runs a command of manage.py as the service runs: in its folder, as its user, with what
# /etc/pharmakon.env says.
#
#     deploy/manage.sh createsuperuser
set -eu
cd "$(dirname "$0")/.."
. deploy/site-environment.sh
as_owner .venv/bin/python manage.py "$@"
