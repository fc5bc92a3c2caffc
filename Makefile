# The commands of the house. `make` alone lists them. Only make and Python 3.11 or
# later have to be there; everything else is put into .venv by deploy/environment.sh.

.DEFAULT_GOAL := help
.PHONY: help run test test-services pin-style messages bench lint format environment environment-dev

BIN := .venv/bin
PORT ?= 8000
export PORT
# Two test processes: the machines that we test on have two cores.
WORKERS ?= 2

help:
	@echo "make run             see the site on http://127.0.0.1:$(PORT) (PORT=9000 make run: another port)"
	@echo "make test            every test that needs no outside server"
	@echo "make test-services   the same tests on a real PostgreSQL"
	@echo "make bench           how fast and how good it is; writes bench/results/latest.json"
	@echo "make messages        gather the texts to translate and compile the translations"
	@echo "make lint            style, types and templates; changes nothing"
	@echo "make format          put the code into the house style"

environment:
	@sh deploy/environment.sh

environment-dev:
	@sh deploy/environment.sh dev

run: environment
	@$(BIN)/python -m deploy.prepare
	@exec $(BIN)/gunicorn --config deploy/gunicorn.conf.py config.wsgi:application

test: environment-dev
	@sh deploy/chromium.sh
	@$(BIN)/python -m pytest -n $(WORKERS) --dist loadscope --no-loadscope-reorder $(ARGS)

test-services: environment-dev
	@echo "OpenSearch: there is no engine for it yet, so there is nothing to test on it."
	@$(BIN)/python -m tests.services.postgresql \
		$(BIN)/python -m pytest -n $(WORKERS) --dist loadscope --no-loadscope-reorder --ignore=tests/browser $(ARGS)

pin-style: environment-dev
	@sh deploy/chromium.sh
	@PIN_STYLE=1 $(BIN)/python -m pytest tests/browser/test_style.py

# Needs GNU gettext. The compiled files are committed: who runs the site needs none.
messages: environment-dev
	@$(BIN)/django-admin makemessages -a --no-location --no-obsolete --no-wrap -i .venv -i var -i tests -i bench \
		-i "templates/admin/*" -i "templates/mfa/*" -i "templates/account/*" -i "templates/allauth/*" -i "templates/usersessions/*"
	@for file in locale/*/LC_MESSAGES/django.po; do msgfmt -c -o "$${file%.po}.mo" "$$file"; done

bench:
	@sh deploy/environment.sh bench
	@$(BIN)/python -m bench $(ARGS)

lint: environment-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/djlint --quiet --lint templates
	$(BIN)/mypy .

format: environment-dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
