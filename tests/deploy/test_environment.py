"""The step before Python is ours: it names what is missing, and both pin files agree."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PIN = re.compile(r"^([A-Za-z0-9._-]+(?:\[[^\]]*\])?==[^ ;\\]+)", re.MULTILINE)


def make_environment(folder: Path, python: str) -> subprocess.CompletedProcess[str]:
    """Run the script in a folder without an environment, with this for a Python."""
    (folder / "deploy").mkdir()
    shutil.copy(ROOT / "deploy" / "environment.sh", folder / "deploy")
    (folder / "requirements.txt").touch()
    fake = folder / "python"
    fake.write_text(python)
    fake.chmod(0o755)
    return subprocess.run(
        ["sh", "deploy/environment.sh"],
        cwd=folder,
        env={"PATH": "/usr/bin:/bin", "PYTHON": str(fake)},
        capture_output=True,
        text=True,
        check=False,
    )


# Makes an environment whose Python can do everything but draw.
CANNOT_DRAW = """#!/bin/sh
case "$*" in *"-m venv"*)
    mkdir -p .venv/bin
    printf '#!/bin/sh\\ncase "$*" in *rdMolDraw2D*) exit 1;; esac\\n' > .venv/bin/python
    chmod +x .venv/bin/python;;
esac
"""


@pytest.mark.parametrize(
    ("python", "message"),
    [
        ("#!/bin/sh\nexit 1\n", "Python 3.11 or later is needed"),
        (
            '#!/bin/sh\ncase "$2" in *ensurepip*) exit 1;; esac\n',
            "sudo apt-get install python3-venv",
        ),
        (CANNOT_DRAW, "sudo apt-get install libxrender1 libxext6"),
    ],
)
def test_what_is_missing_is_said_with_its_cure(
    tmp_path: Path, python: str, message: str
) -> None:
    done = make_environment(tmp_path, python)

    assert done.returncode == 1
    assert message in done.stderr


def test_the_tests_run_on_the_versions_that_the_site_runs_on() -> None:
    site = set(PIN.findall((ROOT / "requirements.txt").read_text()))
    tests = set(PIN.findall((ROOT / "requirements-dev.txt").read_text()))

    assert site
    assert site <= tests
