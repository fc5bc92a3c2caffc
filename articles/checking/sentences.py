"""A text taken apart into sentences, each with its place in the text as it was given."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

LONGEST_SENTENCE = 2_000

# Whatever is no letter, sign, space or line end, made a space so that places stay right.
_CONTROL = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff\u202a-\u202e\u2066-\u2069]"
)
_BULLET = re.compile(r"[ \t]{0,8}(?:[-*+•–]|\d{1,3}[.)]|#{1,6}|>)[ \t]+")
_END = re.compile(r"[.!?…]{1,10}|[。！？]")
# What may close a sentence after its full stop: quotes, brackets, notes as [3].
_CLOSING = re.compile(r"""["'”’»)\]]{0,3}(?:\[\d{1,3}\]){0,5}""")
_WORD_BEFORE = re.compile(r"[\w.]{1,30}\Z")
_DOMAIN = re.compile(r"\.(?:com|org|net|gov|edu|int|info|io|uk|us|eu)\Z", re.IGNORECASE)
_BREAK = re.compile(r"\r\n|\r|\n")

_ABBREVIATIONS = frozenset(
    "al approx art bhd ca cf ch co corp dept dr ed eds eg esp est etc fig figs gen gov hr hrs"
    " ie inc inst jr lb ltd max med min mr mrs ms mt mts nat no nos nr op oz pp prof publ ref"
    " rep resp rev sdn sec sen sp spp sq sr st subsp tab univ var vol vs wk yr yrs".split()
)
# After these a sentence can end all the same, when a capital follows.
_MAY_END = frozenset({"etc", "al", "inc", "ltd", "co", "corp", "jr", "sr", "bhd"})


@dataclass(frozen=True, slots=True)
class Sentence:
    """`text` is the given text from start to end; `paragraph` counts from 0."""

    text: str
    start: int
    end: int
    paragraph: int

    @property
    def is_question(self) -> bool:
        return self.text.rstrip("\"'”’») \t!").endswith("?")


def clean(text: str) -> str:
    """Return `text`, as long as before, with a space for each control character."""
    return _CONTROL.sub(" ", text)


def split(text: str) -> list[Sentence]:
    """Return the sentences of a cleaned text in their order.

    A heading, a list item and a paragraph each end a sentence. One that has no end is cut
    after at most LONGEST_SENTENCE characters.
    """
    sentences: list[Sentence] = []
    for paragraph, (start, end) in enumerate(_blocks(text)):
        for first, last in _within(text, start, end):
            for begin, stop in _cut(text, first, last):
                sentences.append(Sentence(text[begin:stop], begin, stop, paragraph))
    return sentences


def _blocks(text: str) -> list[tuple[int, int]]:
    """Return (start, end) of paragraphs, headings and list items, without their marks."""
    blocks: list[tuple[int, int]] = []
    opened: int | None = None
    closed = at = 0
    ends_here = was_empty = True
    width = 0  # of the longest line of the paragraph
    while at <= len(text):
        match = _BREAK.search(text, at)
        line_end = match.start() if match else len(text)
        bullet = _BULLET.match(text, at, line_end)
        begin = bullet.end() if bullet else at
        line = text[begin:line_end].strip()
        if opened is not None and (not line or bullet or ends_here):
            blocks.append((opened, closed))
            opened = None
        is_new, was_empty = was_empty, not line
        if line:
            if opened is None:
                opened = begin
            if is_new:
                width = _width(text, at)
            closed = line_end
            is_heading = bullet is not None and "#" in bullet.group()
            ends_here = (
                is_heading
                or _stands_alone(text, line, match)
                or _had_room(text, line, match, width)
            )
        if match is None:
            break
        at = match.end()
    if opened is not None:
        blocks.append((opened, closed))
    return blocks


_EMPTY_LINE = re.compile(r"(?:\r\n|\r|\n)[ \t]{0,80}(?=[\r\n])")
_FIRST_WORD = re.compile(r"[ \t]{0,80}(\S{1,80})")


