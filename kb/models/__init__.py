"""The records, a file a family."""

from kb.models.accounts import AuditEntry, FailedLogins
from kb.models.base import PlainlyTold, Record, TaggedRecord
from kb.models.claims import Claim
from kb.models.curation import CuratorNote, DataVersion, OldSlug, QualityDay
from kb.models.evidence import (
    Assessment,
    EvidenceItem,
    EvidenceSearch,
    GradeChange,
)
from kb.models.limits import RecentCount
from kb.models.regulation import HelpResource, Region, RegulatoryStatus
from kb.models.reports import ReaderReport
from kb.models.review import Assignment, Change, ChangeComment, Curator
from kb.models.safety import Interaction, SafetyNote
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
from kb.models.work import Job, LinkCheck

__all__ = [
    "Activity",
    "Alkaloid",
    "Assessment",
    "Assignment",
    "AuditEntry",
    "Change",
    "ChangeComment",
    "Claim",
    "Curator",
    "CuratorNote",
    "DataVersion",
    "EvidenceItem",
    "EvidenceSearch",
    "ExternalId",
    "FailedLogins",
    "GradeChange",
    "HelpResource",
    "Interaction",
    "Job",
    "LinkCheck",
    "Occurrence",
    "OldSlug",
    "Pharmacokinetic",
    "PlainlyTold",
    "QualityDay",
    "ReaderReport",
    "RecentCount",
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
