"""The files of an operator: units that start on a fresh machine, a proxy that is valid."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
from collections import defaultdict
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"
UNITS = ("pharmakon.service", "pharmakon-worker.service")
OPERATIONS = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")


def read_unit(name: str) -> dict[str, dict[str, list[str]]]:
    """Return a unit: {"Service": {"User": ["pharmakon"], …}}; a key may repeat."""
    sections: dict[str, dict[str, list[str]]] = {}
    section: dict[str, list[str]] = {}
    for line in (DEPLOY / name).read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            section = sections[line.strip("[]")] = defaultdict(list)
        elif line and not line.startswith("#"):
            key, _, value = line.partition("=")
            section[key].append(value)
    return sections


@pytest.mark.parametrize("name", UNITS)
def test_a_unit_starts_what_is_there(name: str) -> None:
    service = read_unit(name)["Service"]
    home = service["WorkingDirectory"][0]
    commands = [shlex.split(each) for each in service["ExecStart"]]
    commands += [shlex.split(each) for each in service["ExecStartPre"]]

    assert commands
    for program, *arguments in commands:
        assert program.startswith((f"{home}/.venv/bin/", "/bin/")), program
        for argument in arguments:
            if argument.startswith("deploy/") or argument.endswith(".py"):
                assert (ROOT / argument).is_file(), argument


@pytest.mark.parametrize("name", UNITS)
def test_what_a_unit_may_write_is_made_before_it_starts(name: str) -> None:
    """Systemd starts nothing whose writable folders are missing, as in a fresh clone."""
    writable = read_unit(name)["Service"]["ReadWritePaths"][0].split()
    (made,) = re.findall(r"^    (?:install|mkdir) .*", OPERATIONS, re.MULTILINE)

    assert "/srv/pharmakon/var" in writable
    for path in writable:
        assert path in made.split()


def test_both_units_are_locked_in_alike() -> None:
    first, second = (read_unit(name)["Service"] for name in UNITS)
    locks = [
        key
        for key in first
        if key.startswith(("Protect", "Restrict", "Private", "System", "Lock", "NoNew"))
    ]

    assert len(locks) > 15
    for key in (*locks, "CapabilityBoundingSet", "UMask", "User", "EnvironmentFile"):
        assert first[key] == second[key], key


@pytest.mark.skipif(
    shutil.which("systemd-analyze") is None, reason="systemd is not installed"
)
def test_systemd_takes_the_units(tmp_path: Path) -> None:
    for name in UNITS:
        text = (DEPLOY / name).read_text(encoding="utf-8")
        # It looks for each program; the environment is not made in a test.
        text = re.sub(r"/srv/pharmakon/\.venv/bin/\w+", "/bin/true", text)
        (tmp_path / name).write_text(text, encoding="utf-8")

    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *(tmp_path / name for name in UNITS)],
        capture_output=True,
        text=True,
        check=False,
    )
    about_ours = [line for line in done.stderr.splitlines() if "pharmakon" in line]

    assert not about_ours, done.stderr


@pytest.mark.skipif(shutil.which("caddy") is None, reason="Caddy is not installed")
def test_caddy_takes_its_file(tmp_path: Path) -> None:
    done = subprocess.run(
        ["caddy", "adapt", "--config", DEPLOY / "Caddyfile", "--validate"],
        env={**os.environ, "HOME": str(tmp_path), "XDG_DATA_HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr


def test_nothing_that_is_shipped_keeps_a_list_of_visits() -> None:
    """The page on privacy says so; who runs a site may decide otherwise."""
    caddy = (DEPLOY / "Caddyfile").read_text(encoding="utf-8")

    assert not re.search(r"^\s*log\b", caddy, re.MULTILINE)
    for name in ("Dockerfile", "gunicorn.conf.py", *UNITS):
        lines = (DEPLOY / name).read_text(encoding="utf-8").splitlines()
        assert not [line for line in lines if "access-logfile" in line and "=" in line]
        assert not [line for line in lines if line.startswith("accesslog")]


def test_the_container_gets_no_secrets_and_keeps_its_data() -> None:
    docker = (DEPLOY / "Dockerfile").read_text(encoding="utf-8")
    left_out = (ROOT / ".dockerignore").read_text(encoding="utf-8").split()
    copied = re.findall(r"^COPY (\S+) ", docker, re.MULTILINE)
    (volume,) = re.findall(r"^VOLUME (\S+)", docker, re.MULTILINE)
    (folder,) = re.findall(r"^WORKDIR (\S+)", docker, re.MULTILINE)

    assert {".git", ".venv", "var"} <= set(left_out)
    assert volume == f"{folder}/var"
    for path in copied:
        assert (ROOT / path).exists(), path


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """A folder whose `manage.py` prints what it was told."""
    folder = tmp_path / "house"
    (folder / "deploy").mkdir(parents=True)
    (folder / ".venv" / "bin").mkdir(parents=True)
    for name in ("manage.sh", "site-environment.sh"):
        shutil.copy(DEPLOY / name, folder / "deploy")
    python = folder / ".venv" / "bin" / "python"
    python.write_text('#!/bin/sh\necho "$@"\npwd\nenv\n')
    python.chmod(0o755)
    return folder


def manage(house: Path, told: str, **environment: str) -> str:
    (house / "told.env").write_text(told)
    done = subprocess.run(
        ["sh", house / "deploy" / "manage.sh", "check", "--deploy"],
        cwd="/",
        env={
            "PATH": "/usr/sbin:/usr/bin:/bin",
            "PHARMAKON_ENV": str(house / "told.env"),
            **environment,
        },
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


def test_a_command_is_told_what_the_service_is_told(house: Path) -> None:
    printed = manage(
        house,
        "# a comment\nSITE_URL=https://kb.example.org\n\n"
        'GUNICORN_CMD_ARGS="--bind 0.0.0.0:80 --preload"\n'
        "DATABASE_URL='postgres://a:b$c@h/d'\nnot a line\nX-Y=1\n"
        "SECRET_KEY=$(touch /tmp/never) `x` ; y",
    ).splitlines()

    assert printed[0] == "manage.py check --deploy"
    assert printed[1] == str(house)
    assert "SITE_URL=https://kb.example.org" in printed
    assert "GUNICORN_CMD_ARGS=--bind 0.0.0.0:80 --preload" in printed
    assert "DATABASE_URL=postgres://a:b$c@h/d" in printed
    assert "SECRET_KEY=$(touch /tmp/never) `x` ; y" in printed


def test_what_is_set_already_stays(house: Path) -> None:
    printed = manage(
        house, "DATABASE_URL=other\nDEBUG=1", DATABASE_URL="mine", DEBUG=""
    )

    assert "DATABASE_URL=mine" in printed.splitlines()
    assert "DEBUG=" in printed.splitlines()
    assert "DEBUG=1" not in printed.splitlines()
