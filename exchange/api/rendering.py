"""How the API writes JSON: keys in order, so that the same reply is the same bytes."""

from __future__ import annotations

from typing import Any

import orjson
from django.http import HttpRequest
from ninja.renderers import BaseRenderer

_OPTIONS = orjson.OPT_APPEND_NEWLINE | orjson.OPT_SORT_KEYS | orjson.OPT_UTC_Z


CONTENT_TYPE = "application/json; charset=utf-8"


def as_json(data: Any) -> bytes:
    return orjson.dumps(data, option=_OPTIONS)


class Renderer(BaseRenderer):
    media_type, _, charset = CONTENT_TYPE.partition("; charset=")

    def render(self, request: HttpRequest, data: Any, *, response_status: int) -> bytes:
        return as_json(data)
