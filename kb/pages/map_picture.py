"""A status map as one picture, for a page that leads to the map itself.

The map with its links and titles weighs 7 KB compressed on each page that has it, before
anything is painted; a picture is fetched when a reader comes near it.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.urls import reverse

from kb import law
from kb.languages import address_in, current
from kb.maps import MapKind, outlines
from kb.models import Region
from kb.pages.maps import kinds_for, status_map
from kb.places import RegionTree, region_tree
from kb.version import Version

STYLE = "".join(
    (settings.BASE_DIR / "static" / "css" / name).read_text(encoding="utf-8")
    for name in ("tokens.css", "law-map.css")
)
STYLE_HASH = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()


def pictures(
    subject: law.Subject,
    holdings: Sequence[law.Holding],
    tree: RegionTree,
    *,
    asked: Mapping[str, str],
) -> list[dict[str, Any]]:
    """Return maps for components/_map.html, each as the address of its picture.

    `asked` are the parameters that change what is drawn: {"in": "US-OH", "on": …}.
    """
    found = [
        status_map(kind, holdings, tree, is_picture=True)
        for kind in kinds_for(holdings)
    ]
    query = f"?{urlencode(asked)}" if asked else ""
    for each in found:
        address = reverse(
            "kb:map-picture", args=[subject.KIND, subject.slug, each["kind"]]
        )
        _x, _y, width, height = each["view_box"].split()
        del each["areas"], each["blank"]  # they are in the picture
        each |= {
            "picture": f"{address_in(current(), address)}{query}",
            "width": width,
            "height": height,
            "url": f"{subject.get_absolute_url()}law/{query}#{each['id']}",
        }
    return found


def context(
    subject: law.Subject,
    kind: MapKind,
    *,
    region: Region | None,
    moment: law.Moment,
    data_version: Version | None = None,
) -> dict[str, Any]:
    """Return all that kb/map.svg draws: 1 query, 2 with the regions."""
    tree = region_tree(data_version)
    holdings = law.everywhere(subject, on=moment.on, as_of=moment.as_of, tree=tree)
    found = status_map(kind, holdings, tree, here=region, is_picture=True)
    drawn = outlines(kind)
    shapes = drawn.shapes | {"land": drawn.land}
    return {
        "map": found,
        "blank": "".join(shapes[code] for code in found["blank"]),
        "areas": [{**area, "d": shapes.get(area["code"])} for area in found["areas"]],
        "style": STYLE,
    }
