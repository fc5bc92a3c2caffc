"""Makes places.tsv and retired.tsv from the list iso3166-2, which NOTICES.md names.

    python -m kb.gazetteer.make iso3166-2-export.csv

The list is wider than what we keep: it has nicknames among its English names, and tells
what became of a code only in sentences. What cannot be read with certainty is left out;
how many lines there are of each is printed. Run it anew when ISO has changed its codes.
"""

from __future__ import annotations

import ast
import csv
import re
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from difflib import SequenceMatcher
from pathlib import Path

from kb.folding import fold

HERE = Path(__file__).parent
CODE = r"[A-Z]{2}-[A-Z0-9]{1,3}"

# Where ISO's own names are what English readers use.
AS_THEY_ARE = frozenset(
    "AG AU BB BS BW BZ CA DM FJ GB GD GH GM GY IE IN JM KE KN LC LR MW NA NG NR NZ PG PH PK"
    " PW SB SG SL SS SZ TT TV UG US VC WS ZA ZM ZW"
    " AO AR BF BJ BO CD CF CG CI CL CM CO CR CU CV DO EC FR GA GN GQ GT GW HN HT MC MG ML MX"
    " MZ NE NI PA PE PY SN ST SV TD TG TL UM UY VE".split()
)
# The list has whimsical translations among its English names ("Holy Cross" for Santa
# Cruz). One that is much unlike ISO's name is believed only for these:
EXONYMS = frozenset(
    "AT-3 AT-4 AZ-GA AZ-QAB AZ-QAX BE-VLG BY-BR BY-HM BY-HO BY-MA CN-XZ CY-04 CZ-10"
    " CZ-20 CZ-209 CZ-20A CZ-31 CZ-64 DE-BY DE-NI DE-SN DK-81 DK-82 EG-BA EG-BH EG-C"
    " EG-DT EG-LX EG-SUZ EG-WAD ER-DK ER-SK ES-IB ES-PV FI-02 FI-03 FI-04 FI-07 FI-08 FI-12"
    " FI-14 FI-15 FI-16 FI-19 FR-20R FR-2A FR-973 FR-BRE FR-NOR GR-69 GR-G GR-H GR-L"
    " GR-M HN-IB HR-01 ID-JB ID-JI ID-JT ID-KR ID-NU ID-PB ID-PD ID-PE ID-PS ID-PT ID-SG"
    " ID-SS IL-D IL-JM IL-M IL-Z IQ-NI IR-03 IR-04 IS-2 IS-5 IS-6 IS-8 IT-23 IT-BZ JO-AM"
    " KR-11 KR-26 KR-27 KR-31 KR-42 KR-49 LB-AS LB-JA LB-JL LY-JA LY-JG LY-TB MN-053"
    " MN-063 MX-CMX MY-14 MY-15 MY-16 NP-P7 PL-02 PL-04 PL-12 PL-18 PL-22 PL-24 PL-30"
    " PL-32 PT-20 PT-30 QA-DA RS-01 RS-02 RS-03 RS-04 RS-05 RS-06 RS-07 RU-YEV SA-02"
    " SA-03 SA-04 SA-08 SE-M SO-JD SO-JH SY-HL SY-LA SY-RD TH-10 UA-21 UA-32 UA-43 UZ-BU"
    " UZ-QR YE-SU".split()
)
ADJECTIVE = re.compile(
    r"^(?:North|South|East|West|Central|Capital|Federal|Metropolitan|Coast|Maritime)\w*$"
    r"|ish$"
)
ALIKE = 0.5  # 1 is the same
NICKNAME = re.compile(
    r"^(The|the|Land|City|Gateway|Queen|King|Pearl|Heart|Across|R[ée]gion$)\b|\d"
)
# Words that say what kind of place it is, left out by those who type its name.
GENERIC = re.compile(
    r"^(?:(?:Autonomous |Metropolitan |Chartered |Free and Sovereign |Free and Hanseatic )?"
    r"(?:Province|Region|District|Canton|County|Department|Governorate|Republic|State"
    r"|Free State|Community|City)|Rehiyon|Oblast) of (?:the )?"
    r"|\s+(?:County|Province|Region|Oblast|Governorate|Prefecture|District|Department|Canton"
    r"|Voivodeship|Republic|State|Municipality|Town|l\u00e4n|kraj|oblast'?|[Ss]heng|Shi|apskritis)$"
)
# Parts of a country that ISO 3166-1 lists as countries of their own; the remarks of ISO
# 3166-2 say so. Their law is recorded there, so the longer code leads to the shorter one.
OWN_COUNTRY = dict(
    pair.split("=")
    for pair in (
        "CN-HK=HK CN-MO=MO CN-TW=TW FI-01=AX FR-971=GP FR-972=MQ FR-973=GF FR-974=RE"
        " FR-976=YT FR-BL=BL FR-MF=MF FR-NC=NC FR-PF=PF FR-PM=PM FR-TF=TF FR-WF=WF NL-AW=AW"
        " NL-BQ1=BQ NL-BQ2=BQ NL-BQ3=BQ NL-CW=CW NL-SX=SX NO-21=SJ NO-22=SJ US-AS=AS"
        " US-GU=GU US-MP=MP US-PR=PR US-UM=UM US-VI=VI"
    ).split()
)
# The English names given are not what readers know these by.
CHOSEN = {
    "BE-VLI": "Limburg",
    "FR-IDF": "Île-de-France",
    "MA-CAS": "Casablanca",
    "MH-EBO": "Ebon",
    "MK-801": "Aerodrom",
    "NL-LI": "Limburg",
    "RS-25": "Kosovo District",
    "RU-MOS": "Moscow Oblast",
    "RU-MOW": "Moscow",
    "TW-ILA": "Yilan",
}
Taken = dict[tuple[str, str], set[str]]
ARROW = re.compile(rf"\b({CODE})(?: [^.:>]{{1,60}})?? ?-> ?({CODE})\b")
# The parts of a note: "Codes: …", "Parent changes: …"; only those about codes are read.
PART = re.compile(
    r"((?:[A-Z][a-z]+ )?(?:[Cc]odes?|[Cc]ategory|[Nn]ames?|[Pp]arent|[Ss]ubdivisions?"
    r"|[Ss]pelling|[Ll]ocation|[Ll]ocal variants)"
    r"(?: (?:changes?|changed|added|removed|deleted|renamed|layout|name|code))*"
    r"(?: \([a-z ,]+\))?):"
)
GONE = re.compile(rf"\b({CODE}) ([^.]+?)(?: \([^)]*\))?(?=\.|$)")


