"""Substances and alkaloids as schema.org sees them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from kb.choices import SubstanceCategory
from kb.citing import page_meta
from kb.linked_data.head import Head
from kb.linked_data.nodes import Node, codes, node, page, same_as, thing
from kb.models import Alkaloid, ExternalId, Substance

TYPES = {
    SubstanceCategory.MEDICINE: "Drug",
    SubstanceCategory.DRUG_CLASS: "DrugClass",
    SubstanceCategory.THERAPY: "MedicalTherapy",
}
MOST_NAMES = 8


def subject_type(subject: Substance | Alkaloid) -> str | list[str]:
    if isinstance(subject, Alkaloid):
        return ["MolecularEntity", "Substance"]
    return TYPES.get(SubstanceCategory(subject.category), "Substance")


def subject(
    record: Substance | Alkaloid,
    *,
    names: Sequence[str] = (),
    ids: Iterable[ExternalId] = (),
) -> Head:
    """Return the head of an entry. The law has a page of its own, with its statuses."""
    ids = list(ids)
    other = list(names)[:MOST_NAMES]
    if isinstance(record, Substance) and record.scientific_name:
        other.insert(0, record.scientific_name)
    it = node(
        subject_type(record),
        name=record.name,
        alternateName=other,
        description=record.summary,
        sameAs=same_as(ids),
        code=codes(ids),
    )
    it["@id"] = thing(record)
    if isinstance(record, Alkaloid):
        it |= _structure(record)
    elif it["@type"] == "Drug":
        it |= _medicine(record)
    plural = "Alkaloids" if isinstance(record, Alkaloid) else "Substances"
    return Head(
        path=record.get_absolute_url(),
        graph=[page(record, "MedicalWebPage", plural=plural), it],
        title=record.name,
        meta=page_meta(record),
    )


def _structure(alkaloid: Alkaloid) -> Node:
    mass = f"{alkaloid.molar_mass:.2f} g/mol" if alkaloid.molar_mass else ""
    found = node(
        "",
        smiles=alkaloid.smiles,
        inChIKey=alkaloid.inchikey,
        molecularFormula=alkaloid.formula,
        molecularWeight=mass,
    )
    del found["@type"]
    return found


def _medicine(substance: Substance) -> Node:
    found = node(
        "",
        drugClass=node("DrugClass", name=substance.drug_class)
        if substance.drug_class
        else None,
        mechanismOfAction=substance.mechanism,
        administrationRoute=substance.route,
    )
    del found["@type"]
    return found
