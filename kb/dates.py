"""Dates that may know only a year or a month.

A `PartialDate` is the ISO 8601 text itself (`"2016"`, `"2016-05"`, `"2016-05-10"`), so it
sorts, prints and travels as JSON without any conversion.
"""

from __future__ import annotations

import calendar
import datetime
import re
from functools import lru_cache
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from pydantic import GetCoreSchemaHandler
from pydantic_core import core_schema

SHAPE = re.compile(r"(?P<year>\d{4})(?:-(?P<month>\d\d)(?:-(?P<day>\d\d))?)?")
MEANING = "a date as 2016, 2016-05 or 2016-05-10"


class PartialDate(str):
    """A year, a month or a day. Raises ValueError for anything else."""

    __slots__ = ()

    def __new__(cls, text: str) -> PartialDate:
        match = SHAPE.fullmatch(text)
        if not match:
            raise ValueError(f"{text!r} is not {MEANING}")
        year, month, day = (int(part) if part else 1 for part in match.groups())
        try:
            datetime.date(year, month, day)
        except ValueError as error:
            raise ValueError(f"{text!r} is not {MEANING}: {error}") from error
        return super().__new__(cls, text)

    @classmethod
    def of(cls, day: datetime.date) -> PartialDate:
        return cls(day.isoformat())

    @property
    def earliest(self) -> datetime.date:
        """The first day it can mean: 2016 gives 1 January 2016."""
        year, month, day = self._parts()
        return datetime.date(year, month or 1, day or 1)

    @property
    def latest(self) -> datetime.date:
        """The last day it can mean: 2016-02 gives 29 February 2016."""
        year, month, day = self._parts()
        month = month or 12
        return datetime.date(year, month, day or calendar.monthrange(year, month)[1])

    def _parts(self) -> tuple[int, int | None, int | None]:
        year, *rest = (int(part) for part in self.split("-"))
        month, day, *_ = (*rest, None, None)
        return year, month, day

    @classmethod
    def __get_pydantic_core_schema__(
        cls, source: Any, handler: GetCoreSchemaHandler
    ) -> core_schema.CoreSchema:
        pattern = r"^\d{4}(-\d{2}(-\d{2})?)?$"
        return core_schema.no_info_after_validator_function(
            cls, core_schema.str_schema(pattern=pattern)
        )


@lru_cache(maxsize=16384)
def _stored(text: str) -> PartialDate:
    """Return a date of the database: a few hundred of them stand in all the rows."""
    return PartialDate(text)


class PartialDateField(models.CharField):
    """Stores a `PartialDate`; empty means not known, and is kept as NULL."""

    description = MEANING

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["max_length"] = 10
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        del kwargs["max_length"]
        return name, path, args, kwargs

    def from_db_value(self, value: str | None, *args: Any) -> PartialDate | None:
        return _stored(value) if value else None

    def to_python(self, value: Any) -> PartialDate | None:
        if value is None or value == "":
            return None
        if isinstance(value, datetime.date):
            return PartialDate.of(value)
        try:
            return PartialDate(str(value).strip())
        except ValueError as error:
            raise ValidationError(str(error), code="invalid") from error

    def get_prep_value(self, value: Any) -> str | None:
        value = self.to_python(value)
        return None if value is None else str(value)
