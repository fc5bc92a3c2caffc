"""One assessment alone: its arithmetic, what would change it, and the reader's what-if."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from kb import evidence, grading
from kb.hints import what_would_change
from kb.models import Assessment
from kb.pages import evidence as evidence_page
from kb.pages import words
from kb.pages.citations import Citations


def context(
    assessment: Assessment, *, without: Collection[str], only_people: bool
) -> dict[str, Any]:
    """Return all that kb/why.html shows; `without` holds the slugs of sources left out."""
    citations = Citations()
    items, searches = evidence.for_assessment(assessment)
    left_out = set(without) & {item.source for item in items}
    tried = grading.regrade(items, searches, without=left_out, only_people=only_people)
    names = {item.source: item.source_title for item in items}
    page = evidence_page.unfolded(assessment, citations)
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
        + (f", against {assessment.comparator}" if assessment.comparator else ""),
        "url": assessment.get_absolute_url(),
    }
