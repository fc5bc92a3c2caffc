"""The fixed vocabularies: every word that a record may use where it must choose one.

Silence has words of its own here (`none`, `not-assessed`, `unclear`, `not-checked`), so
that nothing missing can turn into something reassuring.
"""

from __future__ import annotations

from django.db.models import TextChoices


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

    VERIFIED = "verified", "Seen in its source"
    PARTIAL = "partial", "Seen in part"
    UNVERIFIED = "unverified", "Not verified: from memory"


class Confidence(TextChoices):
    HIGH = "high", "High: official text or notice"
    MEDIUM = "medium", "Medium: one good secondary source"
    LOW = "low", "Low: a list, a vendor or a forum"


class SynonymKind(TextChoices):
    COMMON = "common", "Common name"
    LOCAL = "local", "Local name"
    TRADE = "trade", "Trade name"
    SCIENTIFIC = "scientific", "Scientific name"
    ABBREVIATION = "abbreviation", "Abbreviation"
    MISSPELLING = "misspelling", "Misspelling"
    LAY = "lay", "Everyday words"


class SubstanceCategory(TextChoices):
    PLANT = "plant", "Plant"
    PREPARATION = "preparation", "Preparation"
    MEDICINE = "medicine", "Medicine"
    COMPOUND = "compound", "Compound"
    PRODUCT = "product", "Product"
    DRUG_CLASS = "drug-class", "Drug class"
    THERAPY = "therapy", "Therapy without a drug"


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
    SYMPTOM = "symptom", "Symptom"
    SIGN = "sign", "Sign"
    SYNDROME = "syndrome", "Syndrome"
    OUTCOME = "outcome", "Outcome"


class SourceKind(TextChoices):
    JOURNAL_ARTICLE = "journal-article", "Journal article"
    SYSTEMATIC_REVIEW = "systematic-review", "Systematic review"
    PREPRINT = "preprint", "Preprint"
    TRIAL_REGISTRATION = "trial-registration", "Trial registration"
    GUIDELINE = "guideline", "Guideline"
    LEGISLATION = "legislation", "Law or official legal text"
    LEGAL_COMMENTARY = "legal-commentary", "Legal commentary"
    REGULATOR = "regulator", "Regulator"
    GOVERNMENT = "government", "Government"
    REPORT = "report", "Report of an organisation"
    REFERENCE = "reference", "Reference work"
    DATABASE = "database", "Database"
    BOOK = "book", "Book"
    THESIS = "thesis", "Thesis"
    NEWS = "news", "News"
    VENDOR = "vendor", "Vendor or interest group"
    WEB_PAGE = "web-page", "Web page"
    SEARCH_RECORD = "search-record", "Recorded search"


class StudyDesign(TextChoices):
    SYSTEMATIC_REVIEW = "systematic-review", "Systematic review"
    META_ANALYSIS = "meta-analysis", "Meta-analysis"
    RCT = "rct", "Randomised controlled trial"
    NONRANDOMISED_TRIAL = "nonrandomised-trial", "Controlled trial, not randomised"
    COHORT = "cohort", "Cohort study"
    CASE_CONTROL = "case-control", "Case-control study"
    INTERRUPTED_SERIES = "interrupted-series", "Interrupted time series"
    REGISTRY = "registry", "Registry with judged causality"
    UNCONTROLLED_STUDY = "uncontrolled-study", "Study without a comparison group"
    CASE_SERIES = "case-series", "Case series"
    CASE_REPORT = "case-report", "Case report"
    SURVEY = "cross-sectional-survey", "Cross-sectional survey"
    SPONTANEOUS_REPORTS = "spontaneous-reports", "Poison-centre or spontaneous reports"
    DEATH_REGISTER = "death-register", "Death register"
    CONTENT_ANALYSIS = "content-analysis", "Content analysis"
    ANIMAL = "animal", "Animal study"
    IN_VITRO = "in-vitro", "Laboratory study (cells or tissue)"
    CHEMICAL_ANALYSIS = "chemical-analysis", "Chemical analysis"
    OUTBREAK_INVESTIGATION = "outbreak-investigation", "Outbreak investigation"
    PHARMACOKINETIC = "pharmacokinetic-study", "Pharmacokinetic study"
    NARRATIVE_REVIEW = "narrative-review", "Narrative review"
    GUIDELINE = "guideline", "Guideline"
    REGULATORY_NOTICE = "regulatory-notice", "Regulatory notice"
    PRODUCT_LABEL = "product-label", "Approved product information"
    EXPERT_STATEMENT = "expert-statement", "Agency or expert statement"
    TRIAL_REGISTRATION = "trial-registration", "Trial registration"
    NEWS = "news", "News or announcement"
    NOT_A_STUDY = "not-a-study", "Not a study"


class Direction(TextChoices):
    IMPROVES = "improves", "Improves"
    NO_CLEAR_EFFECT = "no-clear-effect", "No clear effect"
    WORSENS = "worsens", "Worsens"
    CAUSES = "causes", "Causes"


class Axis(TextChoices):
    """Benefit and harm are graded apart and never cancel each other out."""

    BENEFIT = "benefit", "Does it help?"
    HARM = "harm", "Can it harm?"


