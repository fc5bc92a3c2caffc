"""The Markdown of articles made into HTML that is safe to show.

Two things are added to Markdown: `[@kruegel-2016]` cites a source, by its number in the
list at the page's end, and `[[kratom]]` links a record: `[[alkaloid:mitragynine]]` says
which kind, `[[kratom|the leaf]]` other words. A claim's link marks its sentence: a note
after it says how the claim stands. HTML in the text is shown as text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import nh3
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import slugify
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from articles import notes
from articles.models import Article
from kb.models import Alkaloid, Claim, Region, Source, Substance, Symptom

# A link without a kind is looked for in this order.
LINKED: dict[str, Any] = {
    "substance": Substance,
    "alkaloid": Alkaloid,
    "symptom": Symptom,
    "article": Article,
    "source": Source,
    "claim": Claim,
    "region": Region,
}
WITHOUT_KIND = ("substance", "alkaloid", "symptom", "article")
# Ids that the article page gives to its own parts.
TAKEN_IDS = frozenset(
    {"main", "author", "takeaways", "claims", "related", "sources", "header-q"}
)

_CITE = re.compile(r"\[(@[\w.-]{1,100}(?:[;,] ?@[\w.-]{1,100}){0,19})\]")
_LINK = re.compile(
    r"\[\[(?:([a-z]{1,20}):)?([\w/-]{1,100})(?:\|([^\[\]|\n]{1,300}))?\]\]"
)

_TAGS = set(
    "p h2 h3 h4 ul ol li em strong code pre blockquote hr br a table thead tbody tr th td"
    " div s span".split()
)
_ATTRIBUTES = {
    "a": {"href", "class", "rel", "aria-label", "title"},
    "h2": {"id"},
    "h3": {"id"},
    "h4": {"id"},
    "div": {"class", "tabindex"},
    "p": {"class"},
    "span": {"class"},
    "table": {"class"},
    "ol": {"start"},
}


@dataclass(frozen=True, slots=True)
class Rendered:
    """An article's text, and what its page needs to know of it."""

    html: SafeString
    contents: tuple[
        tuple[str, str], ...
    ]  # (id, title) of each heading of the first rank
    cited: tuple[str, ...]  # slugs of sources: number 1 first
    broken: tuple[str, ...]  # as written: "[[kratm]]"
    claims: tuple[Claim, ...]  # marked in its sentences: footnote 1 first


@dataclass(slots=True)
class _Found:
    """What the links and citations of one text lead to."""

    numbers: dict[str, int] = field(default_factory=dict)
    records: dict[tuple[str, str], Any] = field(default_factory=dict)
    contents: list[tuple[str, str]] = field(default_factory=list)
    ids: set[str] = field(default_factory=set)
    footnotes: dict[str, int] = field(default_factory=dict)  # of claims, by their slug
    claims: list[Claim] = field(default_factory=list)

    def number_claim(self, claim: Claim) -> int:
        """Return the number of its footnote: one for each claim, however often marked."""
        if claim.slug not in self.footnotes:
            self.claims.append(claim)
            self.footnotes[claim.slug] = len(self.claims)
        return self.footnotes[claim.slug]

    def find(self, kind: str, slug: str) -> Any:
        for each in (kind,) if kind else WITHOUT_KIND:
            if (each, slug) in self.records:
                return self.records[each, slug]
        return None


def render(markdown: str) -> Rendered:
    """Return a text as HTML: a query for the sources, one for each kind of record linked."""
    tokens = _MARKDOWN.parse(markdown)
    found = _Found()
    marks = list(_marks(tokens))
    links = [
        (mark.meta["kind"], mark.meta["slug"])
        for mark in marks
        if mark.type == "record_link"
    ]
    found.records = _load([*links, *(("source", slug) for slug in _cited(marks))])
    for slug in _cited(marks):
        if ("source", slug) in found.records:
            found.numbers.setdefault(slug, len(found.numbers) + 1)
    broken = [mark.content for mark in marks if _is_broken(mark, found)]
    tokens = notes.with_places(tokens, lambda mark: _marked_claim(mark, found))
    html = _MARKDOWN.renderer.render(tokens, _MARKDOWN.options, {"found": found})
    return Rendered(
        html=mark_safe(notes.put_in(_clean(str(html)), found.claims)),
        contents=tuple(found.contents),
        cited=tuple(found.numbers),
        broken=tuple(dict.fromkeys(broken)),
        claims=tuple(found.claims),
    )


def broken_links(article: Article) -> list[str]:
    """Return the links and citations that lead nowhere, as written."""
    return list(render(article.body).broken)


def _marks(tokens: Sequence[Token]) -> Iterator[Token]:
    for token in tokens:
        for child in token.children or ():
            if child.type in ("cite", "record_link"):
                yield child


def _cited(marks: Sequence[Token]) -> list[str]:
    return [
        slug for mark in marks if mark.type == "cite" for slug in mark.meta["slugs"]
    ]


def _is_broken(mark: Token, found: _Found) -> bool:
    if mark.type == "cite":
        return any(slug not in found.numbers for slug in mark.meta["slugs"])
    return found.find(**mark.meta) is None


def _marked_claim(mark: Token, found: _Found) -> int | None:
    """Return the footnote's number of a link to a claim, None for anything else."""
    if mark.type != "record_link":
        return None
    record = found.find(**mark.meta)
    return found.number_claim(record) if isinstance(record, Claim) else None


