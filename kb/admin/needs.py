"""What needs somebody, for the front page of the desk: each a count and a list.

A room that knows kb adds needs of its own with `register`. A list that stands behind a
count shows the worst first.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.contrib import admin
from django.core.cache import caches
from django.db.models import Model
from django.urls import reverse
from django.utils.http import urlencode

from kb import evidence, law, version
from kb.choices import Retraction, State, Verification
from kb.models import (
    Activity,
    Alkaloid,
    Assessment,
    Assignment,
    Change,
    Claim,
    EvidenceItem,
    EvidenceSearch,
    HelpResource,
    Interaction,
    Occurrence,
    Pharmacokinetic,
    RegulatoryStatus,
    SafetyNote,
    Source,
    Substance,
    Symptom,
    Variety,
)

User = Any
# How notes and assignments name a fact: as `note_kind` of its desk says.
FACTS: dict[type[Model], str] = {
    Assessment: "assessment",
    EvidenceItem: "evidence-item",
    SafetyNote: "safety-note",
    EvidenceSearch: "evidence-search",
    Interaction: "interaction",
    Occurrence: "occurrence",
    Activity: "activity",
    Pharmacokinetic: "pharmacokinetic",
    Variety: "variety",
    RegulatoryStatus: "status",
    HelpResource: "help",
}


@dataclass(frozen=True)
class Need:
    """`filters` are those of the list of `model` that shows what is counted.

    is_kept: counting reads many rows and is the same for everybody, so it is done once
    for each state of the records and day. Not for what no record's change tells of.
    """

    title: str
    model: type[Model]
    count: Callable[[User], int]
    filters: dict[str, str] = field(default_factory=dict)
    is_mine: bool = False
    is_kept: bool = False


_needs: list[Need] = []


def register(*needs: Need) -> None:
    _needs.extend(needs)


def for_person(user: User) -> list[dict[str, Any]]:
    """Return what needs somebody in two groups, as links; a query or two for each need,
    none where its count is kept.

    [{"title", "rows": [{"title", "count", "url"}]}]; what nobody needs to do is left out.
    """
    groups = []
    moment = f"{version.current()}|{law.today()}"
    for title, is_mine in (("Needs you", True), ("Needs somebody", False)):
        rows = []
        for need in _needs:
            if need.is_mine != is_mine or not _may_see(user, need.model):
                continue
            count = (
                _kept_count(need, user, moment) if need.is_kept else need.count(user)
            )
            if count:
                url = _list_of(need.model, need.filters)
                rows.append({"title": need.title, "count": count, "url": url})
        groups.append({"title": title, "rows": rows})
    return groups


def _kept_count(need: Need, user: User, moment: str) -> int:
    kept, name = caches["pages"], f"need|{need.model.__name__}|{need.title}|{moment}"
    key = hashlib.blake2b(name.encode(), digest_size=16).hexdigest()
    count: int | None = kept.get(key)
    if count is None:
        count = need.count(user)
        kept.set(key, count)
    return count


def _may_see(user: User, model: type[Model]) -> bool:
    return bool(user.has_perm(f"{model._meta.app_label}.view_{model._meta.model_name}"))


def _list_of(model: type[Model], filters: dict[str, str]) -> str:
    name = f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist"
    return f"{reverse(name)}?{urlencode(filters)}" if filters else reverse(name)


def whose_drafts(model: type[Model], user: User) -> Any:
    """Return the drafts of a kind of record that somebody has worked on."""
    worked_on = model.history.filter(history_user=user).values("id")  # type: ignore[attr-defined]
    return model._default_manager.filter(state=State.DRAFT, pk__in=worked_on)


class WhoseFilter(admin.SimpleListFilter):
    title = "whose"
    parameter_name = "whose"

    def lookups(self, request: Any, model_admin: Any) -> list[tuple[str, str]]:
        return [("mine", "Drafts I have worked on")]

    def queryset(self, request: Any, queryset: Any) -> Any:
        if self.value() != "mine":
            return queryset
        mine = whose_drafts(queryset.model, request.user)
        return queryset.filter(pk__in=mine.values("pk"))


def drafts_of(model: type[Model]) -> Need:
    names = str(model._meta.verbose_name_plural)
    return Need(
        f"{names.capitalize()} in draft that you have worked on",
        model,
        lambda user: whose_drafts(model, user).count(),
        {"whose": "mine"},
        is_mine=True,
    )


def assigned(model: Any, kind: str = "") -> Need:
    """Count what is assigned to somebody; `kind` is how notes name a fact of the model."""
    names = str(model._meta.verbose_name_plural)
    return Need(
        f"{names[:1].upper()}{names[1:]} assigned to you",
        model,
        lambda user: _assigned_to(user)[kind or model.KIND],
        {"assigned": "me"},
        is_mine=True,
    )


def _assigned_to(user: User) -> Counter[str]:
    """Return how much of each kind somebody looks after: 1 query a request."""
    if not hasattr(user, "kinds_assigned"):
        given = Assignment.objects.filter(person=user).values_list("about", flat=True)
        user.kinds_assigned = Counter(key.partition(":")[0] for key in given)
    found: Counter[str] = user.kinds_assigned
    return found


def unverified(model: type[Model]) -> Need:
    wanted = {"verification": Verification.UNVERIFIED}
    return Need(
        f"{str(model._meta.verbose_name_plural).capitalize()} that nobody has checked",
        model,
        lambda user: model._default_manager.filter(**wanted).count(),
        {"verification__exact": Verification.UNVERIFIED},
    )


def flagged(title: str, model: type[Model]) -> Need:
    return Need(
        title,
        model,
        lambda user: model._default_manager.filter(needs_review=True).count(),
        {"needs_review__exact": "1"},
    )


register(
    Need(
        "Changes that wait for your review",
        Change,
        lambda user: (
            Change.objects.open().exclude(author=user).count()
            if user.has_perm("kb.approve_change")
            else 0
        ),
        {"needs": "me"},
        is_mine=True,
    ),
    Need(
        "Changes of yours that were sent back",
        Change,
        lambda user: Change.objects.all().to_mend(user).count(),
        {"needs": "mending"},
        is_mine=True,
    ),
    *(assigned(model) for model in (Substance, Alkaloid, Symptom, Source, Claim)),
    *(assigned(model, kind) for model, kind in FACTS.items()),
    *(drafts_of(model) for model in (Substance, Alkaloid, Symptom, Source, Claim)),
    flagged("Levels to look at again: a source under them changed", Assessment),
    flagged("Claims to look at again: something under them changed", Claim),
    Need(
        "Levels set by a curator to look at again",
        Assessment,
        lambda user: evidence.count_open_overrides(),
        {"override": "open"},
        is_kept=True,
    ),
    Need(
        "Retracted sources that something still leans on",
        Source,
        lambda user: Source.objects.filter(retraction=Retraction.RETRACTED).count(),
        {"retraction__exact": Retraction.RETRACTED},
    ),
    Need(
        "Rules of law whose last check has worn out",
        RegulatoryStatus,
        lambda user: law.count_due(today=law.today()),
        {"check": "due"},
        is_kept=True,
    ),
    *(
        unverified(model)
        for model in (
            EvidenceItem,
            SafetyNote,
            Interaction,
            Occurrence,
            Activity,
            Pharmacokinetic,
        )
    ),
)
