"""Runs a command beside a PostgreSQL of its own, thrown away afterwards.

    python -m tests.services.postgresql python -m pytest

The command finds it in DATABASE_URL. The server listens on a socket in a temporary
folder and on a free port of 127.0.0.1, and stops with the command.
"""

from __future__ import annotations

import os
import pwd
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

MISSING = (
    "PostgreSQL is not installed, so its tests are skipped."
    " On Debian and Ubuntu: sudo apt-get install postgresql"
)
# Nothing of it has to outlive the tests.
QUICK = (
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "max_connections=40",
)


def main(command: Sequence[str]) -> int:
    programs = find_programs()
    if programs is None:
        print(MISSING)
        # Where the checks decide, a skipped check would be a silent one.
        return 1 if os.environ.get("CI") == "true" else 0
    with serving(programs) as address:
        print(f"PostgreSQL: {version_of(programs)}", flush=True)
        environment = {**os.environ, "DATABASE_URL": address}
        return subprocess.run(command, env=environment, check=False).returncode


def find_programs() -> Path | None:
    """Return the folder of the newest `initdb` and `postgres`; None if there is none."""
    found = [
        folder
        for folder in Path("/usr/lib/postgresql").glob("*/bin")
        if (folder / "initdb").exists() and (folder / "postgres").exists()
    ]
    if found:
        return max(found, key=lambda folder: float(folder.parent.name))
    on_path = shutil.which("initdb")
    return Path(on_path).resolve().parent if on_path else None


def version_of(programs: Path) -> str:
    said = subprocess.run(
        [programs / "postgres", "--version"], capture_output=True, text=True, check=True
    )
    return said.stdout.strip()


@contextmanager
def serving(programs: Path) -> Iterator[str]:
    """Start a server on an empty cluster; yield its DATABASE_URL; stop and remove it."""
    with tempfile.TemporaryDirectory(prefix="pharmakon-postgresql-") as made:
        folder = Path(made)
        owner = give_away(folder)
        password = secrets.token_hex(16)
        port = free_port()
        (folder / "password").write_text(password)
        (folder / "password").chmod(0o644 if owner else 0o600)
        cluster = folder / "cluster"
        control = [str(programs / "pg_ctl"), "--pgdata", str(cluster), "--silent"]
        run(
            [
                *(str(programs / "initdb"), "--pgdata", str(cluster), "--no-sync"),
                *("--username", "pharmakon", "--auth", "scram-sha-256"),
                *("--pwfile", str(folder / "password"), "--encoding", "UTF8"),
                *("--locale", "C.UTF-8"),
            ],
            owner,
        )
        options = [f"-c {each}" for each in QUICK]
        options += [f"-p {port}", "-c listen_addresses=127.0.0.1", f"-k {folder}"]
        log = str(folder / "log")
        try:
            run(
                [*control, "--wait", "-l", log, "-o", " ".join(options), "start"], owner
            )
            yield f"postgres://pharmakon:{password}@127.0.0.1:{port}/postgres"
        finally:
            run([*control, "--mode", "immediate", "stop"], owner, is_needed=False)


def give_away(folder: Path) -> str | None:
    """As root, give the folder to the user `postgres` and return that name.

    PostgreSQL refuses to run as root; anybody else runs it themselves.
    """
    if os.geteuid() != 0:
        return None
    try:
        user = pwd.getpwnam("postgres")
    except KeyError:
        sys.exit("There is no user 'postgres', and PostgreSQL does not run as root.")
    os.chown(folder, user.pw_uid, user.pw_gid)
    return user.pw_name


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def run(command: list[str], owner: str | None, *, is_needed: bool = True) -> None:
    if owner is not None:
        command = ["runuser", "--user", owner, "--", *command]
    done = subprocess.run(
        command,
        cwd="/",
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    if is_needed and done.returncode:
        sys.exit(f"{command[-1]}: PostgreSQL did not start:\n{done.stderr}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
