"""Every shipped record: valid, whole, in order, and with nothing in it that is not ours."""

from __future__ import annotations

import io
import json
import re
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import transaction

from exchange import exporting
from exchange.importing import _checked, import_entries
from exchange.kinds import BY_NAME, BY_PLURAL
from exchange.reading import read
from kb.models import Alkaloid, Assessment, Record
from kb.schemas.references import references
from kb.structures import read_structure
from tests.exchange.test_round_trip import empty_the_database
from tests.shipping import DATASET

pytestmark = pytest.mark.django_db


@cache
def rows() -> list[tuple[str, str, Any]]:
    """Return (place, kind, record) of every shipped record."""
    found = []
    for entry in read(str(DATASET)):
        kind = BY_NAME[entry.kind]
        found.append(
            (entry.place, kind.name, kind.schema.model_validate(entry.content))
        )
    return found


def of_kind(name: str) -> list[Any]:
    return [record for _, kind, record in rows() if kind == name]


def texts(value: Any, at: str = "") -> Any:
    """Yield (place, text) of every text in a record."""
    if isinstance(value, str):
        yield at, value
    elif isinstance(value, dict):
        for name, each in value.items():
            yield from texts(each, f"{at}.{name}".lstrip("."))
    elif isinstance(value, list):
        for number, each in enumerate(value):
            yield from texts(each, f"{at}[{number}]")


def public_texts() -> Any:
    for place, kind, record in rows():
        if BY_NAME[kind].is_public:
            for at, text in texts(record.model_dump(mode="json")):
                yield f"{place}: {at}", at.rpartition(".")[2], text


# Whole


def test_every_file_is_read_and_nothing_is_wrong_with_it():
    assert len(_checked(read(str(DATASET)))) == len(rows())


@pytest.mark.parametrize(
    ("kind", "part", "count"),
    [
        ("assessment", "items", 160),
        ("status", None, 357),
        ("claim", None, 55),
        ("safety-note", None, 78),
        ("help", None, 59),
        ("substance", "contains", 107),
        ("alkaloid", "activities", 66),
        ("alkaloid", None, 37),
    ],
)
def test_nothing_that_was_researched_got_lost(kind, part, count):
    """The counts are those of the researched tables that the dataset was made from; what
    was found since comes on top.
    """
    records = of_kind(kind)

    found = sum(len(getattr(each, part)) if part else 1 for each in records)

    assert found >= count


def test_no_pharmacokinetic_figure_got_lost():
    subjects = [*of_kind("substance"), *of_kind("alkaloid")]

    assert sum(len(each.pharmacokinetics) for each in subjects) >= 70


def test_no_source_got_lost():
    assert len(of_kind("source")) >= 232


def test_every_reference_leads_to_a_shipped_record():
    known = {
        (kind, BY_NAME[kind].identity(record))
        for _, kind, record in rows()
        if kind != "curator-note"
    }
    known |= {
        ("item", item.key) for each in of_kind("assessment") for item in each.items
    }

    dangling = [
        f"{place}: {reference.place}: {reference.kind}:{reference.slug}"
        for place, _, record in rows()
        for reference in references(record.model_dump(mode="json"))
        if (reference.kind, reference.slug) not in known
    ]

    assert not dangling, "\n".join(dangling)


def test_what_an_article_cites_or_links_is_shipped():
    slugs = {kind: {r.slug for r in of_kind(kind)} for kind in ("source", "substance")}
    everything = {
        getattr(record, "slug", None) or getattr(record, "id", None) or record.code
        for _, kind, record in rows()
        if kind in ("substance", "alkaloid", "symptom", "claim", "region", "article")
    }

    for article in of_kind("article"):
        cited = set(re.findall(r"\[@([a-z0-9-]+)", article.body))
        assert cited <= slugs["source"], cited - slugs["source"]
        assert cited <= set(article.sources), cited - set(article.sources)
        for link in re.findall(r"\[\[([^\]|]+)", article.body):
            assert link.partition(":")[2] in everything or link in everything, link


