"""Pieces of pages: rendered once for the same values, and never shown for others."""

from __future__ import annotations

import pytest
from django.core.cache import caches
from django.template import engines
from django.utils import translation
from django.utils.safestring import mark_safe

from kb import pieces
from tests import make

LEVEL = '{% piece "components/_level.html" with level=level about=about %}'


@pytest.fixture(autouse=True)
def nothing_kept():
    pieces.kept.clear()
    yield
    pieces.kept.clear()


@pytest.fixture
def count_renders(monkeypatch):
    """Count how often a template is rendered, by its name."""
    from django.template import Template

    counted = []
    render = Template.render

    def counting(self, context):
        counted.append(self.name)
        return render(self, context)

    monkeypatch.setattr(Template, "render", counting)
    return counted


def show(text=LEVEL, **values):
    return engines["django"].from_string(text).render(values)


def test_the_same_values_are_rendered_once(count_renders):
    first = show(level="low", about="Pain")
    second = show(level="low", about="Pain")

    assert first == second
    assert "Low certainty" in first
    assert count_renders.count("components/_level.html") == 1


def test_other_values_are_rendered_anew():
    assert "Pain" in show(level="low", about="Pain")
    assert "Anxiety" in show(level="low", about="Anxiety")


def test_each_language_has_its_own():
    english = show(level="low", about="")
    with translation.override("de"):
        german = show(level="low", about="")

    assert "Low" in english
    assert "Low" not in german


def test_text_that_is_safe_is_not_taken_for_text_that_is_not():
    name = "<b>Pain</b>"

    assert "<b>Pain" in show(level="low", about=mark_safe(name))
    assert "&lt;b&gt;Pain" in show(level="low", about=name)


def test_true_is_not_taken_for_one():
    assert ": 1<" in show(level="low", about=1)
    assert ": True<" in show(level="low", about=True)


def test_a_piece_sees_nothing_but_its_values():
    text = '{% piece "components/_level.html" with level="low" %}'

    assert "Pain" not in show(text, about="Pain")


def test_what_was_not_asked_for_longest_goes_first():
    kept = pieces.Kept(room=10)
    for name in (b"a", b"b", b"c"):
        kept.keep(name, mark_safe("12345"))
        kept.find(b"a")

    assert kept.find(b"a")
    assert not kept.find(b"b")
    assert kept.find(b"c")


@pytest.mark.django_db
def test_a_page_shows_a_change_at_once_and_renders_only_what_it_is_in(
    client, count_renders
):
    kratom = make.whole_subject()
    assessment = kratom.assessment_set.first()
    address = kratom.get_absolute_url()
    client.get(address)
    count_renders.clear()

    assessment.conclusion = "Nobody had seen it before."
    assessment.save()
    page = client.get(address).content.decode()

    assert "Nobody had seen it before." in page
    assert count_renders.count("components/_matrix.html") == 1
    assert "components/_sources.html" not in count_renders
    assert "components/_heading.html" not in count_renders


@pytest.mark.django_db
def test_the_first_view_after_a_change_elsewhere_renders_no_table(
    client, count_renders
):
    kratom = make.whole_subject()
    client.get(kratom.get_absolute_url())
    count_renders.clear()

    caches["pages"].clear()
    client.get(kratom.get_absolute_url())

    assert "components/_matrix.html" not in count_renders
    assert "components/_matrix_row.html" not in count_renders
