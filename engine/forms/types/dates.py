"""Dates and times, typed and shown in Beijing time."""

import re
from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any, ClassVar

from engine.forms import words
from engine.forms.model import Component
from engine.forms.occasion import SHANGHAI, Occasion
from engine.forms.place import Place
from engine.forms.types.base import FieldType, Problem, Refused, block, compact, limit
from engine.text import Text

_DATE = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?|(\d{4})(\d{2})(\d{2})")
_TIME = re.compile(r"(\d{1,2})[::](\d{2})([::]\d{2}(\.\d{1,6})?)?")
EARLIEST, LATEST = date(1900, 1, 1), date(2199, 12, 31)


def read_date(text: str) -> date | None:
    """A day as people write it: 2026-03-01, 2026/3/1, 2026年3月1日，20260301. None if there is no such
    day."""
    found = _DATE.fullmatch(text)
    if found is None:
        return None
    year, month, day = (int(part) for part in found.groups() if part is not None)
    try:
        value = date(year, month, day)
    except ValueError:
        return None
    return value if EARLIEST <= value <= LATEST else None


def show_date(value: date, locale: str) -> str:
    """A day in words: 2026年3月1日，1 March 2026."""
    if locale.startswith("en"):
        return f"{value.day} {value:%B} {value.year}"
    return f"{value.year}年{value.month}月{value.day}日"


class _Moment(FieldType):
    """What dates and times share: limits that are ISO texts or FEEL."""

    def configure(self, place: Place) -> dict[str, Any]:
        return {"min": self._limit(place, "min"), "max": self._limit(place, "max")}

    def _limit(self, place: Place, name: str) -> object:
        value = place.take(name)
        if value is None:
            return None
        literal = self.read(value) if isinstance(value, str) else None
        return literal if literal is not None else place.formula(name, value)

    def read(self, text: str) -> date | datetime | time | None:
        """The value of a typed text, None when it can't be read."""
        raise NotImplementedError

    def show(self, value: Any, locale: str) -> str:
        """The value in words."""
        raise NotImplementedError

    def comparable(self, value: Any) -> Any:
        """A limit in the shape of a value, None when it has another."""
        raise NotImplementedError

    def check(
        self, component: Component, value: Any, occasion: Occasion, scope: Mapping[str, object]
    ) -> list[Problem]:
        label, settings = component.label, component.settings
        low = self.comparable(limit(settings["min"], scope, occasion.now))
        high = self.comparable(limit(settings["max"], scope, occasion.now))
        if low is not None and value < low:
            zh, en = self.show(low, "zh"), self.show(low, "en")
            return [("", Text(f"{label.zh}不能早于 {zh}", f"{label.en} must be {en} or later"))]
        if high is not None and value > high:
            zh, en = self.show(high, "zh"), self.show(high, "en")
            return [("", Text(f"{label.zh}不能晚于 {zh}", f"{label.en} must be {en} or earlier"))]
        return []

    def display(self, component: Component, value: Any, locale: str, occasion: Occasion) -> str:
        found = self.comparable(value)
        return str(value) if found is None else self.show(found, locale)


class Date(_Moment):
    """``date``: a day."""

    name = "date"
    json_schema: ClassVar[Mapping[str, Any]] = {"type": "string", "format": "date"}

    def read(self, text: str) -> date | None:
        return read_date(text)

    def show(self, value: Any, locale: str) -> str:
        return show_date(value, locale)

    def comparable(self, value: Any) -> Any:
        if isinstance(value, datetime):
            return value.astimezone(SHANGHAI).date()
        return value if isinstance(value, date) else None

    def parse(self, component: Component, raw: object, occasion: Occasion) -> object:
        if isinstance(raw, date):
            return self.comparable(raw)
        value = read_date(compact(raw, component.label))
        if value is None:
            raise Refused(
                (
                    "",
                    words.unreadable(
                        component.label, "真实的日期，例如 2026-03-01", "a real date, like 2026-03-01"
                    ),
                )
            )
        return value


class Time(_Moment):
    """``time``: a time of day."""

    name = "time"
    json_schema: ClassVar[Mapping[str, Any]] = {"type": "string", "format": "time"}

    def read(self, text: str) -> time | None:
        found = _TIME.fullmatch(text)
        if found is None or int(found[1]) > 23 or int(found[2]) > 59:
            return None
        return time(int(found[1]), int(found[2]))

    def show(self, value: Any, locale: str) -> str:
        return f"{value:%H:%M}"

    def comparable(self, value: Any) -> Any:
        return value.replace(tzinfo=None) if isinstance(value, time) else None

    def to_raw(self, component: Component, value: Any) -> object:
        return self.show(value, "") if isinstance(value, time) else value

    def parse(self, component: Component, raw: object, occasion: Occasion) -> object:
        if isinstance(raw, time):
            return self.comparable(raw)
        value = self.read(compact(raw, component.label))
        if value is None:
            raise Refused(("", words.unreadable(component.label, "时间，例如 14:30", "a time, like 14:30")))
        return value


class DateTime(_Moment):
    """``datetime``: a moment, to the minute."""

    name = "datetime"
    json_schema: ClassVar[Mapping[str, Any]] = {"type": "string", "format": "date-time"}

    def read(self, text: str) -> datetime | None:
        try:
            value = datetime.fromisoformat(text.strip().replace("/", "-"))
        except ValueError:
            return None
        try:
            value = value.replace(tzinfo=SHANGHAI) if value.tzinfo is None else value.astimezone(SHANGHAI)
        except OverflowError:
            return None
        return value if EARLIEST <= value.date() <= LATEST else None

    def show(self, value: Any, locale: str) -> str:
        here = value.astimezone(SHANGHAI)
        return f"{show_date(here, locale)} {here:%H:%M}"

    def comparable(self, value: Any) -> Any:
        if isinstance(value, datetime):
            return value if value.tzinfo is not None else value.replace(tzinfo=SHANGHAI)
        return (
            datetime(value.year, value.month, value.day, tzinfo=SHANGHAI) if isinstance(value, date) else None
        )

    def to_raw(self, component: Component, value: Any) -> object:
        return f"{value.astimezone(SHANGHAI):%Y-%m-%dT%H:%M}" if isinstance(value, datetime) else value

    def parse(self, component: Component, raw: object, occasion: Occasion) -> object:
        if isinstance(raw, datetime):
            return self.comparable(raw).astimezone(SHANGHAI)
        value = self.read(block(raw, component.label))
        if value is None:
            raise Refused(
                (
                    "",
                    words.unreadable(
                        component.label,
                        "真实的日期和时间，例如 2026-03-01 14:30",
                        "a real date and time, like 2026-03-01 14:30",
                    ),
                )
            )
        return value
