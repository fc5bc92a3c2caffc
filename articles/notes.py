"""The notes beside marked sentences: where they stand in a text, and what they say.

A marked sentence ends its piece of the paragraph, and the note follows it at once:

    <div class="noted-text"><p>The sentence.</p>(note)<p>The rest.</p></div>

So a phone unfolds the note in place, a wide screen floats it into the margin at the
height of its sentence, where one note pushes the next down, and a screen reader reads it
where it belongs. Paper has footnotes instead.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from django.template.loader import render_to_string
from markdown_it.token import Token

from kb.models import Claim
from kb.pages.words import first_sentence

Number = Callable[[Token], int | None]

# The end of a sentence, with its closing quotes: what follows it starts anew.
_END = re.compile(r"[.!?][\"'”’)]*(?=\s|$)")
_PLACE = re.compile(r'<div class="note-place note-place--(\d+)"></div>')


def with_places(tokens: Sequence[Token], number: Number) -> list[Token]:
    """Return the blocks of a text with places for notes after their sentences.

    `number` tells the footnote of a mark, and is None for what marks no claim.
    """
    found: list[Token] = []
    waiting: list[int] = []  # notes of a heading, which stand below it
    was_cut = False
    for place, token in enumerate(tokens):
        before = tokens[place - 1].type if place else ""
        numbers = [each for child in token.children or () if (each := number(child))]
        if was_cut:  # the end of a paragraph that was closed already
            was_cut = False
        elif numbers and before == "paragraph_open":
            found[-1:] = _parts_of_paragraph(token, number)
            was_cut = True
        else:
            found.append(token)
            if before == "heading_open":
                waiting = numbers
            elif token.type == "heading_close" and waiting:
                places = "".join(map(_place, waiting))
                found.append(_html(f'<div class="noted-text">{places}</div>\n', token))
                waiting = []
            else:  # a cell of a table
                found += [_html(_place(each), token) for each in numbers]
    return found


def _parts_of_paragraph(inline: Token, number: Number) -> Iterator[Token]:
    """Return a paragraph cut after each marked sentence."""
    yield _html('<div class="noted-text">', inline)
    for children, numbers in _pieces(inline.children or (), number):
        # In a tight list Markdown hides paragraphs; here they keep the pieces apart.
        yield _html("<p>", inline)
        yield Token("inline", "", 0, children=children, level=inline.level)
        yield _html("</p>", inline)
        for each in numbers:
            yield _html(_place(each), inline)
    yield _html("</div>\n", inline)


def _pieces(
    children: Sequence[Token], number: Number
) -> Iterator[tuple[list[Token], list[int]]]:
    """Return ([tokens], [numbers of notes]) for each piece of a paragraph."""
    piece: list[Token] = []
    waiting: list[int] = []
    depth = 0
    for child in children:
        depth += child.nesting
        each = number(child)
        if each is not None and each not in waiting:
            waiting.append(each)
        end = (
            _END.search(child.content)
            if waiting and depth == 0 and child.type == "text"
            else None
        )
        if end is None:
            piece.append(child)
            continue
        yield [*piece, _text(child, child.content[: end.end()])], waiting
        waiting = []
        rest = child.content[end.end() :]
        piece = [_text(child, rest)] if rest.strip() else []
    if piece or waiting:
        yield piece, waiting


def _text(like: Token, content: str) -> Token:
    return Token("text", "", 0, content=content, level=like.level)


def _html(content: str, like: Token) -> Token:
    return Token("html_block", "", 0, content=content, level=like.level)


def _place(number: int) -> str:
    return f'<div class="note-place note-place--{number}"></div>'


def put_in(html: str, claims: Sequence[Claim]) -> str:
    """Return cleaned HTML with the notes of its marked claims in their places.

    Only `with_places` can write a place: HTML in a text is shown as text.
    """

    def note(place: re.Match[str]) -> str:
        claim = claims[int(place.group(1)) - 1]
        return render_to_string("articles/_claim_note.html", context_of(claim)).strip()

    return _PLACE.sub(note, html)


def context_of(claim: Claim) -> dict[str, Any]:
    """Return what a note or a footnote says of a claim."""
    return {
        "claim": claim,
        "verdict_label": claim.get_verdict_display(),
        "level": "" if claim.level == "not-assessed" else claim.level,
        "level_label": claim.get_level_display(),
        "why": first_sentence(claim.why)[0],
        "url": claim.get_absolute_url(),
    }
