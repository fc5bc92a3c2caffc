"""What the desk holds, in the order of the work: on its front page, beside and above lists.

A kind that nobody sorted in stands under "Other", so that none is ever lost.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

GROUPS: tuple[tuple[str, dict[str, str]], ...] = (
    (
        "Records",
        {
            "Substance": "What people take: plants, medicines, products, their classes.",
            "Alkaloid": "Single compounds, each with its structure.",
            "Symptom": "What is felt or seen, syndromes, and other outcomes.",
            "Source": "What everything else cites: papers, laws, pages.",
            "Claim": "Statements that circulate, each with a verdict.",
            "Article": "Edited pages whose sentences are marked with claims.",
        },
    ),
    (
        "Evidence",
        {
            "Assessment": "What all findings say together, and how sure anyone can be.",
            "EvidenceItem": "What one source found about one subject and one outcome.",
            "EvidenceSearch": "Where somebody looked for studies, and when.",
            "SafetyNote": "What can go wrong, for whom, and how grave it is.",
            "Interaction": "What can happen when two things are taken together.",
        },
    ),
    (
        "Law and help",
        {
            "RegulatoryStatus": "What one rule says of one subject in one place.",
            "Region": "Countries, states and places below them.",
            "HelpResource": "Help lines and poison centres.",
        },
    ),
    (
        "Chemistry and the body",
        {
            "Occurrence": "How much of an alkaloid is in a plant or a product.",
            "Activity": "What an alkaloid does at which target.",
            "Pharmacokinetic": "What the body does with it.",
            "Variety": "Names under which a plant is sold.",
        },
    ),
    (
        "Review and reports",
        {
            "Change": "What was proposed to what readers see, and waits for somebody.",
            "ReaderReport": "What readers say is wrong on a page.",
            "MissedQuery": "What readers searched for in vain.",
            "CuratorNote": "Where things were seen and what is doubtful; for curators.",
        },
    ),
    (
        "Names and tags",
        {
            "Synonym": "Other names by which a record is found.",
            "ExternalId": "Its numbers elsewhere: PubChem, Wikidata, ATC.",
            "Tag": "Words that group records.",
        },
    ),
    (
        "People",
        {
            "Curator": "The name that readers see for you, and your interests.",
            "Author": "Who signs articles.",
            "User": "Accounts.",
            "Group": "Roles, and what each may do.",
        },
    ),
    (
        "Kept by the program",
        {
            "GradeChange": "Each change of a level, and why.",
            "LinkCheck": "Whether cited addresses open.",
            "OldSlug": "Addresses that lead on to a record.",
            "TaggedRecord": "Which record carries which tag.",
            "Job": "What runs in the background.",
            "PendingKey": "What the search index has still to learn.",
            "AuditEntry": "Who got in, and who decided what.",
        },
    ),
)
EMPTY = {
    "Change": "What somebody proposes to what readers see comes here, and so does a"
    " draft that was sent to review.",
    "ReaderReport": "“Something wrong?” at the foot of each page leads readers to the"
    " form whose answers come here.",
    "MissedQuery": "Each search that finds nothing is counted here, so that it can"
    " become a name of a record.",
    "Curator": "Add yours: it holds the name that readers see, and the interests that"
    " you state once a year before you decide on changes.",
    "LinkCheck": "Addresses are checked in the background, each about once a week.",
    "Job": "What is done in the background is listed here once it was begun.",
    "OldSlug": "When a record is merged into another, its old address comes here.",
    "PendingKey": "The search index knows everything.",
}
_TOLD = {name: told for _, kinds in GROUPS for name, told in kinds.items()}


def about(name: str) -> str:
    """Return what a kind is, by the name of its model; "" for one that is not ours."""
    return _TOLD.get(name, "")


def when_empty(name: str) -> str:
    return EMPTY.get(name, "")


def grouped(app_list: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Sort what the admin lists by app into our groups; what one may not see is absent.

    [{"name", "models": [{…as the admin has it…, "told"}]}]
    """
    found = {model["object_name"]: model for app in app_list for model in app["models"]}
    groups: list[dict[str, Any]] = []
    for title, kinds in GROUPS:
        rows = [
            {**found.pop(name), "told": told}
            for name, told in kinds.items()
            if name in found
        ]
        groups.append({"name": title, "models": rows})
    groups.append({"name": "Other", "models": list(found.values())})
    return [group for group in groups if group["models"]]
