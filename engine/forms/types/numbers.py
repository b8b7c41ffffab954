"""Numbers: plain, money, hours and scores. All are ``Decimal``: money has no binary fractions."""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, ClassVar

from engine.forms import words
from engine.forms.model import Component
from engine.forms.occasion import Occasion
from engine.forms.place import Place
from engine.forms.types.base import FieldType, Problem, Refused, compact, limit
from engine.text import Text

_NUMBER = re.compile(r"[+-]?(\d{1,18}|\d{1,3}(,\d{3}){1,5})(\.\d{1,12})?")
YUAN = Text("元", "yuan")
HOURS = Text("小时", "hours")


def read_number(raw: object, label: Text) -> Decimal:
    """A number as typed: full-width digits and thousands commas are welcome."""
    text = compact(str(raw) if isinstance(raw, float) else raw, label)
    if not _NUMBER.fullmatch(text):
        raise Refused(("", words.unreadable(label, "数字，例如 12 或 3.5", "a number, like 12 or 3.5")))
    return Decimal(text.replace(",", ""))


def bound_problems(
    component: Component, value: Decimal, occasion: Occasion, scope: Mapping[str, object]
) -> list[Problem]:
    """Limits of the component, literal or FEEL."""
    label = component.label
    low = limit(component.settings.get("min"), scope, occasion.now)
    high = limit(component.settings.get("max"), scope, occasion.now)
    if isinstance(low, Decimal | int) and value < low:
        least = words.number(Decimal(low))
        return [("", Text(f"{label.zh}不能小于 {least}", f"{label.en} must be {least} or more"))]
    if isinstance(high, Decimal | int) and value > high:
        most = words.number(Decimal(high))
        return [("", Text(f"{label.zh}不能大于 {most}", f"{label.en} must be {most} or less"))]
    return []


class Number(FieldType):
    """``number``: any number with a bounded count of decimals."""

    name = "number"
    json_schema: ClassVar[Mapping[str, Any]] = {"type": "number"}

    def configure(self, place: Place) -> dict[str, Any]:
        return {
            "min": place.take_number("min"),
            "max": place.take_number("max"),
            "decimals": place.take_whole("decimals", 2, 0, 6),
            "unit": place.take_words("unit"),
        }

    def parse(self, component: Component, raw: object, occasion: Occasion) -> object:
        return read_number(raw, component.label)

    def check(
        self, component: Component, value: Any, occasion: Occasion, scope: Mapping[str, object]
    ) -> list[Problem]:
        label, decimals = component.label, component.settings["decimals"]
        if value != round(value, decimals):
            if decimals == 0:
                return [("", words.unreadable(label, "整数", "a whole number"))]
            return [
                ("", Text(f"{label.zh}最多 {decimals} 位小数", f"{label.en} has at most {decimals} decimals"))
            ]
        return bound_problems(component, value, occasion, scope)

    def display(self, component: Component, value: Any, locale: str, occasion: Occasion) -> str:
        unit = component.settings.get("unit")
        shown = words.number(Decimal(str(value)))
        return f"{shown} {unit.to(locale)}" if unit else shown


class Money(Number):
    """``money``: decimal(12,2), more than zero, in yuan."""

    name = "money"

    def configure(self, place: Place) -> dict[str, Any]:
        return {"min": place.take_number("min"), "max": place.take_number("max"), "decimals": 2, "unit": YUAN}

    def check(
        self, component: Component, value: Any, occasion: Occasion, scope: Mapping[str, object]
    ) -> list[Problem]:
        label = component.label
        if value <= 0:
            return [("", Text(f"{label.zh}应大于 0", f"{label.en} must be more than 0"))]
        if value >= 10**10:
            return [
                (
                    "",
                    Text(
                        f"{label.zh}整数部分最多 10 位", f"{label.en} has at most 10 digits before the point"
                    ),
                )
            ]
        return super().check(component, value, occasion, scope)

    def display(self, component: Component, value: Any, locale: str, occasion: Occasion) -> str:
        return f"¥{Decimal(str(value)):,.2f}"


class Hours(Number):
    """``hours``: service hours in steps of a half."""

    name = "hours"

    def configure(self, place: Place) -> dict[str, Any]:
        low, high = place.take_number("min"), place.take_number("max")
        return {
            "min": Decimal("0.5") if low is None else low,
            "max": Decimal(1000) if high is None else high,
            "decimals": 1,
            "unit": HOURS,
        }

    def check(
        self, component: Component, value: Any, occasion: Occasion, scope: Mapping[str, object]
    ) -> list[Problem]:
        if value % Decimal("0.5"):
            return [
                (
                    "",
                    words.unreadable(
                        component.label, " 0.5 的倍数，例如 1.5", "in steps of half an hour, like 1.5"
                    ),
                )
            ]
        return bound_problems(component, value, occasion, scope)


class Score(Number):
    """``score``: one step of a short scale of whole numbers."""

    name = "score"
    asks = "choose"
    json_schema: ClassVar[Mapping[str, Any]] = {"type": "integer"}

    def configure(self, place: Place) -> dict[str, Any]:
        low = place.take_whole("min", 0, -100, 100)
        high = place.take_whole("max", 5, -100, 100)
        if not 0 < high - low <= 10:
            place.problem("max", "评分应有 2 至 11 级", "a score has 2 to 11 steps")
            low, high = 0, 5
        anchors: dict[str, Text] = {}
        taken = place.take("anchors")
        if taken is not None:
            within = place.inside("anchors", taken)
            steps = {str(step) for step in range(low, high + 1)}
            anchors = {step: text for step in steps if (text := within.take_words(step)) is not None}
            within.refuse_unknown()
        return {"min": Decimal(low), "max": Decimal(high), "decimals": 0, "unit": None, "anchors": anchors}
