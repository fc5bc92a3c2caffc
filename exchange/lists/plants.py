"""Which compound was found in which plant: the columns of Wikidata and of Dr. Duke's."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from exchange.lists.known import Reference
from exchange.lists.running import BadRow, NotMapped, PublicList, Run
from exchange.lists.schedules import SEVERAL
from kb import sheets as reading
from kb import structures
from kb.chemistry import SKELETON
from kb.choices import SourceKind, SubstanceCategory, Verification
from kb.sheets import Row, Unreadable

# {our word: its columns in the lists we know, the first that is there counts}
COLUMNS = {
    "plant": ("organism_name", "plant_species"),
    "compound": ("structure_name", "chemical"),
    "inchikey": ("inchikey",),
    "smiles": ("smiles", "canonical_smiles"),
    "cas": ("cas",),
    "chembl": ("chembl_id",),
    "pubchem": ("pubchem_cid",),
    "doi": ("doi",),
}
_DOI = re.compile(r"10\.\d{4,9}/[^\sA-Z]+")
_NITROGEN = re.compile(r"N(?![a-z])")
_NUMBER_ONLY = re.compile(r"Q\d+")
NO_PLANT = "no plant of ours has this name"
NO_COMPOUND = "no compound of ours has this structure or name"


class PlantCompounds(PublicList):
    name = "plant-compounds"
    title = "a list of compounds found in plants"
    about = "occurrences.csv: plant, compound, InChIKey, SMILES, CAS, DOI"
    makes = ("plants", "compounds")

    def rows(self, path: Path) -> Iterator[Row]:
        found = reading.find_file(path, ("occurrences.csv",))
        is_checked = False
        for row in reading.rows(found, ()):
            if not is_checked:
                for word in ("plant", "compound"):
                    if not any(name in row.cells for name in COLUMNS[word]):
                        names = " or ".join(COLUMNS[word])
                        raise Unreadable(f"The first row lacks: {names}.")
                is_checked = True
            yield row

    def source(self) -> dict[str, Any]:
        return {
            "slug": "duke-phytochemical-database",
            "name": "Dr. Duke's Phytochemical and Ethnobotanical Databases",
            "kind": SourceKind.DATABASE,
            "authors": ["Duke JA"],
            "container": "U.S. Department of Agriculture, Agricultural Research Service",
            "doi": "10.15482/usda.adc/1239279",
            "verification": Verification.PARTIAL,
            "note": "Read by program from an edition that names no source for a row.",
        }

    def take(self, row: Row, run: Run) -> None:
        said = {
            word: next((row.cells[name] for name in names if row.cells.get(name)), "")
            for word, names in COLUMNS.items()
        }
        if not said["plant"] or not said["compound"]:
            raise BadRow("the plant or the compound is empty")
        doi = said["doi"].lower()
        if doi and (not _DOI.fullmatch(doi) or len(doi) > 120):
            raise BadRow(f"doi: {said['doi']!r} is no DOI")
        if not doi and "doi" in row.cells:
            raise NotMapped("names no source")
        plant = self._plant(run, said["plant"])
        compound = self._compound(run, said)
        if plant is None:
            plant = run.drafts.substance(
                said["plant"],
                SubstanceCategory.PLANT,
                scientific_name=said["plant"],
            )
        source = run.drafts.article(doi) if doi else run.source()
        note = "" if doi else "From a list that names no source for it."
        run.add_occurrence(plant, compound.slug, source=source, note=note)

    def _plant(self, run: Run, name: str) -> Reference | None:
        """Return the plant, or None where a new one may be made. Raises NotMapped."""
        found = run.known.named(name, "substance")
        if len(found) > 1:
            raise NotMapped(SEVERAL)
        if not found and "plants" not in run.new:
            raise NotMapped(NO_PLANT)
        if not found and re.search(r"\bspp?\.?$", name):
            raise NotMapped("names a genus, not a plant")
        return found[0] if found else None

    def _compound(self, run: Run, said: dict[str, str]) -> Reference:
        if said["smiles"] and not said["inchikey"]:
            said["inchikey"] = structures.read_structure(said["smiles"]).inchikey
        found = run.known.compound(said["inchikey"], said["cas"], said["compound"])
        if len(found) > 1:
            raise NotMapped(SEVERAL)
        if found:
            return found[0]
        if "compounds" not in run.new:
            raise NotMapped(NO_COMPOUND)
        if not said["smiles"]:
            raise NotMapped("a new compound without a structure")
        if _NUMBER_ONLY.fullmatch(said["compound"]):
            raise NotMapped("a new compound without a name")
        if not _NITROGEN.search(structures.read_structure(said["smiles"]).formula):
            raise NotMapped("holds no nitrogen, so it is no alkaloid")
        computed = structures.read_structure(said["smiles"]).inchikey
        if computed != said["inchikey"]:
            if computed[:SKELETON] == said["inchikey"][:SKELETON]:
                raise NotMapped("a new compound whose SMILES lacks its shape in space")
            raise BadRow(
                f"inchikey: {said['inchikey']!r}, but the SMILES gives {computed!r}"
            )
        numbers = {name: said[name] for name in ("cas", "chembl", "pubchem")}
        return run.drafts.alkaloid(said["compound"], said["smiles"], numbers)
