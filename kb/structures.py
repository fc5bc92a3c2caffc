"""Chemistry, through RDKit: nothing here is typed by hand that can be computed.

RDKit is imported inside the functions, so that a process that only shows pages stays small.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache


class BadStructure(ValueError):
    """A SMILES that is no molecule; the message says why."""


@dataclass(frozen=True, slots=True)
class Structure:
    smiles: str  # as RDKit writes it: one molecule, one SMILES
    inchikey: str
    formula: str
    molar_mass: float  # g/mol, rounded to 3 places
    svg: str


@lru_cache(maxsize=512)
def read_structure(smiles: str) -> Structure:
    """Return what follows from a SMILES. Raises BadStructure."""
    from rdkit import Chem, RDLogger
    from rdkit.Chem import Descriptors, rdMolDescriptors

    RDLogger.DisableLog("rdApp.*")
    text = smiles.strip()
    molecule = Chem.MolFromSmiles(text) if text else None
    if molecule is None:
        raise BadStructure(_why_not(text))
    inchikey = Chem.MolToInchiKey(molecule)
    if not inchikey:
        raise BadStructure(f"{text!r}: no InChIKey could be computed for it.")
    return Structure(
        smiles=Chem.MolToSmiles(molecule),
        inchikey=inchikey,
        formula=rdMolDescriptors.CalcMolFormula(molecule),
        molar_mass=round(Descriptors.MolWt(molecule), 3),
        svg=_draw(molecule),
    )


def smiles_of_inchi(inchi: str) -> str:
    """Return the canonical SMILES of an InChI. Raises BadStructure in RDKit's words."""
    from rdkit import Chem, RDLogger

    RDLogger.DisableLog("rdApp.*")
    molecule = Chem.MolFromInchi(inchi.strip())
    if molecule is None:
        loose = Chem.MolFromInchi(inchi.strip(), sanitize=False)
        raise BadStructure(
            f"{inchi!r} cannot be read as an InChI: check that all of it is there."
            if loose is None
            else f"{inchi!r} is no possible molecule: {_problems(loose)}"
        )
    return str(Chem.MolToSmiles(molecule))


def _why_not(smiles: str) -> str:
    from rdkit import Chem

    if not smiles:
        return "A SMILES is needed, for example CN1CCCC1."
    loose = Chem.MolFromSmiles(smiles, sanitize=False)
    if loose is None:
        return (
            f"{smiles!r} cannot be read as a SMILES: check brackets and ring numbers."
        )
    return f"{smiles!r} is no possible molecule: {_problems(loose)}"


def _problems(molecule: object) -> str:
    from rdkit import Chem

    problems = [each.Message() for each in Chem.DetectChemistryProblems(molecule)]
    return "; ".join(problems or ["unknown reason"])


def _draw(molecule: object) -> str:
    """Return an SVG that inherits the ink of the page and needs no inline style."""
    from rdkit.Chem.Draw import rdMolDraw2D

    drawer = rdMolDraw2D.MolDraw2DSVG(420, 300)
    options = drawer.drawOptions()
    options.clearBackground = False
    options.useBWAtomPalette()
    options.bondLineWidth = 1.6
    options.padding = 0.04
    rdMolDraw2D.PrepareAndDrawMolecule(drawer, molecule)
    drawer.FinishDrawing()
    svg = drawer.GetDrawingText()
    svg = svg[svg.index("<svg") :]
    svg = re.sub(r"<!--.*?-->", "", svg, flags=re.S)
    svg = re.sub(r"style='([^']*)'", lambda match: _as_attributes(match[1]), svg)
    svg = re.sub(r" class='[^']*'", "", svg)
    svg = svg.replace("#000000", "currentColor")
    svg = re.sub(
        r"<svg .*?>",
        "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 420 300' width='420'"
        " height='300' aria-hidden='true' focusable='false'>",
        svg,
        count=1,
        flags=re.S,
    )
    return re.sub(r"\s*\n\s*", "", svg).strip()


def _as_attributes(style: str) -> str:
    """Turn "fill:none;stroke:#000" into "fill='none' stroke='#000'": the CSP bars styles."""
    pairs = (part.split(":", 1) for part in style.split(";") if ":" in part)
    return " ".join(f"{name.strip()}='{value.strip()}'" for name, value in pairs)
