"""Each component looks as it was pinned, in both themes, on a phone and a desk.

The pictures in `pins/` belong to the fonts that they were taken with: where others are
there, nothing is compared, and the test says so. `make pin-style` takes them anew.
"""

from __future__ import annotations

import io
import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import override_settings
from PIL import Image, ImageChops
from playwright.sync_api import Browser, Page

PINS = Path(__file__).parent / "pins"
IS_PINNING = os.environ.get("PIN_STYLE") == "1"
# Sections of the style guide by the id of their heading.
COMPONENTS = {
    "levels": "evidence badge",
    "law": "status badge, map and table",
    "matrix": "matrix cell",
    "sources": "source note",
    "cards": "record card",
    "filters": "facet",
    "answer": "answer card",
    "boxes": "callout",
    "timeline": "timeline",
    "charts": "charts",
}
SCREENS = {"360": 360, "1440": 1440}
# How far a pixel may be off, of 255, and what share of them may be further off: edges of
# letters and lines differ a little between machines, a colour or a place does not.
OFF, SHARE = 48, 0.005
FONTS = """() => ['--serif', '--sans', '--mono'].map(name => {
  const probe = document.createElement('span');
  probe.textContent = 'Mitragyna speciosa 0123456789 WiIl';
  probe.className = 'nowrap';
  document.body.append(probe);
  probe.style.position = 'absolute'; // else as wide as the page
  probe.style.fontSize = '20px'; // the page's own grows with the screen
  probe.style.fontFamily = `var(${name})`;
  const width = Math.round(probe.getBoundingClientRect().width * 10);
  probe.remove();
  return width;
})"""


@pytest.fixture(scope="module")
def guide(site: str) -> Iterator[str]:
    with override_settings(ROOT_URLCONF="tests.browser.style_urls"):
        yield f"{site}/style/"


@pytest.fixture(params=["light", "dark"])
def theme(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(params=list(SCREENS))
def screen(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def page(guide: str, chromium: Browser, theme: str, screen: str) -> Iterator[Page]:
    context = chromium.new_context(
        viewport={"width": SCREENS[screen], "height": 900},
        color_scheme=theme,  # type: ignore[arg-type]
        reduced_motion="reduce",
        locale="en-GB",
        bypass_csp=True,
    )
    page = context.new_page()
    page.goto(f"{guide}#levels")  # who jumps to a part has the others laid out too
    yield page
    context.close()


def differing(first: Image.Image, second: Image.Image) -> float:
    """Return the share of pixels that are further off than OFF; 1 for another size."""
    if first.size != second.size:
        return 1.0
    difference = ImageChops.difference(first.convert("RGB"), second.convert("RGB"))
    far = difference.convert("L").point(lambda value: 255 if value > OFF else 0)
    return far.histogram()[255] / (far.width * far.height)


def test_every_component_looks_as_it_was_pinned(
    page: Page, theme: str, screen: str
) -> None:
    fonts, kept = page.evaluate(FONTS), PINS / "fonts.json"
    if IS_PINNING:
        kept.write_text(json.dumps(fonts) + "\n", encoding="utf-8")
    elif json.loads(kept.read_text(encoding="utf-8")) != fonts:
        pytest.skip(
            "The pictures were taken with other fonts than are installed here, so they"
            " cannot be compared. `make pin-style` takes your own."
        )

    moved = {}
    for name, component in COMPONENTS.items():
        shot = page.locator(f"section:has(> .heading #{name})").screenshot(
            animations="disabled"
        )
        picture = Image.open(io.BytesIO(shot)).convert("RGB")
        pin = PINS / f"{name}-{screen}-{theme}.png"
        if IS_PINNING:
            few = picture.quantize(64, dither=Image.Dither.NONE)
            few.save(pin, optimize=True)
        share = differing(Image.open(pin), picture)
        if share > SHARE:
            moved[component] = f"{share:.1%} of it differs from {pin.name}"

    assert moved == {}


def test_a_difference_is_seen() -> None:
    plain = Image.new("RGB", (100, 100), "white")
    marked = plain.copy()
    marked.paste((11, 90, 104), (0, 0, 10, 10))

    assert differing(plain, plain) == 0
    assert differing(plain, marked) == 0.01 > SHARE
    assert differing(plain, plain.resize((100, 101))) == 1
