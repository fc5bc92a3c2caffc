"""`{% carry %}…{% endcarry %}`: the reader's place and language go along in its links."""

from __future__ import annotations

from django import template
from django.template.base import NodeList, Parser, Token
from django.template.context import Context
from django.utils.safestring import SafeString, mark_safe

from kb.carrying import carried, prefixed
from kb.languages import current, is_english
from kb.models import Region
from kb.parameters import BadParameter, region_parameter

register = template.Library()


@register.simple_tag(takes_context=True)
def chosen_region(context: Context) -> Region | None:
    """Return the place of `?in=`, or None; one that makes no sense is not carried."""
    request = context.get("request")
    try:
        return region_parameter(request) if request else None
    except BadParameter:
        return None


@register.simple_tag(takes_context=True)
def address_without_region(context: Context) -> str:
    """Return the address of this page with an empty `in`, which `carry` leaves alone."""
    request = context["request"]
    query = request.GET.copy()
    query["in"] = ""
    return f"{request.path}?{query.urlencode()}"


class CarryNode(template.Node):
    def __init__(self, nodelist: NodeList) -> None:
        self.nodelist = nodelist

    def render(self, context: Context) -> SafeString:
        html = self.nodelist.render(context)
        region = chosen_region(context)
        # Our own page, escaped already; a code has no sign that would need it.
        html = mark_safe(carried(html, region.code)) if region else html
        return html if is_english() else mark_safe(prefixed(html, current()))


@register.tag
def carry(parser: Parser, token: Token) -> CarryNode:
    nodelist = parser.parse(("endcarry",))
    parser.delete_first_token()
    return CarryNode(nodelist)
