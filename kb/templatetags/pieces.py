"""Shows a piece of a page: `{% piece "components/_level.html" with level="low" %}`.

Written as `{% include … only %}` is, but what was rendered of the same values is kept.
"""

from __future__ import annotations

from django import template
from django.template import Context, Engine
from django.template.base import Parser, Token
from django.template.loader_tags import IncludeNode, do_include
from django.utils.safestring import SafeString

from kb.pieces import rendered

register = template.Library()


class PieceNode(IncludeNode):
    def render(self, context: Context) -> SafeString:
        shown = Engine.get_default().get_template(self.template.resolve(context))
        values = {
            key: value.resolve(context) for key, value in self.extra_context.items()
        }
        return rendered(shown, values)


@register.tag
def piece(parser: Parser, token: Token) -> PieceNode:
    node = do_include(parser, token)
    return PieceNode(node.template, extra_context=node.extra_context)
