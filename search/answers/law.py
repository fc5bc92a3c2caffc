"""The law on a subject in a place, as it holds today."""

from __future__ import annotations

from urllib.parse import urlencode

from django.utils.translation import gettext

from kb import law, places
from kb.models import Alkaloid, Region, Substance
from kb.pages import law as law_page
from kb.pages import local
from kb.regulation import NOT_CHECKED, EffectiveStatus, Rule, staleness
from search.answers.answer import Answer, joined, page_of
from search.answers.names import Named
from search.answers.question import Question, Subject


def rule(question: Question, chosen: str | None) -> Answer | None:
    """Return what holds in the place named, else in the place chosen: 3 queries."""
    found = _with_rules(question.subject)
    if found is None:
        return None
    record, subject, rules = found
    tree = places.RegionTree()
    region = _place(question, rules, tree) or tree.find(chosen or "")
    if region is None:
        return _everywhere(record, subject, rules, tree)
    effective = law.effective_with(subject, region, rules=rules, tree=tree)
    decider = effective.rule
    shown = law_page.status_of(effective)
    return Answer(
        type="law",
        subject=record.as_json(),
        region={"code": region.code, "name": region.name},
        status=effective.status,
        parts=_sentence(effective, record, region, tree),
        source={"slug": decider.source_slug, "title": decider.source_title}
        if decider
        else None,
        verified_on=str(decider.verified_on)
        if decider and decider.verified_on
        else None,
        url=f"{page_of(record)}?{urlencode({'in': region.code})}#law",
        status_label=shown["status_label"],
        status_detail=shown["detail"],
        change_coming=shown["change_coming"],
        stale=effective.is_stale,
        stale_since=shown["stale_since"],
    )


def _with_rules(named: Subject) -> tuple[Named, law.Subject, list[Rule]] | None:
    """Return what people take of that name; its twin, if only that has rules."""
    found: tuple[Named, law.Subject, list[Rule]] | None = None
    for record in named.twins:
        model = Substance if record.kind == "substance" else Alkaloid
        subject = model.objects.published().filter(slug=record.slug).first()
        if subject is None:
            continue
        rules = law.rules_bearing_on(subject)
        if rules or found is None:
            found = record, subject, rules
        if rules:
            break
    return found


def _sentence(
    effective: EffectiveStatus, record: Named, region: Region, tree: places.RegionTree
) -> tuple[str, ...]:
    via = effective.via
    # Nobody chose a place without a record from a list: say in full which one is meant.
    place = region.spoken_name if region.is_recorded else tree.full_name(region)
    return joined(
        law_page.sentence(effective, record.inside, place),
        gettext("This comes from the law on %(via)s, which reaches %(subject)s.")
        % {"via": via, "subject": record.inside}
        if via
        else "",
        gettext("A change is coming.") if effective.change_coming else "",
        _doubt(effective),
    )


def _doubt(effective: EffectiveStatus) -> str:
    """Say that it may be out of date; why stands before it, with the day of the check."""
    if not effective.is_stale or effective.rule is None:
        return ""
    decision = effective.decision
    age = staleness(effective.rule, today=decision.today, on=decision.on)
    if not age.is_expired:
        return gettext("It may be out of date.")
    said = gettext(
        "It was due to end on %(day)s and was not checked after that: whether it still"
        " holds is unclear."
    )
    return said % {"day": local.day(effective.rule.expires_on)}


def _everywhere(
    record: Named, subject: law.Subject, rules: list[Rule], tree: places.RegionTree
) -> Answer:
    holdings = law.everywhere(subject, tree=tree, rules=rules)
    strict = sum(each.effective.status in ("controlled", "banned") for each in holdings)
    if holdings:
        said = gettext(
            "The law on %(subject)s differs from place to place: controlled or banned in"
            " %(strict)s of the %(total)s places checked. Choose a place."
        )
    else:
        said = gettext(
            "Nobody has checked the law on %(subject)s anywhere for Pharmakon. That does"
            " not mean that it is allowed."
        )
    named = {
        "subject": record.inside,
        "strict": local.count(strict),
        "total": local.count(len(holdings)),
    }
    return Answer(
        type="law",
        subject=record.as_json(),
        parts=(said % named,),
        status=None if holdings else NOT_CHECKED,
        status_label="" if holdings else law_page.LABELS[NOT_CHECKED],
        url=f"{page_of(record)}#law",
    )


def _place(
    question: Question, rules: list[Rule], tree: places.RegionTree
) -> Region | None:
    """Return the narrowest place named; of two with one name, that which has rules.

    Georgia is the state where the query names the United States too, else that of the
    two for which somebody wrote down a rule about the subject, else the state.
    """
    with_rules = {each.region for each in rules}
    named = [
        [region for record in records if (region := tree.find(record.slug))]
        for records in question.regions
    ]
    every = {region.code for regions in named for region in regions}

    def fit(region: Region) -> tuple[int, bool, int]:
        above = tree.chain(region)[1:]
        return (
            len(every.intersection(above)),
            region.code in with_rules,
            len(region.code),
        )

    best = [max(regions, key=fit) for regions in named if regions]
    return max(best, key=lambda region: fit(region)[0], default=None)