class Level(TextChoices):
    """GRADE certainty, and the two kinds of silence."""

    HIGH = "high", "High"
    MODERATE = "moderate", "Moderate"
    LOW = "low", "Low"
    VERY_LOW = "very-low", "Very low"
    NONE = "none", "None"
    NOT_ASSESSED = "not-assessed", "Not assessed"


class Preparation(TextChoices):
    """In which form it was taken; what is found of one form says little of another."""

    WHOLE = "whole", "Whole plant or leaf"
    EXTRACT = "extract", "Extract"
    ISOLATE = "isolate", "Isolated or made compound"
    MEDICINE = "medicine", "Manufactured medicine"
    PRODUCT = "product", "Retail product"
    NOT_STATED = "not-stated", "Not stated"


class SafetyKind(TextChoices):
    ADVERSE_EFFECT = "adverse-effect", "Unwanted effect"
    INTERACTION = "interaction", "Interaction"
    DEPENDENCE = "dependence", "Dependence"
    OVERDOSE = "overdose", "Overdose and death"
    CONTRAINDICATION = "contraindication", "Who must not take it"
    PRODUCT_QUALITY = "product-quality", "Product quality"


class Severity(TextChoices):
    LIFE_THREATENING = "life-threatening", "Death or danger to life"
    SERIOUS = "serious", "Serious"
    MODERATE = "moderate", "Moderate"
    MILD = "mild", "Mild"
    NOT_RATED = "not-rated", "Not rated"


class Likelihood(TextChoices):
    """How often a harm comes, apart from how grave it is and how sure anyone can be."""

    COMMON = "common", "Common: more than 1 in 100"
    UNCOMMON = "uncommon", "Uncommon: 1 in 100 to 1 in 1,000"
    RARE = "rare", "Rare: less than 1 in 1,000"
    UNKNOWN = "unknown", "Nobody knows how often"


class RegionKind(TextChoices):
    UNION = "union", "Union of countries"
    COUNTRY = "country", "Country"
    SUBDIVISION = "subdivision", "State or province"
    LOCAL = "local", "City or county"


class Status(TextChoices):
    """Categories of facts/regulation-taxonomy.md, strictest first."""

    CONTROLLED = "controlled", "Controlled drug"
    BANNED = "banned", "Banned supply"
    PRESCRIPTION_ONLY = "prescription-only", "Prescription only"
    NO_AUTHORISED_PRODUCT = "no-authorised-product", "No authorised product"
    REGULATED_SALE = "regulated-sale", "Regulated sale"
    AGE_LIMIT = "age-limit", "Age limit only"
    UNCONTROLLED = "uncontrolled", "No specific rule found"
    UNCLEAR = "unclear", "Unclear"


# Where no rule was found, or what holds is not known, there is nothing to name.
WITHOUT_INSTRUMENT = (Status.UNCONTROLLED, Status.UNCLEAR)
NAME_THE_INSTRUMENT = (
    "Name the act, order or rule; write “Not named in the source” where it names none."
)


class Layer(TextChoices):
    """Which body of law a rule belongs to; several may hold at once."""

    DRUG_LAW = "drug-law", "Drug law"
    SUPPLY_LAW = "supply-law", "Law against supply or use"
    MEDICINES_LAW = "medicines-law", "Medicines law"
    FOOD_LAW = "food-law", "Food and product law"
    SALES_RULE = "sales-rule", "Rule for sale"
    AGE_RULE = "age-rule", "Age rule"
    ANY = "any", "Not told apart"


class Permission(TextChoices):
    """What a rule says of one activity (holding, selling)."""

    LEGAL = "legal", "Not an offence"
    RESTRICTED = "restricted", "Restricted"
    ILLEGAL = "illegal", "An offence"
    UNCLEAR = "unclear", "Unclear"
    NOT_STATED = "not-stated", "Not stated"


class LocalRules(TextChoices):
    """Whether a rule lets places below it make their own."""

    NOT_STATED = "not-stated", "Not stated"
    ALLOWED = "allowed", "Local rules stay possible"
    BARRED = "barred", "Local rules are barred (pre-emption)"


class Verdict(TextChoices):
    SUPPORTED = "supported", "Supported"
    PARTLY_SUPPORTED = "partly-supported", "Partly supported"
    UNSUPPORTED = "unsupported", "Unsupported"
    CONTRADICTED = "contradicted", "Contradicted"
    NOT_CHECKABLE = "not-checkable", "Cannot be checked"


class Harm(TextChoices):
    HIGH = "high", "High"
    MEDIUM = "medium", "Medium"
    LOW = "low", "Low"


class HelpKind(TextChoices):
    EMERGENCY = "emergency", "Emergency"
    POISON = "poison", "Poison centre"
    CRISIS = "crisis", "Crisis line"
    SUBSTANCE_USE = "substance-use", "Substance use"


class Retraction(TextChoices):
    NONE = "none", "Not known to be retracted"
    CONCERN = "concern", "Expression of concern"
    RETRACTED = "retracted", "Retracted"


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

    NOT_CHECKED = "not-checked", "Not checked"
    WORKS = "works", "Opens"
    FAILING = "failing", "Not found at the last check"
    DEAD = "dead", "Gone"
    UNCLEAR = "unclear", "Could not be checked"


class JobState(TextChoices):
    WAITING = "waiting", "Waiting"
    RUNNING = "running", "Running"
    DONE = "done", "Done"
    FAILED = "failed", "Failed"
