"""One style sheet for readers, made of the files under static/css/.

The files stay small and apart for whoever writes them, one a component, named as its
template; a browser asks for one. Measured on the page of kratom: seven files are 15.7 KB
compressed and seven requests, the one 10 KB.
It is put together when static files are looked for or gathered: there is no build step.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage

# In the order in which they count: what stands later wins.
BUNDLES = {
    "css/site.css": (
        "tokens",
        "base",
        "components/search_form",
        "components/suggest",
        "components/marks",
        "components/level",
        "components/direction",
        "components/verdict",
        "components/status",
        "components/status_legend",
        "components/verification",
        "components/heading",
        "components/card",
        "components/table",
        "components/scroll",
        "components/table_stack",
        "components/statuses_table",
        "components/sources",
        "components/source_note",
        "components/cite",
        "components/margin_note",
        "components/folding",
        "components/toc",
        "components/facets",
        "components/answer",
        "components/callout",
        "components/glance_tile",
        "components/region_form",
        "components/breadcrumbs",
        "components/pager",
        "components/tags",
        "components/facts",
        "components/help",
        "components/figure_structure",
        "components/timeline",
        "components/empty",
        "components/matrix",
        "components/grade",
        "components/crowd",
        "components/language_notice",
        "pages/frame",
        "pages/rhythm",
        "pages/header",
        "pages/footer",
        "pages/record",
        "pages/home",
        "pages/lists",
        "pages/compare",
        "pages/check",
        "pages/error",
        "notes",
        "pages/findings",
        "pages/studies",
        "pages/why",
        "pages/entry",
        "pages/law",
        "pages/history",
        "pages/quality",
        "pages/method",
        "pages/report",
        "law-map",
        "components/map",
        "components/chart",
    )
}
COMMENT, INDENT = re.compile(r"/\*.*?\*/", re.DOTALL), re.compile(r"\s*\n\s*")
# Space that means nothing: around braces, semicolons and commas, after a colon. Our
# strings ("· ", " ↓") have none of these beside a space.
AROUND, AFTER_COLON = re.compile(r"\s*([{};,])\s*"), re.compile(r":[ \n]+")


def bundled(names: Iterable[str]) -> str:
    """Return the style sheets as one, without comments and needless space."""
    folder = settings.BASE_DIR / "static" / "css"
    text = "\n".join(
        (folder / f"{name}.css").read_text(encoding="utf-8") for name in names
    )
    text = AROUND.sub(r"\1", INDENT.sub("\n", COMMENT.sub("", text)))
    return AFTER_COLON.sub(":", text).replace(";}", "}").strip() + "\n"


class BundleFinder(BaseFinder):
    """Finds the bundles, each made anew where one of its files has changed."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.storage = FileSystemStorage(location=settings.VAR_DIR / "bundles")

    def check(self, **kwargs: Any) -> list[Any]:
        return []

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:
        if path not in BUNDLES:
            return []
        found = str(self._made(path))
        return [found] if find_all else found

    def list(
        self, ignore_patterns: Iterable[str] | None
    ) -> Iterator[tuple[str, FileSystemStorage]]:
        for path in BUNDLES:
            self._made(path)
            yield path, self.storage

    def _made(self, path: str) -> Path:
        target = Path(self.storage.path(path))
        text = bundled(BUNDLES[path])
        if not target.exists() or target.read_text(encoding="utf-8") != text:
            target.parent.mkdir(parents=True, exist_ok=True)
            fresh = target.with_suffix(f".{os.getpid()}")
            fresh.write_text(text, encoding="utf-8")
            fresh.replace(target)  # in one step: another process may be reading
        return target
