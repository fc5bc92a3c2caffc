"""The style sheets: one a component, named as its template, all in what readers get."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings

from config.bundles import BUNDLES

STYLES = settings.BASE_DIR / "static" / "css"
TEMPLATES = settings.BASE_DIR / "templates"
# What has a style and no template of its own: classes that many templates use.
SHARED = {"facts", "folding", "marks", "scroll", "table", "table_stack", "tags"}
LONGEST = 320  # lines: who looks for a rule reads a whole file


def names(folder: Path, ending: str) -> set[str]:
    return {path.name.removesuffix(ending) for path in folder.glob(f"*{ending}")}


def test_a_components_style_is_named_as_its_template() -> None:
    partials = {
        name.removeprefix("_")
        for room in ("components", "kb", "search")
        for name in names(TEMPLATES / room, ".html")
        if name.startswith("_")
    }
    # What opens below the search box is drawn from search/_suggestions.html.
    partials |= SHARED | {"suggest"}

    assert names(STYLES / "components", ".css") - partials == set()


def test_every_component_and_page_style_reaches_readers() -> None:
    (bundle,) = BUNDLES.values()
    folders = ("components", "pages")
    written = {f"{f}/{name}" for f in folders for name in names(STYLES / f, ".css")}

    assert written == {name for name in bundle if "/" in name}
    assert len(bundle) == len(set(bundle))


def test_no_style_sheet_of_readers_is_a_drawer_of_everything() -> None:
    (bundle,) = BUNDLES.values()
    long = {
        name: lines
        for name in bundle
        if (lines := len((STYLES / f"{name}.css").read_text().splitlines())) > LONGEST
    }

    assert set(long) <= {"base"}
