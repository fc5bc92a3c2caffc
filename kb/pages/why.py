"""One assessment alone: its arithmetic, what would change it, and the reader's what-if."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from kb import evidence
from kb.grading.items import Item, Search
from kb.grading.suggestion import regrade, suggest
from kb.hints import what_would_change
from kb.languages import is_english
from kb.models import Assessment
from kb.pages import evidence as evidence_page
from kb.pages import words
from kb.pages.citations import Citations
from kb.pages.matrix import against


def context(
    assessment: Assessment, *, without: Collection[str], only_people: bool
) -> dict[str, Any]:
    """Return all that kb/why.html shows; `without` holds the slugs of sources left out."""
    citations = Citations()
    items, searches = evidence.for_assessment(assessment)
    left_out = set(without) & {item.source for item in items}
    tried = regrade(items, searches, without=left_out, only_people=only_people)
    names = {item.source: item.source_title for item in items}
    page = evidence_page.unfolded(
        assessment, citations, _arithmetic(assessment, items, searches)
    )
    return {
        "each": page,
        "subject": words.link(assessment.subject),
        "symptom": words.link(assessment.symptom),
        "conclusion": assessment.conclusion,
        "hints": [hint.text for hint in what_would_change(items, searches)],
        "is_trying": bool(left_out or only_people),
        "only_people": only_people,
        "choices": [
            {"slug": slug, "title": title, "is_left_out": slug in left_out}
            for slug, title in sorted(names.items(), key=lambda pair: pair[1])
        ],
        "tried": {
            "level": tried.level,
            "level_label": str(tried.level.label),
            "basis": tried.basis,
            "steps": [
                {"text": step.text, "change": step.change} for step in tried.steps
            ],
            "is_same": tried.level == assessment.suggested_level,
        },
        "ledger": [ledger_line(each) for each in assessment.grade_changes.all()[:30]],
        "sources": citations.notes,
    }


def _arithmetic(
    assessment: Assessment,
    items: Sequence[Item],
    searches: Sequence[Search],
) -> dict[str, Any]:
    """Return the stored steps; in another language, which is not stored, made anew."""
    if is_english():
        return assessment.arithmetic
    return dict(evidence.as_json(suggest(items, searches)))


def ledger_line(change: Any) -> dict[str, Any]:
    """Return a line of the grade ledger as a reader sees it."""
    assessment = change.assessment
    return {
        "at": change.at,
        "before": change.before,
        "before_label": change.get_before_display(),
        "after": change.after,
        "after_label": change.get_after_display(),
        "cause": change.cause,
        "title": f"{assessment.subject.name}: {assessment.symptom.name}"
        + (f", {told}" if (told := against(assessment.comparator)) else ""),
        "url": assessment.get_absolute_url(),
    }
