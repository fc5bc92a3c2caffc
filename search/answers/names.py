"""The names of all published records, as a query may write them.

A query is not running text: nobody types capitals. So almost every name counts in any
case here; short codes that are words too ("in", "or", "MIT") count only as written.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.db.models import Case, F, Value, When

from kb.choices import Severity, SynonymKind
from kb.folding import fold
from kb.gazetteer.spoken import other_languages
from kb.languages import current
from kb.models import Alkaloid, Region, Substance, Symptom, Synonym
from kb.names import Matcher, Name
from kb.version import Version

SUBJECTS = ("substance", "alkaloid")
OWNERS = (*SUBJECTS, "symptom", "region")

# Abbreviations of places that are no word of a language: in any case.
FREE_CODES = frozenset({"USA", "UK", "UAE", "EU", "DC", "DRC"})
# "us" is a place only after these.
_US = ("US", "in us", "in the us", "the us")
# Names of places that are common words in a query.
_PLACE_WORDS = frozenset({"para", "acre", "alba", "gales", "inde", "sarre", "ue"})
# Short names of records that are words or units: "500 mg", German "mit".
_CASED = frozenset({"MG", "MIT", "MP", "MAT", "OAT", "OST", "NAS", "SAE"})
# Everyday words for a symptom that mostly mean something else in a query.
_TOO_COMMON = frozenset(
    "hot;lead;thin;weak;flat;fit;fitting;sore;wired;soaked;freezing;temperature;mixing"
    ";induction;first dose;interactions;taking together;urges".split(";")
)
# First words that keep their capital within a sentence.
_PROPER = ("St ", "Chinese ")


@dataclass(frozen=True, slots=True)
class Named:
    """A record that a query names."""

    kind: str
    slug: str
    name: str  # "Kratom"
    said: str  # within a sentence: "kratom"

    @property
    def inside(self) -> str:
        """Its name as it stands within a sentence of the page's language."""
        return self.name if current() == "de" else self.said

    @property
    def key(self) -> str:
        return f"{self.kind}:{self.slug}"

    def as_json(self) -> dict[str, str]:
        return {"kind": self.kind, "slug": self.slug, "name": self.name}


@dataclass(frozen=True, slots=True)
class Names:
    """Finds records by name; `regions` knows codes too, but not those with a hyphen."""

    records: dict[tuple[str, str], Named]
    subjects: Matcher
    symptoms: Matcher
    regions: Matcher
    emergencies: frozenset[tuple[str, str]]  # those that threaten a life
    # What kind of name another name is; of two records' the last in the alphabet.
    synonym_kinds: dict[str, str]
    # What was answered while these were the names, by what was asked.
    answers: dict[Any, Any] = field(default_factory=dict, compare=False)


Row = tuple[Any, ...]


_kept: dict[Version, Names] = {}


def known_names(now: Version) -> Names:
    """Return the names as the database has them at a version, read in this request.

    They are kept under the version of the data, so that no process can answer with a
    name that another has withdrawn; after a change it costs 2 queries.
    """
    if now not in _kept:
        found = _read_names()
        _kept.clear()
        _kept[now] = found
    return _kept[now]


def _read_names() -> Names:
    nothing, no = Value(""), Value(False)
    deadly = Case(
        When(is_emergency=True, severity=Severity.LIFE_THREATENING, then=Value(True)),
        default=no,
    )
    record_rows = [
        Substance.objects.published()
        .order_by()
        .values_list(Value("substance"), "slug", "name", "scientific_name", no),
        Alkaloid.objects.published()
        .order_by()
        .values_list(Value("alkaloid"), "slug", "name", nothing, no),
        Symptom.objects.published()
        .order_by()
        .values_list(Value("symptom"), "slug", "name", nothing, deadly),
        Region.objects.order_by().values_list(
            Value("region"), "code", "name", nothing, no
        ),
    ]
    records = record_rows[0].union(*record_rows[1:], all=True)
    synonyms = Synonym.objects.order_by("pk").values_list(
        "name",
        "kind",
        F("substance__slug"),
        F("alkaloid__slug"),
        F("symptom__slug"),
        F("region__code"),
    )
    return _made(tuple(records), tuple(synonyms))


def _made(records: tuple[Row, ...], synonyms: tuple[Row, ...]) -> Names:
    known = {
        (kind, slug): Named(kind, slug, name, _said(name, scientific))
        for kind, slug, name, scientific, _ in records
    }
    codes = {slug for kind, slug, *_ in records if kind == "region"}
    names: dict[str, list[Name]] = {owner: [] for owner in OWNERS}
    for kind, slug, name, scientific, _ in records:
        names[kind].append(
            Name(kind, slug, name, name, cased=fold(name) in _PLACE_WORDS)
        )
        if scientific:
            names[kind].append(Name(kind, slug, name, scientific))
        if kind == "region":
            names[kind] += _codes(slug, name, codes)
            names[kind] += [
                Name(kind, slug, name, other, cased=fold(other) in _PLACE_WORDS)
                for other in other_languages(slug)
            ]
    for text, synonym_kind, *owners in synonyms:
        for owner, slug in zip(OWNERS, owners, strict=True):
            if (owner, slug) not in known:
                continue
            if owner == "symptom" and text.lower() in _TOO_COMMON:
                continue
            cased = _is_cased(text, synonym_kind, owner)
            names[owner].append(
                Name(owner, slug, known[owner, slug].name, text, cased=cased)
            )
    return Names(
        records=known,
        subjects=Matcher(names["substance"] + names["alkaloid"]),
        symptoms=Matcher(names["symptom"]),
        regions=Matcher(names["region"]),
        emergencies=frozenset(
            (kind, slug) for kind, slug, *_, emergency in records if emergency
        ),
        synonym_kinds=dict(sorted((text, kind) for text, kind, *_ in synonyms)),
    )


def _is_cased(text: str, kind: str, owner: str) -> bool:
    if owner != "region":
        return text in _CASED
    short = kind == SynonymKind.ABBREVIATION and len(text) < 4 and text.isalpha()
    return (short and text not in FREE_CODES) or fold(text) in _PLACE_WORDS


def _codes(code: str, name: str, codes: set[str]) -> list[Name]:
    """Return a region's two letters: "OH" is Ohio, "DE" Delaware before Germany."""
    if code == "US":
        return [Name("region", code, name, text, cased=text == "US") for text in _US]
    country, _, part = code.partition("-")
    if len(code) == 2 and f"US-{code}" not in codes:
        return [Name("region", code, name, code, cased=True)]
    if country == "US" and len(part) == 2:
        return [Name("region", code, name, part, cased=True)]
    return []


def _said(name: str, scientific: str) -> str:
    """Return a name as it stands within a sentence: "kratom", "QT prolongation"."""
    first = name.split()[0]
    keeps = name == scientific or name.startswith(_PROPER) or not first[1:].islower()
    return name if keeps else name[0].lower() + name[1:]
