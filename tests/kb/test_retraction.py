"""A retraction is followed through at once: levels, flags, ledger, and a list of it all."""

from __future__ import annotations

import io

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from kb import retraction
from kb.choices import Retraction
from kb.models import GradeChange, Source
from tests import make
from tests.kb.stored import now

pytestmark = pytest.mark.django_db


@pytest.fixture
def leaning():
    """A source with all that can lean on it."""
    source = make.source(name="The trial", pmid="10066780", doi="10.1000/the.trial")
    assessment = make.assessment()
    make.evidence_item(assessment=assessment, source=source, n=900)
    make.evidence_item(assessment=assessment, design="case-report", n=1)
    claim = make.claim(sources=[source])
    return {
        "source": source,
        "assessment": assessment,
        "claim": claim,
        "article": make.article(sources=[source]),
        "about the claim": make.article(claims=[claim]),
        "note": make.safety_note(source=source),
    }


def test_marking_a_source_flags_everything_that_leaned_on_it(leaning):
    effects = retraction.mark(leaning["source"])

    for what in ("assessment", "claim", "article", "about the claim"):
        assert now(leaning[what]).needs_review, what
    assert now(leaning["assessment"]).level == "very-low"
    assert sorted(effects.lines()) == [
        *sorted(
            f"article flagged for review: {leaning[which]}"
            for which in ("article", "about the claim")
        ),
        "cites it too: safety notes: 1",
        f"claim flagged for review: {leaning['claim'].slug}: {leaning['claim']}",
        f"level changed: {leaning['assessment']}: high → very low",
    ]


def test_the_ledger_names_the_retracted_source(leaning):
    retraction.mark(leaning["source"])

    line = GradeChange.objects.filter(assessment=leaning["assessment"]).first()
    assert (line.before, line.after) == ("high", "very-low")
    assert line.cause == "Source retracted: The trial."
    assert line.source == leaning["source"]


def test_taking_it_back_restores_the_level_and_flags_again(leaning):
    retraction.mark(leaning["source"])
    type(leaning["claim"]).objects.update(needs_review=False)

    effects = retraction.mark(leaning["source"], Retraction.NONE)

    assert now(leaning["assessment"]).level == "high"
    assert now(leaning["claim"]).needs_review
    assert [str(change) for change in effects.levels] == [
        f"{leaning['assessment']}: very low → high"
    ]


def test_what_does_not_lean_on_it_is_left_alone(leaning):
    others = [make.assessment(items=1), make.claim(sources=[make.source()])]

    retraction.mark(leaning["source"])

    assert not any(now(other).needs_review for other in others)


def test_marking_twice_changes_nothing_the_second_time(leaning):
    retraction.mark(leaning["source"])
    lines = GradeChange.objects.count()

    assert not retraction.mark(leaning["source"])
    assert GradeChange.objects.count() == lines


def test_the_pages_show_it_in_the_same_moment(leaning, client):
    page = leaning["assessment"].get_absolute_url()
    before = client.get(page).content.decode()

    retraction.mark(leaning["source"])

    after = client.get(page).content.decode()
    assert "Its source was retracted." in after
    assert "Its source was retracted." not in before


def test_a_level_that_stands_is_told_of_too():
    assessment = make.assessment(items=3)
    source = assessment.items.first().source

    lines = list(retraction.mark(source).lines())

    assert lines == [f"level stands, flagged for review: {assessment} (high)"]


def test_a_failure_on_the_way_leaves_the_source_as_it_was(leaning, monkeypatch):
    def broken(*args):
        raise RuntimeError("the disk is full")

    monkeypatch.setattr(retraction, "_articles", broken)

    with pytest.raises(RuntimeError):
        retraction.mark(leaning["source"])

    assert now(leaning["source"]).retraction == "none"
    assert now(leaning["assessment"]).level == "high"


# At the desk


