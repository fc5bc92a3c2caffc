"""The records, a file a family."""

from kb.models.base import Record, TaggedRecord
from kb.models.claims import Claim
from kb.models.curation import CuratorNote, DataVersion, OldSlug, QualityDay
from kb.models.evidence import (
    Assessment,
    EvidenceItem,
    EvidenceSearch,
    GradeChange,
    Interaction,
    SafetyNote,
)
from kb.models.regulation import HelpResource, Region, RegulatoryStatus
from kb.models.reports import ReaderReport
from kb.models.review import Change, ChangeComment, Curator
from kb.models.sources import Source
from kb.models.subjects import (
    Activity,
    Alkaloid,
    ExternalId,
    Occurrence,
    Pharmacokinetic,
    Substance,
    Synonym,
    Variety,
)
from kb.models.symptoms import Symptom

__all__ = [
    "Activity",
    "Alkaloid",
    "Assessment",
    "Change",
    "ChangeComment",
    "Claim",
    "Curator",
    "CuratorNote",
    "DataVersion",
    "EvidenceItem",
    "EvidenceSearch",
    "ExternalId",
    "GradeChange",
    "HelpResource",
    "Interaction",
    "Occurrence",
    "OldSlug",
    "Pharmacokinetic",
    "QualityDay",
    "ReaderReport",
    "Record",
    "Region",
    "RegulatoryStatus",
    "SafetyNote",
    "Source",
    "Substance",
    "Symptom",
    "Synonym",
    "TaggedRecord",
    "Variety",
]
