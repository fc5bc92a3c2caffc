"""How gunicorn serves: a few processes with threads, on this machine only.

Override with gunicorn's own variables: WEB_CONCURRENCY for the processes,
GUNICORN_CMD_ARGS for the rest ("--bind 0.0.0.0:8000 --access-logfile -"). The worker
of the background is started beside them, unless BACKGROUND_WORK is "off".
"""

from __future__ import annotations

import gc
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

bind = f"127.0.0.1:{os.environ.get('PORT', '8000')}"
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
worker_class = "gthread"
threads = 4
# Loaded once, before the processes part: a quicker start, and less memory.
preload_app = True
timeout = 60
graceful_timeout = 10
keepalive = 5
# Several workers behind a container's small /dev/shm stall without it.
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None
loglevel = "warning"
control_socket_disable = True

background: list[subprocess.Popen[bytes]] = []


def start_background() -> None:
    """Run the worker of the background beside the site, unless another service does."""
    given = os.environ.get("BACKGROUND_WORK", "on")
    if given not in ("on", "off"):
        sys.exit(f"BACKGROUND_WORK is {given!r}; it must be on or off.")
    if given == "on":
        root = Path(__file__).resolve().parent.parent
        command = [sys.executable, "manage.py", "worker", "--with-parent"]
        # A session of its own: Ctrl-C reaches it through us, once.
        background.append(subprocess.Popen(command, cwd=root, start_new_session=True))


def on_exit(server: Any) -> None:
    for process in background:
        process.terminate()
        try:
            process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            process.kill()


def on_starting(server: Any) -> None:
    # Imported here: the settings are read once the application is.
    from config.warming import warm

    warm(server.app.wsgi())


def pre_fork(server: Any, worker: Any) -> None:
    # What is loaded for good the collector of garbage need not look through again, now
    # and then during a page; and the workers share the memory that it leaves alone.
    gc.freeze()


def when_ready(server: Any) -> None:
    start_background()
    address = (
        str(server.address[0][1]) if server.address else os.environ.get("PORT", "")
    )
    print(
        f"\nPharmakon is at http://127.0.0.1:{address}/    (Ctrl-C stops it)",
        flush=True,
    )
