"""The documents that the tests of the engines search, and how they ask."""

from __future__ import annotations

from search.engine import Document, Engine
from search.query import parse


def make(slug: str, title: str = "", **fields: object) -> Document:
    kind = str(fields.pop("kind", "substance"))
    fields.setdefault("version", "1")
    return Document(
        key=f"{kind}:{slug}",
        kind=kind,
        slug=slug,
        title=title or slug.capitalize(),
        url=f"/{kind}s/{slug}/",
        **fields,  # type: ignore[arg-type]
    )


KRATOM = make(
    "kratom",
    names=("ketum", "Mitragyna speciosa", "กระท่อม", "kratum", "biak-biak"),
    tags=("Opioid receptor",),
    tag_slugs=("opioid-receptor",),
    summary="A tree of south-east Asia whose leaves are chewed or drunk as tea.",
    text="Mitragynine is its main alkaloid. People use the leaves against withdrawal.",
    level="very-low",
    level_about="Opioid withdrawal",
    regions=("US-AL=controlled", "US-OH=controlled", "DE=unclear"),
)
MITRAGYNINE = make(
    "mitragynine",
    kind="alkaloid",
    names=("CAS 4098-40-2",),
    summary="The main alkaloid of kratom leaves.",
    text="The body turns a part of it into 7‑hydroxymitragynine.",
    level="low",
    regions=("US-AL=controlled", "US-OH=uncontrolled"),
)
MITRAPHYLLINE = make(
    "mitraphylline", kind="alkaloid", summary="An alkaloid of cat's claw."
)
SEVEN_OH = make(
    "7-hydroxymitragynine",
    "7-Hydroxymitragynine",
    kind="alkaloid",
    names=("7-OH", "7-HMG"),
    tags=("Opioid receptor",),
    tag_slugs=("opioid-receptor",),
    summary="An alkaloid that binds more strongly to the mu opioid receptor.",
    level="not-assessed",
    regions=("US-OH=banned",),
)
KETAMINE = make("ketamine", summary="An anaesthetic medicine.", level="high")
INSOMNIA = make(
    "insomnia",
    kind="symptom",
    names=("can't sleep", "sleeplessness"),
    summary="Trouble falling asleep or staying asleep.",
)
SLEEP_STUDY = make(
    "sleep-study",
    "Insomnia in adults: a trial",
    kind="source",
    text="Insomnia was measured for eight weeks in 40 adults.",
)
TEA = make("tea", summary="A drink of leaves of Camellia sinensis.", level="low")
ALL = (
    KRATOM,
    MITRAGYNINE,
    MITRAPHYLLINE,
    SEVEN_OH,
    KETAMINE,
    INSOMNIA,
    SLEEP_STUDY,
    TEA,
)


def found(engine: Engine, text: str, **filters: object) -> list[str]:
    hits = engine.search(parse(text, **filters)).hits  # type: ignore[arg-type]
    return [hit.slug for hit in hits]
