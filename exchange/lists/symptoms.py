"""Terms for symptoms: the Symptom Ontology in its OBO form."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from exchange.lists.running import BadRow, NotMapped, PublicList, Run
from exchange.lists.schedules import SEVERAL
from kb import sheets as reading
from kb.choices import ExternalScheme, SourceKind, Verification
from kb.sheets import Row, Unreadable

_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"\s*(\w*)')
LONGEST_STANZA = 500  # lines; a file that goes on longer is no list of terms
ESCAPED = re.compile(r"\\(.)")


class SymptomTerms(PublicList):
    name = "symptom-terms"
    title = "the Symptom Ontology"
    about = (
        "symp.obo: terms with their synonyms; --new symptoms makes drafts of the rest"
    )
    makes = ("symptoms",)

    def rows(self, path: Path) -> Iterator[Row]:
        """Yield a row a term: id, name, def, is_obsolete, synonyms one a line."""
        found = reading.find_file(path, ("symp.obo",))
        with reading.open_text(found) as file:
            try:
                yield from _stanzas(file)
            except (UnicodeDecodeError, OSError, EOFError) as error:
                raise Unreadable(f"{found.name} cannot be read on: {error}.") from error

    def source(self) -> dict[str, Any]:
        return {
            "slug": "symptom-ontology",
            "name": "Symptom Ontology (SYMP)",
            "kind": SourceKind.DATABASE,
            "authors": ["Institute for Genome Sciences, University of Maryland"],
            "url": "https://github.com/DiseaseOntology/SymptomOntology",
            "verification": Verification.PARTIAL,
            "note": "Read by program from a release of the ontology.",
        }

    def take(self, row: Row, run: Run) -> None:
        term, name = row.cells.get("id", ""), row.cells.get("name", "")
        if not re.fullmatch(r"SYMP:\d{7}", term):
            raise BadRow(f"id: {term!r} is no number of this list")
        if row.cells.get("is_obsolete") == "true":
            raise NotMapped("withdrawn by the list itself")
        if not name:
            raise BadRow("name: is empty")
        synonyms = [
            (ESCAPED.sub(r"\1", match[1]), match[2])
            for line in row.cells.get("synonym", "").splitlines()
            if (match := _QUOTED.match(line))
        ]
        exact = [text for text, scope in synonyms if scope == "EXACT"]
        scheme = ExternalScheme.SYMP.value
        found = run.known.numbered(scheme, term, "symptom")
        for each in (name, *exact):
            found = found or run.known.named(each, "symptom")
        if len(found) > 1:
            raise NotMapped(SEVERAL)
        if found:
            symptom = found[0]
        elif "symptoms" in run.new:
            defined = _QUOTED.match(row.cells.get("def", ""))
            note = ESCAPED.sub(r"\1", defined[1]) if defined else ""
            symptom = run.drafts.symptom(
                name, f"Defined in the Symptom Ontology: {note}" if note else ""
            )
        else:
            raise NotMapped("no symptom of ours has this name")
        number = {
            "scheme": scheme,
            "value": term,
            "verification": Verification.VERIFIED.value,
        }
        run.add(symptom, "external_ids", number)
        for text in (name, *exact):
            if len(text) <= 160 and symptom not in run.known.named(text, "symptom"):
                run.add_name(symptom, text, "common", run.source())


def _stanzas(file: Any) -> Iterator[Row]:
    cells: dict[str, str] = {}
    line_of_stanza, kind = 0, ""
    for number, line in enumerate(file, start=1):
        text = line.strip()
        if text.startswith("["):
            if kind == "[Term]":
                yield Row(line_of_stanza, cells)
            cells, line_of_stanza, kind = {}, number, text
        elif kind == "[Term]" and ": " in text:
            if number - line_of_stanza > LONGEST_STANZA:
                raise Unreadable(f"Line {number}: this is no list of terms.")
            name, _, value = text.partition(": ")
            cells[name] = f"{cells[name]}\n{value}" if name in cells else value
    if kind == "[Term]":
        yield Row(line_of_stanza, cells)
    if not kind:
        raise Unreadable("It holds no term: this is not the OBO form.")
