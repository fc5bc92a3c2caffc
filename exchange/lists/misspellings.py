"""How people misspell the names of drugs: the RedMed lexicon."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from exchange.lists.running import BadRow, NotMapped, PublicList, Run
from exchange.lists.schedules import UNKNOWN
from kb import sheets as reading
from kb.choices import SourceKind, Verification
from kb.sheets import Row

SHORTEST = 4  # letters; shorter ones are as often another word


class Misspellings(PublicList):
    """Each spelling is only proposed: a program gathered them, and some are other words.

    Spellings two slips away ("edTwo") are passed over: too many of them are right.
    """

    name = "misspellings"
    title = "the RedMed lexicon of misspelt drug names"
    about = "drug_misspellings.tsv: drug, misspellingPhon, edOne"

    def rows(self, path: Path) -> Iterator[Row]:
        found = reading.find_file(path, ("drug_misspellings.tsv",))
        yield from reading.rows(found, ("drug", "misspellingPhon", "edOne"))

    def source(self) -> dict[str, Any]:
        return {
            "slug": "redmed-misspellings",
            "name": "RedMed drug lexicon: names and misspellings of drugs in social media",
            "kind": SourceKind.DATABASE,
            "authors": ["Lavertu A", "Altman RB"],
            "published": "2019",
            "url": "https://github.com/alavertu/redmed",
            "verification": Verification.PARTIAL,
        }

    def take(self, row: Row, run: Run) -> None:
        drug = row.cells["drug"].replace("_", " ")
        if not drug:
            raise BadRow("drug: is empty")
        found = run.known.named(drug, "substance", "alkaloid")
        if not found:
            raise NotMapped(UNKNOWN)
        tokens = [
            token.strip()
            for column in ("misspellingPhon", "edOne")
            for token in row.cells[column].split(",")
        ]
        tokens = [token for token in dict.fromkeys(tokens) if token not in ("", "-")]
        if not tokens:
            raise NotMapped("the list has no misspelling of it")
        for token in tokens:
            if len(token) < SHORTEST or len(token) > 160:
                run.report.counts["spellings too short to be sure"] += 1
            elif run.known.is_name(token):
                run.report.counts["spellings that are names already"] += 1
            else:
                run.add_name(found[0], token, "misspelling", run.source())
