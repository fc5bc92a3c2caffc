"""Files of references: tells the format by what stands in the file, and reads it.

Reference managers name their files as they like: PubMed's own format comes as .ris.
"""

from __future__ import annotations

import codecs
import re

from kb.bibliography import bibtex, csl_json, nbib, pubmed, ris
from kb.bibliography.reading import Read

FORMATS = "RIS, PubMed (NBIB or XML), BibTeX or CSL-JSON"


def read(content: bytes, name: str = "") -> list[Read]:
    """Return each record of a file, read or not. Raises ValueError for another format."""
    text = decoded(content).lstrip("\ufeff")
    start = text.lstrip()[:1]
    if start == "<" and "<PubmedArticle" in text:
        return list(pubmed.read(content))
    if start in ("[", "{"):
        return list(csl_json.read(text.encode("utf-8", "replace")))
    if re.search(r"^PMID ?- ", text, re.MULTILINE):
        return list(nbib.read(text))
    if re.search(r"^\s*TY {0,2}-", text, re.MULTILINE):
        return list(ris.read(text))
    if re.search(r"^\s*@\s*\w+\s*[{(]", text, re.MULTILINE):
        return list(bibtex.read(text))
    raise ValueError(
        f"{name or 'The file'} holds no references in a known format: {FORMATS}."
    )


def decoded(content: bytes) -> str:
    """Return text: UTF-8 or UTF-16 by its mark, else UTF-8, else Windows' Western one."""
    for mark in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        if content.startswith(mark):
            return content.decode("utf-16", "replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")
