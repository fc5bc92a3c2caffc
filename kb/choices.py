"""The fixed vocabularies: every word that a record may use where it must choose one.

Silence has words of its own here (`none`, `not-assessed`, `unclear`, `not-checked`), so
that nothing missing can turn into something reassuring.
"""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_noop as _


class State(TextChoices):
    DRAFT = "draft", "Draft"
    IN_REVIEW = "in-review", "In review"
    PUBLISHED = "published", "Published"
    WITHDRAWN = "withdrawn", "Withdrawn"


class PlainStanding(TextChoices):
    """How the plain version of a summary stands to the summary."""

    CURRENT = "current", "Written for the summary as it is"
    BEHIND = "behind", "Older than the summary"
    MISSING = "missing", "Not written yet"


class ReviewState(TextChoices):
    """Where a proposed change stands."""

    OPEN = "open", "Waiting for review"
    APPROVED = "approved", "Approved"
    REJECTED = "rejected", "Rejected"
    WITHDRAWN = "withdrawn", "Withdrawn"


class Verification(TextChoices):
    """How far somebody saw with their own eyes what a fact rests on."""

    VERIFIED = "verified", _("Seen in its source")
    PARTIAL = "partial", _("Seen in part")
    UNVERIFIED = "unverified", _("Not verified: not seen in its source yet")


class Confidence(TextChoices):
    HIGH = "high", _("High: official text or notice")
    MEDIUM = "medium", _("Medium: one good secondary source")
    LOW = "low", _("Low: a list, a vendor or a forum")


class SynonymKind(TextChoices):
    COMMON = "common", _("Common name")
    LOCAL = "local", _("Local name")
    TRADE = "trade", _("Trade name")
    SCIENTIFIC = "scientific", _("Scientific name")
    ABBREVIATION = "abbreviation", _("Abbreviation")
    MISSPELLING = "misspelling", _("Misspelling")
    LAY = "lay", _("Everyday words")


class SubstanceCategory(TextChoices):
    PLANT = "plant", _("Plant")
    PREPARATION = "preparation", _("Preparation")
    MEDICINE = "medicine", _("Medicine")
    COMPOUND = "compound", _("Compound")
    PRODUCT = "product", _("Product")
    DRUG_CLASS = "drug-class", _("Drug class")
    THERAPY = "therapy", _("Therapy without a drug")


class ExternalScheme(TextChoices):
    """Who gave an identifier, with the address that shows it."""

    ATC = "atc", "ATC"
    CAS = "cas", "CAS Registry Number"
    CHEMBL = "chembl", "ChEMBL"
    DRUGBANK = "drugbank", "DrugBank"
    HPO = "hpo", "Human Phenotype Ontology"
    ICD10CM = "icd-10-cm", "ICD-10-CM"
    MESH = "mesh", "MeSH"
    PUBCHEM = "pubchem", "PubChem CID"
    RXNORM = "rxnorm", "RxNorm"
    SYMP = "symp", "Symptom Ontology"
    UNII = "unii", "UNII"
    WIKIDATA = "wikidata", "Wikidata"


class SymptomKind(TextChoices):
    SYMPTOM = "symptom", _("Symptom")
    SIGN = "sign", _("Sign")
    SYNDROME = "syndrome", _("Syndrome")
    OUTCOME = "outcome", _("Outcome")


class SourceKind(TextChoices):
    JOURNAL_ARTICLE = "journal-article", _("Journal article")
    SYSTEMATIC_REVIEW = "systematic-review", _("Systematic review")
    PREPRINT = "preprint", _("Preprint")
    TRIAL_REGISTRATION = "trial-registration", _("Trial registration")
    GUIDELINE = "guideline", _("Guideline")
    LEGISLATION = "legislation", _("Law or official legal text")
    LEGAL_COMMENTARY = "legal-commentary", _("Legal commentary")
    REGULATOR = "regulator", _("Regulator")
    GOVERNMENT = "government", _("Government")
    REPORT = "report", _("Report of an organisation")
    REFERENCE = "reference", _("Reference work")
    DATABASE = "database", _("Database")
    BOOK = "book", _("Book")
    THESIS = "thesis", _("Thesis")
    NEWS = "news", _("News")
    VENDOR = "vendor", _("Vendor or interest group")
    WEB_PAGE = "web-page", _("Web page")
    SEARCH_RECORD = "search-record", _("Recorded search")


