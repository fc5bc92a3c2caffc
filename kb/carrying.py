"""Carries the reader's place and language from page to page, in the address: no cookie.

The place is `?in=US-OH`, the language a prefix: `/es/help/`.

Done to the whole body of a page as it is rendered (`{% carry %}` in templates/base.html),
so that no link has to think of it. A kept page is kept under its address, `in` included.
"""

from __future__ import annotations

import re
from urllib.parse import quote

from kb.languages import is_translated, split

# Pages that speak of the law somewhere, and those that lead to them.
PAGES = re.compile(
    r"/(?:(?:substances|alkaloids|symptoms|articles|claims|regions|compare|search|help|tags"
    r"|check)/[^.]*|search/suggest)?"
)
_LINK = re.compile(r'(<a\b[^>]*?\shref|<auto-complete\b[^>]*?\ssrc)="([/?][^"]*)"')
_FORM = re.compile(r'<form\b[^>]*?\saction="(/[^"]*)"[^>]*?>')
_ADDRESS = re.compile(
    r'(<(?:a\b[^>]*?\shref|auto-complete\b[^>]*?\ssrc|form\b[^>]*?\saction))="(/[^"]*)"'
)


def carried(html: str, code: str) -> str:
    """Return a page whose links and forms to pages of the site name a region too.

    What names one already stays as it is, as do feeds, exports, the API and the admin.
    """

    def link(match: re.Match[str]) -> str:
        return f'{match[1]}="{_with(match[2], code)}"'

    def form(match: re.Match[str]) -> str:
        if not PAGES.fullmatch(match[1].partition("?")[0]):
            return match[0]
        return f'{match[0]}<input type="hidden" name="in" value="{code}">'

    return _FORM.sub(form, _LINK.sub(link, html))


def prefixed(html: str, language: str) -> str:
    """Return a page whose links and forms stay in a language: /help/ becomes /es/help/.

    What has no languages, and what names its language (`hreflang`), stays as it is.
    """

    def address(match: re.Match[str]) -> str:
        path = re.split("[?#]", match[2], maxsplit=1)[0]
        names_one = "hreflang=" in match[1] or split(path)[0]
        if names_one or path.startswith("//") or not is_translated(path):
            return match[0]
        return f'{match[1]}="/{language}{match[2]}"'

    return _ADDRESS.sub(address, html)


def _with(address: str, code: str) -> str:
    """Return "/substances/?in=US-OH#law" for "/substances/#law"; addresses are escaped."""
    page, hash_, anchor = address.partition("#")
    path, _, query = page.partition("?")
    # "?page=2" is this page, which was opened with the place.
    if (path and not PAGES.fullmatch(path)) or re.search(r"(?:^|&|;)in=", query):
        return address
    query = f"{query}&amp;" if query else ""
    return f"{path}?{query}in={quote(code, safe='/')}{hash_}{anchor}"