def _width(text: str, start: int) -> int:
    """Return the width to which a paragraph was wrapped; LONGEST_SENTENCE if it was not.

    Of wrapped text no line had room for the word that follows on the next. Where most
    lines had, each was ended on purpose: so the posts of a forum are told apart.
    """
    empty = _EMPTY_LINE.search(text, start, start + LONGEST_SENTENCE)
    end = empty.start() if empty else start + LONGEST_SENTENCE
    lines = _BREAK.split(text[start:end].rstrip())
    width = max(map(len, lines))
    roomy = sum(_fits(line, after, width) for line, after in pairwise(lines))
    return LONGEST_SENTENCE if 2 * roomy >= len(lines) - 1 > 0 else width


def _fits(line: str, after: str, width: int) -> bool:
    word = _FIRST_WORD.match(after)
    return word is not None and len(line) + 1 + len(word.group(1)) <= width


def _had_room(text: str, line: str, line_end: re.Match[str] | None, width: int) -> bool:
    """Tell whether the next word would have fitted on this line."""
    if line_end is None or line[-1] in ",;:-–(":
        return False
    return _fits(line, text[line_end.end() : line_end.end() + 200], width)


def _stands_alone(text: str, line: str, line_end: re.Match[str] | None) -> bool:
    """Tell whether a short line is a heading, by a capital at the next line's beginning."""
    if line_end is None or len(line) > 60 or line[-1] in ",;:-–(":
        return False
    follows = text[line_end.end() : line_end.end() + 1]
    return line[-1] in ".!?" or follows.isupper() or follows.isdigit()


def _within(text: str, start: int, end: int) -> list[tuple[int, int]]:
    pieces: list[tuple[int, int]] = []
    at = start
    for match in _END.finditer(text, start, end):
        if match.start() < at:
            continue
        closing = _CLOSING.match(text, match.end(), end)
        stop = closing.end() if closing else match.end()
        if stop < end and not _ends(text, at, match, stop, end):
            continue
        pieces.append((at, stop))
        at = stop
    pieces.append((at, end))
    return pieces


def _ends(text: str, start: int, mark: re.Match[str], stop: int, end: int) -> bool:
    """Tell whether a sentence ends at a full stop or its like."""
    if mark.group() in "。！？":
        return True
    follows = text[stop : min(stop + 40, end)]
    before = _WORD_BEFORE.search(text, max(start, mark.start() - 30), mark.start())
    word = before.group() if before else ""
    if not follows[:1].isspace():
        # "works.Kratom", as pages give when their layout is lost; never "site.Org/x".
        return (
            mark.group() == "."
            and stop == mark.end()
            and re.fullmatch(r"[a-z]{4,}", word) is not None
            and re.match(r"[A-Z][a-z]+[ ,]", follows) is not None
        )
    following = follows.lstrip().lstrip("\"'“‘«([")[:1]
    if mark.group()[0] in "!?":
        # “Why?” he asked. But in a forum: "anyone tried it? it was awful".
        return not following.islower() or stop == mark.end()
    if following.islower():
        return mark.group() == "." and (
            _is_informal(word) or text[mark.start() - 1 : mark.start()] == "%"
        )
    bare = word.lower().rstrip(".")
    if bare in _ABBREVIATIONS:
        return bare in _MAY_END and following.isupper()
    # "P. W. Korthals", "e.g. Mitragyna", "M. speciosa"; but "2 p.m. Then".
    if "." in word:
        if _DOMAIN.search(word):  # "www.nih.gov. Next"
            return following.isupper()
        return bare in {"a.m", "p.m", "u.s", "u.k"} and following.isupper()
    return not (len(word) == 1 and word.isupper() and following.isupper())


def _is_informal(word: str) -> bool:
    """Tell whether a stop before a small letter still ends a sentence, as in a forum."""
    return (
        len(word) > 1
        and word.isalpha()
        and word.islower()
        and word not in _ABBREVIATIONS
    )


def _cut(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Strip spaces; cut what is too long at a space, or anywhere if there is none."""
    pieces: list[tuple[int, int]] = []
    while True:
        while start < end and text[start].isspace():
            start += 1
        while end > start and text[end - 1].isspace():
            end -= 1
        if start == end:
            return pieces
        if end - start <= LONGEST_SENTENCE:
            if any(letter.isalnum() for letter in text[start:end]):
                pieces.append((start, end))
            return pieces
        stop = text.rfind(" ", start + LONGEST_SENTENCE // 2, start + LONGEST_SENTENCE)
        stop = stop if stop > 0 else start + LONGEST_SENTENCE
        pieces.append((start, stop))
        start = stop