class StudyDesign(TextChoices):
    SYSTEMATIC_REVIEW = "systematic-review", _("Systematic review")
    META_ANALYSIS = "meta-analysis", _("Meta-analysis")
    RCT = "rct", _("Randomised controlled trial")
    NONRANDOMISED_TRIAL = "nonrandomised-trial", _("Controlled trial, not randomised")
    COHORT = "cohort", _("Cohort study")
    CASE_CONTROL = "case-control", _("Case-control study")
    INTERRUPTED_SERIES = "interrupted-series", _("Interrupted time series")
    REGISTRY = "registry", _("Registry with judged causality")
    UNCONTROLLED_STUDY = "uncontrolled-study", _("Study without a comparison group")
    CASE_SERIES = "case-series", _("Case series")
    CASE_REPORT = "case-report", _("Case report")
    SURVEY = "cross-sectional-survey", _("Cross-sectional survey")
    SPONTANEOUS_REPORTS = (
        "spontaneous-reports",
        _("Poison-centre or spontaneous reports"),
    )
    DEATH_REGISTER = "death-register", _("Death register")
    CONTENT_ANALYSIS = "content-analysis", _("Content analysis")
    ANIMAL = "animal", _("Animal study")
    IN_VITRO = "in-vitro", _("Laboratory study (cells or tissue)")
    CHEMICAL_ANALYSIS = "chemical-analysis", _("Chemical analysis")
    OUTBREAK_INVESTIGATION = "outbreak-investigation", _("Outbreak investigation")
    PHARMACOKINETIC = "pharmacokinetic-study", _("Pharmacokinetic study")
    NARRATIVE_REVIEW = "narrative-review", _("Narrative review")
    GUIDELINE = "guideline", _("Guideline")
    REGULATORY_NOTICE = "regulatory-notice", _("Regulatory notice")
    PRODUCT_LABEL = "product-label", _("Approved product information")
    EXPERT_STATEMENT = "expert-statement", _("Agency or expert statement")
    TRIAL_REGISTRATION = "trial-registration", _("Trial registration")
    NEWS = "news", _("News or announcement")
    NOT_A_STUDY = "not-a-study", _("Not a study")


class Direction(TextChoices):
    IMPROVES = "improves", _("Improves")
    NO_CLEAR_EFFECT = "no-clear-effect", _("No clear effect")
    WORSENS = "worsens", _("Worsens")
    CAUSES = "causes", _("Causes")


class Axis(TextChoices):
    """Benefit and harm are graded apart and never cancel each other out."""

    BENEFIT = "benefit", _("Does it help?")
    HARM = "harm", _("Can it harm?")


class Level(TextChoices):
    """GRADE certainty, and the two kinds of silence."""

    HIGH = "high", _("High")
    MODERATE = "moderate", _("Moderate")
    LOW = "low", _("Low")
    VERY_LOW = "very-low", _("Very low")
    NONE = "none", _("None")
    NOT_ASSESSED = "not-assessed", _("Not assessed")


class Preparation(TextChoices):
    """In which form it was taken; what is found of one form says little of another."""

    WHOLE = "whole", _("Whole plant or leaf")
    EXTRACT = "extract", _("Extract")
    ISOLATE = "isolate", _("Isolated or made compound")
    MEDICINE = "medicine", _("Manufactured medicine")
    PRODUCT = "product", _("Retail product")
    NOT_STATED = "not-stated", _("Not stated")


class SafetyKind(TextChoices):
    ADVERSE_EFFECT = "adverse-effect", _("Unwanted effect")
    INTERACTION = "interaction", _("Interaction")
    DEPENDENCE = "dependence", _("Dependence")
    OVERDOSE = "overdose", _("Overdose and death")
    CONTRAINDICATION = "contraindication", _("Who must not take it")
    PRODUCT_QUALITY = "product-quality", _("Product quality")


class Severity(TextChoices):
    LIFE_THREATENING = "life-threatening", _("Death or danger to life")
    SERIOUS = "serious", _("Serious")
    MODERATE = "moderate", _("Moderate")
    MILD = "mild", _("Mild")
    NOT_RATED = "not-rated", _("Not rated")


class Likelihood(TextChoices):
    """How often a harm comes, apart from how grave it is and how sure anyone can be."""

    COMMON = "common", _("Common: more than 1 in 100")
    UNCOMMON = "uncommon", _("Uncommon: 1 in 100 to 1 in 1,000")
    RARE = "rare", _("Rare: less than 1 in 1,000")
    UNKNOWN = "unknown", _("Nobody knows how often")


class RegionKind(TextChoices):
    UNION = "union", _("Union of countries")
    COUNTRY = "country", _("Country")
    SUBDIVISION = "subdivision", _("State or province")
    LOCAL = "local", _("City or county")


