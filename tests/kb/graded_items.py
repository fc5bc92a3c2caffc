"""Evidence items for tests of grading: made up one by one, or drawn by Hypothesis."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hypothesis import strategies as st

from kb.choices import Direction, Level, StudyDesign
from kb.grading.designs import REVIEWS
from kb.grading.items import Item
from kb.grading.steps import DOWNGRADES, UPGRADES

D = StudyDesign


def item(key: str = "a", design: str = D.RCT, **fields: Any) -> Item:
    defaults = {"source": f"source-{key}", "direction": Direction.IMPROVES, "n": 500}
    return Item(key=key, design=design, **(defaults | fields))


REVIEW_OF_TRIALS: dict[str, Any] = {
    "design": D.SYSTEMATIC_REVIEW,
    "reviewed_design": D.RCT,
}


def kratom_surveys() -> list[Item]:
    return [
        item("s1", D.SURVEY, n=8049, indirectness=1),
        item("s2", D.SURVEY, n=2798, risk_of_bias=1),
        item("c1", D.CASE_REPORT, n=1, direction=Direction.NO_CLEAR_EFFECT),
        item("m1", D.ANIMAL, n=None),
    ]


steps_of_two = st.sampled_from([0, 0, 0, 1, 2])
fields_of_an_item = st.fixed_dictionaries(
    {
        "source": st.sampled_from(["s", "t", "u", "v", "w"]),
        "design": st.sampled_from(list(StudyDesign)),
        "direction": st.sampled_from(list(Direction)),
        "reviewed_design": st.sampled_from([None, D.RCT, D.COHORT, D.SURVEY, D.ANIMAL]),
        "n": st.none() | st.integers(0, 600),
        "verification": st.sampled_from(
            ["verified", "verified", "partial", "unverified"]
        ),
        "retracted": st.sampled_from([False, False, False, True]),
        "stated_level": st.sampled_from([None] * 4 + list(Level)),
        "fails_design": st.sampled_from([False, False, True]),
        **dict.fromkeys([*DOWNGRADES, *UPGRADES], steps_of_two),
    }
)


@st.composite
def lists_of_items(draw: st.DrawFn, min_size: int = 0) -> list[Item]:
    drawn = draw(st.lists(fields_of_an_item, min_size=min_size, max_size=6))
    keys = [f"k{number}" for number in range(len(drawn))]
    link = st.none() | st.none() | st.sampled_from(keys or [None])
    return [
        Item(key, **fields, inside_review=draw(link), duplicate_of=draw(link))
        for key, fields in zip(keys, drawn, strict=True)
    ]


@st.composite
def pools(draw: st.DrawFn) -> list[Item]:
    """Items that all stand, of one start, and none of which states a level."""
    design = draw(
        st.sampled_from([D.RCT, D.COHORT, D.SURVEY, D.CHEMICAL_ANALYSIS, *REVIEWS])
    )
    items = draw(lists_of_items(min_size=1))
    return [
        replace(
            found,
            design=design,
            reviewed_design=D.RCT,
            verification="verified",
            retracted=False,
            stated_level=None,
            fails_design=False,
            inside_review=None,
            duplicate_of=None,
        )
        for found in items
    ]


def added(fields: dict[str, Any], **changes: Any) -> Item:
    return Item("new", **(fields | changes))
