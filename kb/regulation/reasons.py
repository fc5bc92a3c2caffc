"""The chain of reasons: a sentence for each rule that was weighed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kb.choices import Status
from kb.regulation.rules import DECIDING_PLACE, Rule
from kb.regulation.staleness import staleness

if TYPE_CHECKING:
    from kb.regulation.effective import Decision


def via_of(rule: Rule, subject: str) -> str | None:
    return rule.subject.partition(":")[2] if rule.subject != subject else None


def _rule_text(rule: Rule, subject: str) -> str:
    """'Alabama, by its law on mitragynine: controlled drug, Schedule I, since 2016'."""
    via = via_of(rule, subject)
    where = f"{rule.region_name}, by its law on {via}" if via else rule.region_name
    parts = [Status(rule.status).label.lower(), rule.schedule]
    parts.append(f"for {rule.form}" if rule.form else "")
    parts.append(rule.threshold_text)
    parts.append(f"buyers from age {rule.min_age}" if rule.min_age else "")
    parts.append(f"since {rule.since}" if rule.since else "")
    parts.append(f"until {rule.until}" if rule.until else "")
    return f"{where}: {', '.join(part for part in parts if part)}."


def because(decision: Decision, region: str) -> tuple[str, ...]:
    """Return a sentence for each rule: the deciding one first, then by what they weigh."""
    reasons = []
    if decision.rule is None:
        reasons.append(
            f"No rule is recorded for {decision.on.isoformat()}, here or in the places "
            "above: not checked. That says nothing about what is allowed."
        )
    else:
        reasons.append(_layer_sentence(decision.rule, decision))
    others = [rule for rule in decision.layers if rule is not decision.rule]
    reasons += [
        _layer_sentence(rule, decision)
        for rule in sorted(
            others, key=lambda rule: DECIDING_PLACE[_standing(rule, decision)]
        )
    ]
    reasons += [_barred_sentence(rule, above) for rule, above in decision.barred]
    reasons += [
        _coming_sentence(rule, decision.subject) for rule in decision.change_coming
    ]
    if decision.rule and region not in decision.places:
        reasons.append(
            f"All of this comes from above: nothing of {region}'s own was checked."
        )
    return tuple(reasons)


def _standing(rule: Rule, decision: Decision) -> str:
    return Status.UNCLEAR if rule.key in decision.unclear else rule.status


def _layer_sentence(rule: Rule, decision: Decision) -> str:
    status = _standing(rule, decision)
    text = _rule_text(rule, decision.subject)
    if status != rule.status:
        age = staleness(rule, today=decision.today, on=decision.on)
        text += f" {age.sentence} It counts as unclear."
    if rule is not decision.rule:
        if status == Status.NO_AUTHORISED_PRODUCT:
            return f"{text} In force as well: product law, which binds those who sell."
        return f"{text} In force as well; it does not change the result."
    if status == Status.UNCLEAR:
        return f"{text} This decides: a change may have come unseen."
    if status == Status.NO_AUTHORISED_PRODUCT:
        return f"{text} This decides: no rule that binds who holds it says more."
    if status == Status.UNCONTROLLED:
        return f"{text} This decides: no recorded rule says more."
    return f"{text} This decides: the strictest rule that binds who holds it."


def _barred_sentence(rule: Rule, above: Rule) -> str:
    act = f" ({above.instrument})" if above.instrument else ""
    return (
        f"{rule.region_name}: its own rule, {Status(rule.status).label.lower()}, "
        f"has no effect, because {above.region_name} bars local rules{act}."
    )


def _coming_sentence(rule: Rule, subject: str) -> str:
    kind = "proposed, not law" if rule.is_pending else "passed, not yet in force"
    return f"Change coming ({kind}): {_rule_text(rule, subject)}"