def main() -> int:
    with Path(sys.argv[1]).open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    taken: dict[tuple[str, str], set[str]] = defaultdict(set)
    for row in rows:
        names = [
            *_parts(row["name"]),
            *(name for _, name in _others(row["localOtherName"])),
        ]
        for name in names:
            taken[row["alphaCode"], fold(name)].add(row["subdivisionCode"])
    places = {row["subdivisionCode"]: _place(row, taken) for row in rows}
    retired = dict(sorted(_retired(rows, places).items()))
    _write("places.tsv", ([code, *rest] for code, rest in sorted(places.items())))
    _write("retired.tsv", ([old, new] for old, new in retired.items()))
    print(f"{len(places)} places, {len(retired)} codes that lead to another")
    return 0


def _write(name: str, lines: Iterable[list[str]]) -> None:
    cells = ([" ".join(cell.split()) for cell in line] for line in lines)
    text = "".join("\t".join(line) + "\n" for line in cells)
    (HERE / name).write_text(text, encoding="utf-8")


# Names


def _short(title: str, code: str, taken: Taken) -> str:
    """Return a name without the kind of place, unless another place is called so."""
    short = GENERIC.sub("", title)
    if ADJECTIVE.search(short):
        return title
    return title if taken[code[:2], fold(short)] - {code} else short