def test_every_key_is_given_once():
    keys = Counter()
    for _, _, record in rows():
        content = record.model_dump()
        keys.update([content["key"]] if "key" in content else [])
        for part in (
            "items",
            "contains",
            "activities",
            "pharmacokinetics",
            "varieties",
        ):
            keys.update(f"{part} {each['key']}" for each in content.get(part, []))

    assert [key for key, times in keys.items() if times > 1] == []


def test_every_source_is_used_or_says_why_it_is_there():
    used = {
        reference.slug
        for _, kind, record in rows()
        for reference in references(record.model_dump(mode="json"))
        if reference.kind == "source"
    }
    idle = [
        each.slug
        for each in of_kind("source")
        if each.slug not in used and not (each.summary or each.note or each.tags)
    ]

    assert idle == []


# True to themselves


def test_every_structure_agrees_with_what_is_stated_beside_it():
    for alkaloid in of_kind("alkaloid"):
        found = read_structure(alkaloid.smiles)
        assert alkaloid.inchikey in ("", found.inchikey), alkaloid.slug
        assert alkaloid.formula in ("", found.formula), alkaloid.slug
        if alkaloid.molar_mass is not None:
            assert alkaloid.molar_mass == pytest.approx(found.molar_mass, abs=0.02)


def test_no_structure_stands_under_two_names():
    keys = Counter(read_structure(each.smiles).inchikey for each in of_kind("alkaloid"))

    assert [key for key, times in keys.items() if times > 1] == []


def test_a_retracted_source_carries_its_day_or_a_note():
    for source in of_kind("source"):
        if source.retraction != "none":
            assert source.retracted_on or source.note, source.slug


def test_no_name_of_one_record_stands_twice():
    for place, _, record in rows():
        names = Counter(
            (each.name.casefold(), each.kind)
            for each in getattr(record, "synonyms", [])
        )
        twice = [name for name, times in names.items() if times > 1]
        assert not twice, f"{place}: {twice}"


def test_a_number_to_call_was_seen_by_somebody_on_a_day():
    for resource in of_kind("help"):
        if resource.verification == "verified" and resource.phone:
            assert resource.verified_on, resource.key


# In the layout that `export FOLDER` writes


def without_state(text: str) -> str:
    content = json.loads(text)
    if isinstance(content, dict) and content.pop("state", None):
        return exporting.readable(content)
    return text


def concrete(model):
    """Yield the models with a table that come of this one."""
    for each in model.__subclasses__():
        if not each._meta.abstract:
            yield each
        yield from concrete(each)


@pytest.mark.usefixtures("shipped")
def test_the_files_are_those_that_an_export_writes(tmp_path):
    for model in concrete(Record):
        model._default_manager.exclude(state="published").update(state="published")
    exporting.export_folder(tmp_path / "data")
    written = {
        file.relative_to(tmp_path / "data").as_posix(): file.read_text(encoding="utf-8")
        for file in (tmp_path / "data").rglob("*.json")
    }
    kept = {
        file.relative_to(DATASET).as_posix(): without_state(file.read_text("utf-8"))
        for file in DATASET.rglob("*.json")
    }

    # Notes for curators are kept in files named for who wrote them.
    ours = {name for name in kept if not name.startswith("curation")} - {
        "manifest.json"
    }
    theirs = {name for name in written if not name.startswith("curation")}
    theirs -= {"manifest.json"}

    assert ours == theirs
    differing = sorted(name for name in ours if kept[name] != written[name])
    assert not differing, f"{len(differing)} files, for example {differing[:5]}"


def test_every_file_is_written_in_the_house_form():
    for file in sorted(DATASET.rglob("*.json")):
        text = file.read_text(encoding="utf-8")
        assert text == exporting.readable(json.loads(text)), file


def test_every_file_is_named_for_what_it_holds():
    for place, kind, record in rows():
        layout = BY_NAME[kind].layout
        if layout == "record":
            assert Path(place).stem == (getattr(record, "slug", None) or record.id)
        elif layout == "subject":
            assert (
                place.partition(".json")[0].partition("/")[2]
                == (record.subject.partition(":")[2])
            )


