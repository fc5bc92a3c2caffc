"""What the law says, as rows, tiles, sentences and timelines."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_noop as _

from kb import regulation
from kb.addresses import address
from kb.choices import Permission, Status
from kb.law import NOW, Holding, Moment, Subject, today
from kb.pages import local, words
from kb.places import RegionTree
from kb.regulation import EffectiveStatus, Rule, first_day, last_day

LABELS = {
    **{status.value: str(status.label) for status in Status},
    "not-checked": _("Not checked"),
}


ACTIVITIES = {
    "possession": _("Holding"),
    "sale": _("Selling"),
    "importing": _("Bringing in"),
    "prescribing": _("Prescribing"),
    "cultivation": _("Growing"),
}
# What a rule says of an activity; silence is a word of its own.
PERMISSIONS = {
    Permission.LEGAL: _("no offence"),
    Permission.RESTRICTED: _("restricted"),
    Permission.ILLEGAL: _("an offence"),
    Permission.UNCLEAR: _("unclear"),
    Permission.NOT_STATED: _("not stated"),
}
PRESCRIBING = PERMISSIONS | {
    Permission.LEGAL: _("possible"),
    Permission.RESTRICTED: _("only under conditions"),
    Permission.ILLEGAL: _("not possible"),
}
# Said only where a rule says something of it.
MORE = {
    "importing": {
        Permission.LEGAL: _("Bringing it into the country is no offence"),
        Permission.RESTRICTED: _("Bringing it into the country is restricted"),
        Permission.ILLEGAL: _("Bringing it into the country is an offence"),
        Permission.UNCLEAR: _("Whether it may be brought into the country is unclear"),
    },
    "prescribing": {
        Permission.LEGAL: _("Doctors can prescribe it"),
        Permission.RESTRICTED: _("Doctors can prescribe it under conditions"),
        Permission.ILLEGAL: _("Doctors cannot prescribe it"),
        Permission.UNCLEAR: _("Whether doctors can prescribe it is unclear"),
    },
    "cultivation": {
        Permission.LEGAL: _("Growing it is no offence"),
        Permission.RESTRICTED: _("Growing it is restricted"),
        Permission.ILLEGAL: _("Growing it is an offence"),
        Permission.UNCLEAR: _("Whether it may be grown is unclear"),
    },
}


def activities(said: EffectiveStatus | Rule) -> list[dict[str, str]]:
    """Return what is said of each activity: [{"name": "Growing", "says": "unclear"}].

    What nothing is said of is left out.
    """
    found = []
    for activity, name in ACTIVITIES.items():
        value = getattr(said, activity)
        if value != Permission.NOT_STATED:
            labels = PRESCRIBING if activity == "prescribing" else PERMISSIONS
            found.append(
                {
                    "activity": activity,
                    "name": name,
                    "value": str(value),
                    "says": labels[Permission(value)],
                }
            )
    return found


def checked_on(rule: Rule) -> str:
    """Return "checked on 22 November 2026", or that nobody noted when."""
    if rule.verified_on:
        return gettext("checked on %(day)s") % {"day": local.day(rule.verified_on)}
    return gettext("not noted when it was checked")


def status_of(
    effective: EffectiveStatus, tree: RegionTree | None = None
) -> dict[str, Any]:
    """Return what components/_status.html takes."""
    rule = effective.rule
    details = [effective.schedule]
    if effective.min_age:
        age = effective.min_age
        details.append(
            ngettext("from %(age)s year", "from %(age)s years", age) % {"age": age}
        )
    if rule:
        details.append(rule.threshold_text)
        if effective.status == Status.UNCONTROLLED:
            details.append(checked_on(rule))
    inherited = effective.inherited_from
    return {
        "status": effective.status,
        "status_label": LABELS[effective.status],
        "stale": effective.is_stale,
        "stale_since": _last_check(effective) if rule else "",
        "detail": ", ".join(detail for detail in details if detail),
        "with_prescription": effective.status == Status.CONTROLLED
        and effective.possession == Permission.LEGAL,
        "change_coming": bool(effective.change_coming),
        "inherited_from": tree.spoken(inherited)
        if tree and inherited
        else inherited or "",
        "via": effective.via,
    }


def _last_check(effective: EffectiveStatus) -> str:
    """Return the day of the last check where it is that which is too long ago; a rule may
    also be doubtful because its source has no date, whenever it was checked."""
    rule, decision = effective.rule, effective.decision
    if rule is None or rule.verified_on is None:
        return ""
    limit = regulation.staleness(rule, today=decision.today).limit_days
    age = (decision.today - first_day(rule.verified_on)).days
    is_too_old = age > limit or rule.source_published is not None
    return local.day(rule.verified_on) if is_too_old else ""


def row(holding: Holding, tree: RegionTree, *, by: str) -> dict[str, Any]:
    """Return a row for components/_statuses_table.html; `by` is "region" or "subject"."""
    effective, rule = holding.effective, holding.effective.rule
    about = holding.region if by == "region" else holding.subject
    depth = len(tree.chain(holding.region)) - 1 if by == "region" else 0
    return {
        "name": words.link(about)["title"],
        "url": about.get_absolute_url(),
        **status_of(effective, tree),
        "since": local.day(effective.since),
        "since_iso": effective.since or "",
        "instrument": rule.instrument if rule else "",
        "verified": local.day(rule.verified_on) if rule else "",
        "verified_iso": (rule.verified_on or "") if rule else "",
        "source_label": rule.source_title if rule else "",
        "source_url": address("kb:source", rule.source_slug)
        if rule and rule.source_slug
        else "",
        "depth": min(depth, 2),
        "summary": rule.summary if rule else "",
        "scope": rule.scope_text if rule else "",
        "activities": activities(effective) if rule else [],
    }


def sentence(
    effective: EffectiveStatus, subject: str, name: str, *, moment: Moment = NOW
) -> str:
    """Return the sentence a person needs: "In Ohio: …, since …. Verified on …".

    name is that of the region asked about.
    """
    rule = effective.rule
    named = {
        "place": words.place(name),
        "subject": subject,
        "day": local.day(moment.day),
        "known": local.day(moment.known_on),
    }
    if rule is None:
        if moment:
            return (
                gettext(
                    "Nothing had been recorded here by %(known)s about the law on"
                    " %(subject)s in %(place)s on %(day)s. That does not mean that it was"
                    " allowed."
                )
                % named
            )
        return (
            gettext(
                "Nobody has checked the law on %(subject)s in %(place)s for Pharmakon."
                " That does not mean that it is allowed."
            )
            % named
        )
    status = local.inside(LABELS[effective.status])
    if effective.schedule:
        status += f" ({effective.schedule})"
    elif effective.status == Status.UNCONTROLLED:
        status += f" ({checked_on(rule)})"
    holds = [status, rule.threshold_text]
    if effective.since:
        holds.append(local.since(effective.since))
    named["holds"] = ", ".join(filter(None, holds))
    said = [
        gettext("In %(place)s on %(day)s: %(holds)s") % named
        if moment
        else gettext("In %(place)s: %(holds)s") % named,
        f"{_said(words.POSSESSION, effective.possession)};"
        f" {_said(words.SALE, effective.sale)}",
    ]
    for activity, labels in MORE.items():
        value = Permission(getattr(effective, activity))
        if value in labels:
            said.append(gettext(labels[value]))
    said += _whose(effective, named["place"], rule)
    said.append(_verified(rule))
    return " ".join(f"{each}." for each in said)


def _verified(rule: Rule) -> str:
    if not rule.verified_on:
        return gettext("Nobody noted when this was verified")
    day = {"day": local.day(rule.verified_on)}
    if rule.source_published:
        return gettext("Verified on %(day)s") % day
    return gettext("Verified on %(day)s, in a source without a date") % day


def _whose(effective: EffectiveStatus, place: str, rule: Rule) -> list[str]:
    """Say whose law it is, where it is that of a place above."""
    if not effective.inherited_from:
        return []
    named = {
        "place": words.place(rule.spoken_region),
        "own": words.possessive(place.partition(",")[0]),
    }
    if effective.is_own_checked:
        return [gettext("This is the law of %(place)s") % named]
    return [
        gettext("This is the law of %(place)s; nothing of %(own)s own was checked")
        % named
    ]


def _said(labels: Mapping[Permission, str], value: str) -> str:
    return gettext(labels.get(Permission(value)) or labels[Permission.UNCLEAR])


def moment_note(
    moment: Moment, path: str, keep: Mapping[str, str]
) -> dict[str, str] | None:
    """Return what kb/_law_moment.html says, or None where the question is about today.

    keep are the other parameters of the address, which the way back to today keeps.
    """
    if not moment:
        return None
    query = f"?{urlencode(keep)}" if keep else ""
    return {"text": _moment_text(moment), "today_url": f"{path}{query}#law"}


def _moment_text(moment: Moment) -> str:
    day, now = moment.day, today()
    named = {"day": local.day(day), "recorded": local.day(moment.as_of)}
    if moment.as_of and day < now:
        text = gettext(
            "The law as it stood on %(day)s, as recorded here on %(recorded)s."
        )
    elif moment.as_of and day == now:
        text = gettext(
            "The law as it stands on %(day)s, as recorded here on %(recorded)s."
        )
    elif moment.as_of:
        text = gettext(
            "The law as far as it is known, on %(day)s, as recorded here on"
            " %(recorded)s."
        )
    elif day < now:
        text = gettext("The law as it stood on %(day)s.")
    elif day == now:
        text = gettext("The law as it stands on %(day)s.")
    else:
        text = gettext("The law as far as it is known, on %(day)s.")
    return text % named


def timeline(
    rules: Sequence[Rule],
    *,
    limit: int | None = None,
    subjects: Mapping[str, Subject] | None = None,
) -> list[dict[str, Any]]:
    """Return dated changes, newest first, for components/_timeline.html.

    With `subjects` an entry names its subject; else it names its region.
    """
    dated = sorted(
        (rule for rule in rules if rule.since),
        key=lambda rule: rule.since or "",
        reverse=True,
    )
    entries, day = [], today()
    for rule in dated[:limit]:
        state = "past" if rule.until and last_day(rule.until) < day else "now"
        is_ahead = rule.since is not None and first_day(rule.since) > day
        if (rule.is_pending and state == "now") or is_ahead:
            state = "coming"
        about = subjects[rule.subject] if subjects else None
        days = {"since": local.day(rule.since), "until": local.day(rule.until)}
        named = {
            "name": about.name if about else rule.spoken_region,
            "status": local.inside(LABELS[rule.status]),
        }
        entries.append(
            {
                "date": gettext("%(since)s until %(until)s") % days
                if rule.until
                else days["since"],
                "date_iso": rule.since,
                "title": gettext("%(name)s: Proposed: %(status)s") % named
                if rule.is_pending
                else gettext("%(name)s: %(status)s") % named,
                "url": about.get_absolute_url()
                if about
                else address("kb:region", rule.region),
                "body": rule.summary,
                "state": state,
                "status": "" if rule.is_pending else rule.status,
                "detail": rule.schedule,
                "source_label": rule.source_title,
                "source_url": address("kb:source", rule.source_slug)
                if rule.source_slug
                else "",
            }
        )
    return entries


def pending(rules: Iterable[Rule]) -> list[Rule]:
    return [rule for rule in rules if rule.is_pending and not rule.until]


def strictness(status: str) -> int:
    """Return its place in the strictest-first order; what was not checked comes last."""
    order = list(regulation.STRICTNESS)
    return order.index(Status(status)) if status in order else len(order)