def test_the_desk_lists_what_a_retraction_changed(leaning, admin_client):
    source = leaning["source"]
    address = reverse("admin:kb_source_change", args=[source.pk])
    form = admin_client.get(address).context["adminform"].form
    values = {
        name: "" if value is None else value
        for name, value in form.initial.items()
        if name not in ("authors", "tags")
    }
    values |= {"authors": "Doe J", "tags": "", "retraction": "retracted"}
    values["authors_complete"] = "on"

    response = admin_client.post(address, values, follow=True)

    told = [str(message) for message in response.context["messages"]]
    assert any("high → very low" in text for text in told), told
    assert any("claim flagged for review" in text for text in told)
    assert now(leaning["assessment"]).needs_review


# From a list


def run(monkeypatch, content: bytes | str, *options: str) -> tuple[str, str]:
    content = content if isinstance(content, bytes) else content.encode()
    stdin = io.TextIOWrapper(io.BytesIO(content))
    monkeypatch.setattr("sys.stdin", stdin)
    out, err = io.StringIO(), io.StringIO()
    call_command("mark_retracted", "-", *options, stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        "pmid,pubDate,country\n10066780,1999-04-13,UNITED STATES\n",
        "\ufeffTitle,DOI\nThe trial,https://doi.org/10.1000/THE.TRIAL\n",
        "10066780\n",
        "PMID: 10066780\r\n",
        "doi:10.1000/the.trial",
        "https://pubmed.ncbi.nlm.nih.gov/10066780/\n",
        "10066780\n10.1000/the.trial\n10066780\n",
    ],
)
def test_a_list_marks_the_sources_that_it_names(leaning, monkeypatch, content):
    out, err = run(monkeypatch, content)

    assert now(leaning["source"]).is_retracted
    assert now(leaning["assessment"]).level == "very-low"
    assert "high → very low" in out
    assert "1 marked as retracted, 0 were marked already" in out
    assert err == ""


def test_what_is_no_source_here_is_counted(leaning, monkeypatch):
    out, _ = run(monkeypatch, "pmid\n10066780\n123\n456\n")

    assert "3 named; 1 are sources here, 2 are not" in out


def test_a_dry_run_tells_and_writes_nothing(leaning, monkeypatch):
    out, _ = run(monkeypatch, "10066780\n", "--dry-run")

    assert "high → very low" in out
    assert "dry run: nothing was written" in out
    assert not now(leaning["source"]).is_retracted
    assert now(leaning["assessment"]).level == "high"
    assert not now(leaning["claim"]).needs_review


def test_a_list_takes_a_retraction_back(leaning, monkeypatch):
    run(monkeypatch, "10066780\n", "--on", "2016-05")
    assert now(leaning["source"]).retracted_on == "2016-05"

    out, _ = run(monkeypatch, "10066780\n", "--undo")

    assert "1 no longer retracted" in out
    assert now(leaning["source"]).retracted_on is None
    assert now(leaning["assessment"]).level == "high"


def test_bad_lines_are_told_with_their_place_and_the_rest_is_done(leaning, monkeypatch):
    content = b"pmid\nabc\n\xff\xfe\n" + b"9" * 20_000 + b"\n" + b"10066780\n\n"

    _, err = run(monkeypatch, content)

    assert now(leaning["source"]).is_retracted
    assert err.splitlines() == [
        "standard input: line 2: 'abc' holds neither a PMID nor a DOI",
        "standard input: line 3: is not UTF-8",
        "standard input: line 4: is longer than 10000 bytes",
        "3 lines could not be read and were left out",
    ]


def test_many_bad_lines_do_not_flood_the_screen(monkeypatch):
    _, err = run(monkeypatch, "x\n" * 1_000)

    assert len(err.splitlines()) == 22
    assert "… and 980 more" in err


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("/nowhere/list.csv",), "There is no file"),
        (("/",), "is a folder"),
        (("-", "--on", "soon"), "--on: 'soon' is not a date"),
    ],
)
def test_a_wrong_call_is_refused_in_a_sentence(options, words):
    with pytest.raises(CommandError, match=words):
        call_command("mark_retracted", *options)


def test_a_list_of_a_file(tmp_path, leaning):
    path = tmp_path / "retracted.csv"
    path.write_text("pmid,pubDate\n10066780,1999-04-13\n", encoding="utf-8")

    call_command("mark_retracted", str(path), stdout=io.StringIO())

    assert Source.objects.retracted().count() == 1