# Twice imported is once imported


@pytest.mark.usefixtures("shipped")
def test_a_second_import_changes_nothing_and_no_stated_level_contradicts_the_rule():
    report = import_entries(read(str(DATASET)))

    assert not report.created
    assert not report.changed
    assert report.notes == []


@pytest.mark.usefixtures("shipped")
def test_an_export_comes_into_an_empty_instance_byte_for_byte(tmp_path):
    path = tmp_path / "kb.json"
    exporting.export_to(str(path))
    first = path.read_bytes()

    with transaction.atomic():
        empty_the_database()
        said = io.StringIO()
        call_command("import", str(path), stdout=said)
        again = exporting.as_document()
        transaction.set_rollback(True)

    assert "unchanged" not in said.getvalue()
    assert again == first


@pytest.mark.usefixtures("shipped")
def test_every_alkaloid_is_drawn_and_every_assessment_graded():
    assert not Alkaloid.objects.filter(drawing="").exists()
    ungraded = Assessment.objects.filter(items__isnull=False, arithmetic={})
    assert not ungraded.exists()


# Nothing that is not ours

MIRRORS = re.compile(
    r"^https?://\d+\.\d+\.\d+\.\d+|ipfs|web\.archive\.org/save|sci-hub|libgen|localhost"
    r"|127\.0\.0\.1|kiwix|mirror",
    re.IGNORECASE,
)
NOTES_TO_SELF = re.compile(
    r"not opened here|opened in full|seen on a mirror|in this sandbox|no internet"
    r"|could not be reached|search engine snippet|\bTODO\b|\bFIXME\b|\bXXX\b"
    r"|the researcher|our corpus|common ?crawl"
    r"|\bthis session\b|\bthe brief\b",
    re.IGNORECASE,
)
PROMISES = re.compile(
    r"\b(completely|totally|perfectly) safe\b|\bmiracle\b|\bclinically proven\b"
    r"|\b100 ?% natural\b|\bno side effects\b",
    re.IGNORECASE,
)


def test_every_address_is_the_publisher_s_own_and_no_mirror():
    wrong = [
        f"{place}: {text}"
        for place, field, text in public_texts()
        if field == "url" and MIRRORS.search(text)
    ]

    assert not wrong, "\n".join(wrong)


def test_no_address_carries_what_follows_a_reader():
    wrong = [
        f"{place}: {text}"
        for place, field, text in public_texts()
        if field == "url" and re.search(r"[?&](utm_|fbclid|gclid|session)", text)
    ]

    assert not wrong, "\n".join(wrong)


def test_no_record_tells_how_it_was_researched():
    wrong = [
        f"{place}: {found.group()!r} in {text[:120]!r}"
        for place, field, text in public_texts()
        if field not in ("slug", "key") and (found := NOTES_TO_SELF.search(text))
    ]

    assert not wrong, "\n".join(wrong)


def test_no_sentence_of_ours_promises_anything():
    """What circulates may say so: claims and their phrasings quote it."""
    wrong = [
        f"{place}: {found.group()!r} in {text[:120]!r}"
        for place, field, text in public_texts()
        if not place.startswith(("claims/", "articles/"))
        and field not in ("seller_claim", "url", "name")
        and (found := PROMISES.search(text))
    ]

    assert not wrong, "\n".join(wrong)


def test_no_text_holds_markup_or_a_sign_that_nobody_sees():
    wrong = [
        f"{place}: {text[:80]!r}"
        for place, field, text in public_texts()
        if re.search(
            r"</?[a-z]+[ />]|&[a-z]+;|[\x00-\x08\x0b-\x1f\u200b\ufeff\ufffd]", text
        )
    ]

    assert not wrong, "\n".join(wrong)


def test_every_folder_is_one_of_ours():
    rooms = {place.partition("/")[0].partition(".")[0] for place, _, _ in rows()}

    assert rooms <= set(BY_PLURAL)
