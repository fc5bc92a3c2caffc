"""What a reader on a slow phone waits for: Web Vitals and weight, in headless Chromium.

    python -m bench.vitals [--rounds 3]

Serves the shipped dataset as `make run` does, and opens each kind of page in a browser
with nothing kept, on a slow line and a slow processor (`LINE`, `SLOWER`). Prints medians
and writes bench/results/vitals.json. Times are a clock's: run it on a quiet machine.

    lcp_ms     largest contentful paint          first_kb   page and styles, on the wire
    cls        cumulative layout shift           total_kb   all that came, on the wire
    longest_ms the longest task of the main thread, 0 if none was over 50 ms
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any
from urllib.request import urlopen

from playwright.sync_api import Browser, CDPSession, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
# A phone on a slow mobile network, as Lighthouse takes one: 150 ms there and back,
# 1.6 Mbit/s down, 750 kbit/s up, and a processor four times slower than this one.
LINE = {
    "offline": False,
    "latency": 150,
    "downloadThroughput": 1.6e6 / 8,
    "uploadThroughput": 750e3 / 8,
}
SLOWER = 4
SETTLED_MS = 1_500
PAGES = {
    "home": "/",
    "search, with its answer": "/search/?q=kratom+legal+ohio",
    "entry": "/substances/kratom/",
    "alkaloid": "/alkaloids/mitragynine/",
    "symptom": "/symptoms/opioid-withdrawal/",
    "law of a subject": "/substances/kratom/law/",
    "region": "/regions/US-AL/",
    "article": "/articles/kratom-and-opioid-withdrawal/",
    "source": "/sources/mattick-2009/",
    "safety card": "/substances/kratom/card/",
}
WATCH = """
window.seen = {lcp: 0, cls: 0, longest: 0};
const watch = (type, each) => {
  const observer = new PerformanceObserver((list) => list.getEntries().forEach(each));
  observer.observe({type, buffered: true});
};
watch("largest-contentful-paint", (entry) => { seen.lcp = entry.startTime; });
watch("layout-shift", (entry) => { if (!entry.hadRecentInput) seen.cls += entry.value; });
watch("longtask", (entry) => { seen.longest = Math.max(seen.longest, entry.duration); });
"""


@contextmanager
def serving() -> Iterator[str]:
    """Serve the shipped dataset from a folder that is thrown away; yield the address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with tempfile.TemporaryDirectory() as folder:
        env = os.environ | {
            "DATABASE_URL": f"sqlite:///{folder}/bench.sqlite3",
            "SEARCH_URL": f"whoosh:///{folder}/index",
            "PORT": str(port),
        }
        run = [sys.executable, "-m"]
        subprocess.run([*run, "deploy.prepare"], cwd=ROOT, env=env, check=True)
        serve = [*run, "gunicorn", "--config", "deploy/gunicorn.conf.py"]
        server = subprocess.Popen(
            [*serve, "config.wsgi:application"], cwd=ROOT, env=env
        )
        try:
            address = f"http://127.0.0.1:{port}"
            wait_for(f"{address}/readyz")
            yield address
        finally:
            server.terminate()
            server.wait(timeout=30)


def wait_for(address: str, seconds: int = 60) -> None:
    for _ in range(seconds * 5):
        try:
            with urlopen(address):
                return
        except OSError:
            time.sleep(0.2)
    raise SystemExit(f"{address} did not answer within {seconds} s.")


def view(browser: Browser, address: str) -> dict[str, float]:
    """Open a page as somebody who was never here; return its figures."""
    context = browser.new_context(
        viewport={"width": 360, "height": 740},
        is_mobile=True,
        has_touch=True,
        device_scale_factor=2,
        service_workers="block",
    )
    page = context.new_page()
    page.add_init_script(WATCH)
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", LINE)
    session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    weights = weigh(session)
    page.goto(address, wait_until="load")
    page.wait_for_timeout(SETTLED_MS)
    seen = page.evaluate("window.seen")
    context.close()
    return {
        "lcp_ms": seen["lcp"],
        "cls": seen["cls"],
        "longest_ms": seen["longest"],
        "first_kb": (weights["Document"] + weights["Stylesheet"]) / 1024,
        "total_kb": sum(weights.values()) / 1024,
    }


def weigh(session: CDPSession) -> dict[str, float]:
    """Return bytes on the wire by kind of resource, filled in as they come."""
    kinds: dict[str, str] = {}
    weights: dict[str, float] = {"Document": 0, "Stylesheet": 0}

    def answered(event: dict[str, Any]) -> None:
        kinds[event["requestId"]] = event["type"]

    def finished(event: dict[str, Any]) -> None:
        kind = kinds.get(event["requestId"], "Other")
        weights[kind] = weights.get(kind, 0) + event["encodedDataLength"]

    session.on("Network.responseReceived", answered)
    session.on("Network.loadingFinished", finished)
    return weights


def measure(browser: Browser, site: str, rounds: int) -> dict[str, dict[str, float]]:
    figures = {}
    for name, path in PAGES.items():
        with urlopen(site + path) as once:  # Rendered and kept, as for most readers.
            once.read()
        views = [view(browser, site + path) for _ in range(rounds)]
        figures[name] = {
            key: round(
                statistics.median(each[key] for each in views), 3 if key == "cls" else 1
            )
            for key in views[0]
        }
        print(f"{name:26}" + "".join(f"{v:>12}" for v in figures[name].values()))
    return figures


def main() -> int:
    parser = argparse.ArgumentParser(prog="bench.vitals", description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    asked = parser.parse_args()
    program = shutil.which("chromium") or shutil.which("google-chrome")
    if program is None:
        raise SystemExit("No Chromium was found: apt-get install chromium.")
    with serving() as site, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=program, args=["--no-sandbox", "--disable-gpu"]
        )
        columns = ("lcp_ms", "cls", "longest_ms", "first_kb", "total_kb")
        print(f"{'':26}" + "".join(f"{column:>12}" for column in columns))
        figures = measure(browser, site, asked.rounds)
        browser.close()
    body = {"measured_on": date.today().isoformat(), "pages": figures}
    path = ROOT / "bench" / "results" / "vitals.json"
    path.write_text(json.dumps(body, indent=2) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