def _load(links: Sequence[tuple[str, str]]) -> dict[tuple[str, str], Any]:
    """Return the published records that links lead to: a query a kind that is linked."""
    wanted: dict[str, set[str]] = {}
    for kind, slug in links:
        for each in (kind,) if kind else WITHOUT_KIND:
            wanted.setdefault(each, set()).add(slug)
    records: dict[tuple[str, str], Any] = {}
    for kind, slugs in wanted.items():
        model = LINKED.get(kind)
        if model is Region:
            found = Region.objects.filter(code__in=slugs)
        elif model is not None:
            found = model.objects.published().filter(slug__in=slugs)
        else:
            continue
        records.update({(kind, record.slug): record for record in found})
    return records


def _clean(html: str) -> SafeString:
    """Leave only the tags and attributes that an article has: a second lock."""
    cleaned = nh3.clean(
        html,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        url_schemes={"http", "https", "mailto"},
        link_rel=None,
    )
    return mark_safe(cleaned)


def _read_mark(state: StateInline, silent: bool) -> bool:
    """Read a citation or a record link at this place of the text."""
    if state.src[state.pos] != "[":
        return False
    cite = _CITE.match(state.src, state.pos)
    link = None if cite else _LINK.match(state.src, state.pos)
    match = cite or link
    if match is None:
        return False
    if not silent:
        if cite:
            # "so it is [@a]." gives "so it is¹."
            state.pending = state.pending.rstrip(" ")
        token = state.push("cite" if cite else "record_link", "", 0)
        token.content = match.group()
        if cite:
            slugs = re.split(r"[;,] ?", cite.group(1).replace("@", ""))
            token.meta = {"slugs": slugs}
        else:
            token.meta = {"kind": match.group(1) or "", "slug": match.group(2)}
            token.info = match.group(3) or ""
    state.pos = match.end()
    return True


def _show_cite(
    renderer: RendererHTML, tokens: Any, place: int, options: Any, env: Any
) -> str:
    found: _Found = env["found"]
    shown = []
    for slug in tokens[place].meta["slugs"]:
        number = found.numbers.get(slug)
        if number is None:
            shown.append(f" [{escape(slug)}]")
        else:
            title = escape(found.records["source", slug].name)
            shown.append(
                f'<a class="cite" href="#source-{number}" title="{title}">{number}</a>'
            )
    return "".join(shown)


def _show_link(
    renderer: RendererHTML, tokens: Any, place: int, options: Any, env: Any
) -> str:
    found: _Found = env["found"]
    record = found.find(**tokens[place].meta)
    words = tokens[place].info or (
        record.name if record else tokens[place].meta["slug"]
    )
    if record is None:
        return escape(words)
    if isinstance(record, Claim):
        verdict = escape(record.get_verdict_display().lower())
        return (
            f'<a class="claim-mark" href="{escape(record.get_absolute_url())}"'
            f' title="{escape(record.name)}">{escape(words)}</a>'
            f'<span class="claim-mark__told"> ({verdict}, note'
            f" {found.number_claim(record)})</span>"
        )
    return f'<a href="{escape(record.get_absolute_url())}">{escape(words)}</a>'


def _open_heading(
    renderer: RendererHTML, tokens: Any, place: int, options: Any, env: Any
) -> str:
    found: _Found = env["found"]
    rank = _rank(tokens[place])
    title = _plain(tokens[place + 1].children or (), found)
    anchor = stem = slugify(title) or "part"
    number = 2
    while anchor in found.ids or anchor in TAKEN_IDS:
        anchor, number = f"{stem}-{number}", number + 1
    found.ids.add(anchor)
    tokens[place].meta = {"id": anchor, "title": title}
    if rank == 2:
        found.contents.append((anchor, title))
    return f'<div class="heading heading--{rank}"><h{rank} id="{anchor}">'


def _close_heading(
    renderer: RendererHTML, tokens: Any, place: int, options: Any, env: Any
) -> str:
    opening = tokens[place - 2].meta
    label = escape(f"Link to “{opening['title']}”")
    return (
        f'</h{_rank(tokens[place])}> <a class="heading__anchor" href="#{opening["id"]}"'
        f' aria-label="{label}">#</a></div>\n'
    )


def _rank(token: Token) -> int:
    """Return 2 to 4: the page's title is the only heading of rank 1."""
    return min(max(int(token.tag[1]), 2), 4)


def _plain(children: Sequence[Token], found: _Found) -> str:
    words = []
    for token in children:
        if token.type == "record_link":
            record = found.find(**token.meta)
            words.append(token.info or (record.name if record else token.meta["slug"]))
        elif token.type in ("text", "code_inline"):
            words.append(token.content)
        elif token.type in ("softbreak", "hardbreak"):
            words.append(" ")
    return "".join(words).strip()


def _open_table(*args: Any) -> str:
    return '<div class="scroll" tabindex="0"><table class="table">\n'


def _close_table(*args: Any) -> str:
    return "</table></div>\n"


def _open_link(
    renderer: RendererHTML, tokens: Any, place: int, options: Any, env: Any
) -> str:
    if str(tokens[place].attrGet("href") or "").startswith(("http:", "https:")):
        tokens[place].attrSet("rel", "noopener external")
    return str(renderer.renderToken(tokens, place, options, env))


def _show_image(
    renderer: RendererHTML, tokens: Any, place: int, options: Any, env: Any
) -> str:
    """Show an image's words: pages load nothing from elsewhere."""
    return escape(tokens[place].content)


def _markdown() -> MarkdownIt:
    markdown = MarkdownIt("commonmark", {"html": False}).enable("table")
    markdown.inline.ruler.before("link", "mark", _read_mark)
    for name, rule in (
        ("cite", _show_cite),
        ("record_link", _show_link),
        ("heading_open", _open_heading),
        ("heading_close", _close_heading),
        ("table_open", _open_table),
        ("table_close", _close_table),
        ("link_open", _open_link),
        ("image", _show_image),
    ):
        markdown.add_render_rule(name, rule)
    return markdown


_MARKDOWN = _markdown()
