"""What a field of the desk asks for, with an example, where the model itself does not say.

Here and not in the models: these are words for curators, and no reason for a migration.
"""

from __future__ import annotations

from typing import Any

EVERYWHERE = {
    "substance": "Type a few letters: kratom. Leave it empty where the alkaloid is meant.",
    "alkaloid": "Type a few letters: mitra. Leave it empty where the substance is meant.",
    "symptom": "Type a few letters: insomnia.",
    "region": "Type a name or an ISO code: Ohio, US-OH.",
    "source": "Where it stands. Type a title, a DOI or a slug: kruegel-2016.",
    "sources": "Type a title, a DOI or a slug: kruegel-2016. Several are fine.",
    "verification": "Seen only once somebody has found it there; readers are told.",
    "reviewed_by": "Who last read all of it and did not write it.",
    "note": "What a reader should know about it: dried leaf from Thailand only.",
    "population": "Who was studied: adults who take it daily, United States.",
    "figure": "As the source gives it, with its unit: 11 of 100 people.",
    "likelihood": "Common, uncommon, rare; “nobody knows” where the source says nothing.",
    "severity": "How grave it is for who has it, not how often it happens.",
    "axis": "Does it ask about help or about harm? Insomnia can be both.",
    "direction": "Which way it goes: improves, worsens, no clear effect.",
    "mechanism": "How it is thought to happen: both slow breathing.",
}
OF_MODEL: dict[str, dict[str, str]] = {
    "Claim": {
        "topic": "What it is about, in a word: withdrawal.",
        "substance": "The substance it speaks of, if it is one: kratom.",
        "alkaloid": "The alkaloid it speaks of, if it is one: mitragynine.",
        "symptom": "What it says is helped or caused, if anything: insomnia.",
        "verdict": "How it stands against the sources below.",
        "harm_if_believed": "What may follow for who believes it: high, if they would stop"
        " a treatment that saves lives.",
        "note": "For readers: what the claim leaves out.",
    },
    "CuratorNote": {
        "note": "Where it was seen or what is doubtful. An address becomes a link."
    },
    "OldSlug": {
        "kind": "The kind of record: substance.",
        "slug": "As it once was: biak.",
        "now": "As it is now: kratom. The old address leads there.",
    },
    "Assessment": {
        "override_reason": "Why the computed level does not hold; readers see it.",
        "override_by": "Who set it. Readers see the name that they chose.",
        "override_on": "The day it was set: 2026-11-24.",
    },
    "EvidenceItem": {
        "assessment": "The question it speaks to: subject, symptom, help or harm.",
        "design": "How it was studied; the level starts from it.",
        "n": "How many people took part: 2798. Empty where it is not said.",
        "design_text": "In the source's own words: anonymous online survey.",
        "inside_review": "The review that counts this study already, so that it is not"
        " counted twice.",
        "duplicate_of": "The item that tells of the same people: only one counts.",
        "curated_level": "Only for a review that grades by itself: what it says.",
        "curated_basis": "Where that grade stands: table 2, GRADE profile.",
    },
    "SafetyNote": {
        "kind": "What sort of harm: adverse effect, overdose, dependence.",
        "finding": "One sentence in your own words: Liver injury, in case reports.",
        "symptom": "What is felt or seen, if it has a record: seizure.",
        "interacts_with": "The other substances, for an interaction: alcohol.",
        "further_sources": "Others that say the same. The first stands above.",
    },
    "EvidenceSearch": {"searched_on": "The day of the search: 2026-11-24."},
    "Interaction": {
        "substance": "One of the two: kratom.",
        "level": "How sure it is that the two do this together.",
    },
    "Substance": {
        "category": "What sort of thing it is: a plant, a medicine, a class of these.",
        "drug_class": "For a medicine: opioid agonist. Empty for a plant.",
    },
    "Alkaloid": {
        "chemical_class": "Its family: indole alkaloid.",
        "sources": "Where the structure stands: a database or a paper.",
        "verification": "Seen only once you have found the structure in a reference.",
    },
    "Occurrence": {
        "substance": "What holds it: kratom.",
        "high": "The upper figure of a range, in the unit: 2.0. Empty where there is one.",
    },
    "Activity": {
        "alkaloid": "What acts: mitragynine.",
        "note": "Cells, assay, doubts.",
    },
    "Pharmacokinetic": {"note": "What makes it hard to compare: one person only."},
    "Variety": {
        "substance": "What it is sold as a kind of: kratom.",
        "name": "As sellers call it: Red Bali.",
        "seller_claim": "What sellers say of it, in your own words.",
        "finding": "What was found when somebody looked.",
    },
    "Synonym": {
        "name": "As people write it: ketum.",
        "kind": "Common, local, trade, scientific, abbreviation or misspelling.",
        "source": "Where the name was seen; may stay empty.",
        "substance": "Whose name it is: exactly one of these four.",
        "alkaloid": "Whose name it is: exactly one of these four.",
        "symptom": "Whose name it is: exactly one of these four.",
        "region": "Whose name it is: exactly one of these four.",
    },
    "ExternalId": {
        "scheme": "Whose register it is: Wikidata, PubChem, MeSH.",
        "value": "As the register writes it, without the address around it.",
        "verification": "Seen only once you have opened the register's own page.",
        "substance": "What it names: exactly one of these three.",
        "alkaloid": "What it names: exactly one of these three.",
        "symptom": "What it names: exactly one of these three.",
    },
    "Region": {
        "name": "As a reader would say it: Alabama.",
        "code": "ISO 3166: TH, US-AL; a place below it as US-CA/san-diego.",
        "kind": "A country, a part of one, or a place below that.",
        "parent": "What it lies in: United States. Empty for a country.",
    },
    "RegulatoryStatus": {
        "status": "The strictest that the rule says; see docs/method.md.",
        "layer": "Which body of law it belongs to; several may hold at once.",
        "summary": "One or two sentences in plain words: what the rule says, of what.",
        "possession": "What the rule says of holding it.",
        "sale": "What the rule says of selling it.",
        "importing": "What the rule says of bringing it in.",
        "prescribing": "May a doctor prescribe it?",
        "cultivation": "What the rule says of growing it.",
        "local_rules": "Does it let places below make rules of their own?",
        "confidence": "How good the source is: the law itself, or somebody who writes of it.",
    },
    "HelpResource": {
        "region": "Whom it answers: United States.",
        "name": "As the service calls itself.",
        "kind": "Emergency, poison centre, crisis line or substance use.",
        "url": "The page of the service itself: https://example.org/.",
        "hours": "When it answers, local time: Mon-Fri 9-17, or all day.",
        "verified_on": "The day somebody saw the number on that page: 2026-11-24.",
    },
    "Source": {
        "kind": "What it is: a journal article, a law, a web page.",
        "design": "How it was studied. Empty where it is no study.",
        "retraction": "As the journal or the publisher says today.",
        "retracted_on": "The day of the notice: 2024-05, 2024-05-17.",
        "verification": "Seen only once you have opened it and read what is cited from it."
        " Otherwise readers are told.",
    },
    "Symptom": {
        "kind": "Felt, seen, a syndrome made of others, or another outcome.",
        "part_of": "The syndromes that hold it: insomnia is part of opioid withdrawal.",
        "verification": "Seen only once you have found it in a reference: MeSH, a textbook.",
    },
    "Article": {
        "published_on": "The day readers first saw it: 2026-11-24.",
        "substances": "What it is about; links on its page and in search.",
        "alkaloids": "What it is about; links on its page and in search.",
        "symptoms": "What it is about; links on its page and in search.",
        "claims": "The claims that it answers: C10.",
        "sources": "Read, but not cited in the text. Cited ones are listed by themselves.",
    },
}


def help_for(model: type[Any], field: str) -> str:
    """Return the help of a field, or "" where there is none."""
    own = OF_MODEL.get(model.__name__, {})
    return own.get(field, EVERYWHERE.get(field, ""))