class Status(TextChoices):
    """Categories of facts/regulation-taxonomy.md, strictest first."""

    CONTROLLED = "controlled", _("Controlled drug")
    BANNED = "banned", _("Banned supply")
    PRESCRIPTION_ONLY = "prescription-only", _("Prescription only")
    NO_AUTHORISED_PRODUCT = "no-authorised-product", _("No authorised product")
    REGULATED_SALE = "regulated-sale", _("Regulated sale")
    AGE_LIMIT = "age-limit", _("Age limit only")
    UNCONTROLLED = "uncontrolled", _("No specific rule found")
    UNCLEAR = "unclear", _("Unclear")


# Where no rule was found, or what holds is not known, there is nothing to name.
WITHOUT_INSTRUMENT = (Status.UNCONTROLLED, Status.UNCLEAR)
NAME_THE_INSTRUMENT = (
    "Name the act, order or rule; write “Not named in the source” where it names none."
)


class Layer(TextChoices):
    """Which body of law a rule belongs to; several may hold at once."""

    DRUG_LAW = "drug-law", _("Drug law")
    SUPPLY_LAW = "supply-law", _("Law against supply or use")
    MEDICINES_LAW = "medicines-law", _("Medicines law")
    FOOD_LAW = "food-law", _("Food and product law")
    SALES_RULE = "sales-rule", _("Rule for sale")
    AGE_RULE = "age-rule", _("Age rule")
    ANY = "any", _("Not told apart")


class Permission(TextChoices):
    """What a rule says of one activity (holding, selling)."""

    LEGAL = "legal", _("Not an offence")
    RESTRICTED = "restricted", _("Restricted")
    ILLEGAL = "illegal", _("An offence")
    UNCLEAR = "unclear", _("Unclear")
    NOT_STATED = "not-stated", _("Not stated")


class LocalRules(TextChoices):
    """Whether a rule lets places below it make their own."""

    NOT_STATED = "not-stated", _("Not stated")
    ALLOWED = "allowed", _("Local rules stay possible")
    BARRED = "barred", _("Local rules are barred (pre-emption)")


class Verdict(TextChoices):
    SUPPORTED = "supported", _("Supported")
    PARTLY_SUPPORTED = "partly-supported", _("Partly supported")
    UNSUPPORTED = "unsupported", _("Unsupported")
    CONTRADICTED = "contradicted", _("Contradicted")
    NOT_CHECKABLE = "not-checkable", _("Cannot be checked")


class Harm(TextChoices):
    HIGH = "high", _("High")
    MEDIUM = "medium", _("Medium")
    LOW = "low", _("Low")


class HelpKind(TextChoices):
    EMERGENCY = "emergency", _("Emergency")
    POISON = "poison", _("Poison centre")
    CRISIS = "crisis", _("Crisis line")
    SUBSTANCE_USE = "substance-use", _("Substance use")


class Retraction(TextChoices):
    NONE = "none", _("Not known to be retracted")
    CONCERN = "concern", _("Expression of concern")
    RETRACTED = "retracted", _("Retracted")


class AuditEvent(TextChoices):
    """What the audit trail keeps."""

    LOGGED_IN = "logged-in", "Logged in"
    LOGGED_OUT = "logged-out", "Logged out"
    LOGIN_FAILED = "login-failed", "Login failed"
    LOCKED_OUT = "locked-out", "Locked out"
    FACTOR_ADDED = "factor-added", "Second factor added"
    FACTOR_REMOVED = "factor-removed", "Second factor removed"
    FACTOR_RESET = "factor-reset", "Second factor reset by an administrator"
    CODES_RENEWED = "codes-renewed", "Recovery codes made anew"
    PASSWORD_CHANGED = "password-changed", "Password changed"
    ACCOUNT_CHANGED = "account-changed", "Account or its rights changed"
    APPROVED = "approved", "Change approved"
    REJECTED = "rejected", "Change sent back"
    PUBLISHED = "published", "Record published"
    WITHDRAWN = "withdrawn", "Record withdrawn"
    EXPORTED = "exported", "Exported"
    IMPORTED = "imported", "Imported"
    MERGED = "merged", "Records merged"


class LinkState(TextChoices):
    """What is known of a cited address. Only `dead` says that it is gone."""

    NOT_CHECKED = "not-checked", _("Not checked")
    WORKS = "works", _("Opens")
    FAILING = "failing", _("Not found at the last check")
    DEAD = "dead", _("Gone")
    UNCLEAR = "unclear", _("Could not be checked")


class JobState(TextChoices):
    WAITING = "waiting", "Waiting"
    RUNNING = "running", "Running"
    DONE = "done", "Done"
    FAILED = "failed", "Failed"
