"""What a curator pastes to name a compound, and what is known of it before it is saved.

A SMILES, an InChI or a PubChem CID; kb.structures does the chemistry itself.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field

from django.conf import settings

from kb import structures
from kb.fetching import FetchError, fetch
from kb.models import Alkaloid
from kb.structures import BadStructure, Structure

_CID = re.compile(r"(?:(?:pubchem\s+)?cid[\s:]*)?([1-9]\d{0,9})", re.IGNORECASE)
_PAGE = re.compile(
    r"https?://pubchem\.ncbi\.nlm\.nih\.gov/compound/(?:[^/?#]*-)?(\d+)/?(?:[?#].*)?"
)
SKELETON = 14  # letters of an InChIKey that tell which atoms hang on which


@dataclass(frozen=True, slots=True)
class Look:
    """What was pasted, drawn and compared. Without a structure, `problem` says why."""

    pasted: str
    structure: Structure | None = None
    problem: str = ""
    cid: str = ""
    title: str = ""  # what PubChem calls it; "" where nobody was asked
    same: list[Alkaloid] = field(default_factory=list)
    same_skeleton: list[Alkaloid] = field(default_factory=list)


def look(pasted: str, *, besides: Alkaloid | None = None) -> Look:
    """Read what was pasted: 1 query, and for a CID one request to PubChem.

    `besides` is the record that is being edited: it is no duplicate of itself.
    """
    text = pasted.strip()
    cid, title = find_cid(text), ""
    try:
        if cid:
            text, title = from_pubchem(cid)
        elif text.startswith("InChI="):
            text = structures.smiles_of_inchi(text)
        structure = structures.read_structure(text)
    except BadStructure as error:
        return Look(pasted.strip(), problem=str(error), cid=cid)
    skeleton = structure.inchikey[:SKELETON]
    near = Alkaloid.objects.filter(inchikey__startswith=skeleton)
    if besides is not None:
        near = near.exclude(pk=besides.pk)
    found = list(near)
    return Look(
        pasted.strip(),
        structure,
        cid=cid,
        title=title,
        same=[each for each in found if each.inchikey == structure.inchikey],
        same_skeleton=[each for each in found if each.inchikey != structure.inchikey],
    )


def find_cid(text: str) -> str:
    """Return the number of "3034396", "CID 3034396" or PubChem's address; else ""."""
    match = _CID.fullmatch(text) or _PAGE.fullmatch(text)
    return match[1] if match else ""


def from_pubchem(cid: str) -> tuple[str, str]:
    """Return the SMILES and the title of a PubChem compound. Raises BadStructure."""
    url = f"{settings.PUBCHEM_URL}/compound/cid/{cid}/property/SMILES,Title/JSON"
    try:
        answer = fetch(url, headers={"Accept": "application/json"})
    except FetchError as error:
        raise BadStructure(f"PubChem could not be asked: {error}") from error
    if answer.status == 404:
        raise BadStructure(f"PubChem has no compound with the number {cid}.")
    if answer.status != 200:
        raise BadStructure(f"PubChem answered with status {answer.status}.")
    try:
        found = json.loads(answer.body)["PropertyTable"]["Properties"][0]
        smiles, title = str(found["SMILES"]), str(found.get("Title", ""))
    except (ValueError, LookupError, TypeError, AttributeError) as error:
        raise BadStructure("PubChem's answer holds no structure.") from error
    return smiles, title
