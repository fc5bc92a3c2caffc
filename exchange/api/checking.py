"""Checking a text that somebody sends."""

from __future__ import annotations

from typing import Any

import orjson
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from ninja import Router
from pydantic import BaseModel, ConfigDict, Field

from articles.checking import LONGEST_TEXT, TooLong, check_text
from articles.checking.limit import CHECKS
from exchange.api.errors import BadParameter, Problem, problem
from exchange.api.limits import SharedLimit

router = Router(tags=["check"])

# Room for a text of the longest kind with every letter written as \uXXXX.
LARGEST_BODY_BYTES = LONGEST_TEXT * 6 + 1024


class CheckRequest(BaseModel):
    text: str = Field(description=f"at most {LONGEST_TEXT} characters")


class CheckedRecord(BaseModel):
    kind: str
    slug: str
    name: str


class CheckedClaim(BaseModel):
    model_config = ConfigDict(extra="allow")

    id: str
    claim: str
    verdict: str
    level: str
    why: str
    source: dict[str, str] | None
    url: str


class CheckedFlag(BaseModel):
    kind: str = Field(description="link: not whose it says; figure: without a source")
    text: str
    note: str


class CheckedSentence(BaseModel):
    text: str
    start: int = Field(description="in characters from the start of the text")
    end: int
    records: list[CheckedRecord]
    claims: list[CheckedClaim]
    flags: list[CheckedFlag]
    notes: list[str]


class CheckReply(BaseModel):
    summary: dict[str, Any]
    sentences: list[CheckedSentence]


@router.post(
    "/check",
    response={
        200: CheckReply,
        400: Problem,
        413: Problem,
        429: Problem,
        500: Problem,
    },
    throttle=SharedLimit(CHECKS),
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {
                "application/json": {"schema": CheckRequest.model_json_schema()}
            },
        }
    },
)
def check(request: HttpRequest) -> HttpResponse | dict[str, Any]:
    """Find, sentence by sentence, the records a text names and the claims it makes."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    if length.isdigit() and int(length) > LARGEST_BODY_BYTES:
        return problem(413, f"A text may have at most {LONGEST_TEXT} characters.")
    try:
        report = check_text(read_text(request.body)).as_json()
    except TooLong as error:
        return problem(413, str(error))
    for sentence in report["sentences"]:
        for claim in sentence["claims"]:
            if claim["url"].startswith("/"):
                claim["url"] = f"{settings.SITE_URL}{claim['url']}"
    return report


def read_text(body: bytes) -> str:
    """Return the text of `{"text": …}`. Raises BadParameter for anything else."""
    try:
        content = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise BadParameter("body", 'takes JSON as {"text": "…"}') from error
    if not isinstance(content, dict):
        raise BadParameter("body", 'takes an object as {"text": "…"}')
    if "text" not in content:
        raise BadParameter("text", "is missing")
    if not isinstance(content["text"], str):
        raise BadParameter("text", "takes a text")
    return content["text"]