def _place(row: dict[str, str], taken: Taken) -> list[str]:
    """Return name, kind, parent and other names: ["Catalonia", "Autonomous community",
    "", "Catalunya|Cataluña"]."""
    code = row["subdivisionCode"]
    official = list(_parts(row["name"]))
    others = [
        (language, name)
        for language, name in _others(row["localOtherName"])
        if _is_believed(code, name, official)
    ]
    english = [name for language, name in others if language == "eng"]
    is_iso = code[:2] in AS_THEY_ARE and code not in EXONYMS
    title = english[0] if english and not is_iso else official[0]
    title = CHOSEN.get(code, title if is_iso else _short(title, code, taken))
    names = [*official, *(name for _, name in others)]
    names += [GENERIC.sub("", name) for name in names]
    kept = {fold(name): name for name in reversed(names) if len(name) > 1}
    kept.pop(fold(title), None)
    unique = [name for name in dict.fromkeys(names) if kept.get(fold(name)) == name]
    kind = re.sub(r"\s+", " ", row["type"]).strip()
    return [title, kind, row["parentCode"], "|".join(unique)]


def _is_believed(code: str, name: str, official: list[str]) -> bool:
    """Tell whether another name is one, and no nickname that tells what it is known for."""
    if code in EXONYMS or not fold(name)[:1].isascii():
        return True
    short = fold(GENERIC.sub("", name))
    alike = (
        SequenceMatcher(None, short, fold(GENERIC.sub("", each))).ratio()
        for each in official
    )
    return max(alike) >= ALIKE


def _parts(text: str) -> Iterator[str]:
    """Yield the name alone, then the others beside it: "Madrid, Comunidad de"."""
    plain = re.sub(r"\s*[\[(][^\])]*[\])]|\*", "", text).strip()
    name, _, rest = plain.partition(",")
    yield name.strip()
    if rest.strip():
        yield f"{rest.strip()} {name.strip()}"
    for inside in re.findall(r"\[([^\]]*)\]", text):
        if other := re.sub(rf"\b{CODE}\b", "", inside).strip():
            yield other


def _others(text: str) -> Iterator[tuple[str, str]]:
    """Yield (language, name), the first of each language that is no nickname."""
    seen = set()
    for name, language in re.findall(r"([^,]+?) \(([a-z]{3})\)", text):
        name = re.sub(r"\s*\[[^\]]*\]|['\u2018\u2019]$|^['\u2018]", "", name).strip()
        if language in seen or not name or NICKNAME.search(name):
            continue
        seen.add(language)
        yield language, name


# Codes that are no longer in use


def _retired(
    rows: list[dict[str, str]], places: dict[str, list[str]]
) -> dict[str, str]:
    """Return old code → code in use: {"CN-11": "CN-BJ"}; only where one alone is named."""
    named: dict[tuple[str, str], set[str]] = defaultdict(set)
    for row in rows:
        for name in _parts(row["name"]):
            named[row["alphaCode"], fold(name)].add(row["subdivisionCode"])
    said: dict[str, set[str]] = defaultdict(set)
    for note in {note for row in rows for note in _notes(row)}:
        for label, text in _about_codes(note):
            for old, new in ARROW.findall(text):
                said[old].add(new)
            if "removed" in label or "deleted" in label:
                for old, name in GONE.findall(text):
                    said[old] |= named[old[:2], fold(name)]
    found = dict(OWN_COUNTRY)
    for old in said.keys() - places.keys():
        ends = {end for new in said[old] for end in _ends(new, said, places)}
        if len(ends) == 1:
            end = ends.pop()
            found[old] = OWN_COUNTRY.get(end, end)
    return found


def _notes(row: dict[str, str]) -> Iterator[str]:
    for note in ast.literal_eval(row["history"]) if row["history"] else ():
        if note["Change"]:
            yield note["Change"]


def _about_codes(note: str) -> Iterator[tuple[str, str]]:
    pieces = PART.split(note)
    for label, text in zip(pieces[1::2], pieces[2::2], strict=True):
        label = label.lower()
        is_about = "code" in label or "removed" in label or "deleted" in label
        if is_about and "added" not in label:
            yield label, text


def _ends(
    code: str, said: dict[str, set[str]], places: dict[str, list[str]], depth: int = 0
) -> set[str]:
    """Return the codes in use to which a code leads, step by step."""
    if code in places:
        return {code}
    if depth > 5:
        return set()
    return {
        end for new in said.get(code, ()) for end in _ends(new, said, places, depth + 1)
    }


if __name__ == "__main__":
    sys.exit(main())
