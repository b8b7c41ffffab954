"""What is read and not filled in: tables, text, computed values."""

from collections.abc import Mapping
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, ClassVar

from engine.forms import words
from engine.forms.model import Component
from engine.forms.occasion import SHANGHAI, Occasion
from engine.forms.place import Place
from engine.forms.types.base import FieldType
from engine.forms.types.choices import NO, YES
from engine.forms.types.dates import show_date

MAX_TABLE_ROWS = 500
_SCALARS = (str, bool, Decimal, int, date, datetime, time)


class Table(FieldType):
    """``table``: rows that FEEL gives, to look at."""

    name = "table"
    shows_only = True

    def configure(self, place: Place) -> dict[str, Any]:
        taken = place.take("columns", needed=True)
        columns = []
        if taken is not None:
            for at, each in enumerate(place.items("columns", taken, 20)):
                column = place.inside(f"columns[{at}]", each)
                key, label = column.take_name("key", needed=True), column.take_words("label", needed=True)
                column.refuse_unknown()
                if label is not None:
                    columns.append((key, label))
        return {"columns": tuple(columns), "rows": place.take_formula("rows", needed=True)}


class TextBlock(FieldType):
    """``text_block``: words to read."""

    name = "text_block"
    shows_only = True

    def configure(self, place: Place) -> dict[str, Any]:
        return {
            "text": place.take_words("text", needed=True),
            "tone": place.take_one_of("tone", ("plain", "inset", "warning"), "plain"),
        }


class Computed(FieldType):
    """``computed``: what FEEL makes of the other fields; never taken from what was typed."""

    name = "computed"
    json_schema: ClassVar[Mapping[str, Any]] = {"readOnly": True}

    def configure(self, place: Place) -> dict[str, Any]:
        return {
            "formula": place.take_formula("formula", needed=True),
            "decimals": place.take_whole("decimals", 2, 0, 6),
            "unit": place.take_words("unit"),
            "show": place.take_flag("show", True),
        }

    def display(self, component: Component, value: Any, locale: str, occasion: Occasion) -> str:
        unit = component.settings["unit"]
        shown = show_value(value, locale, component.settings["decimals"])
        return f"{shown} {unit.to(locale)}" if unit and shown else shown


def computed_value(value: object, decimals: int) -> object:
    """A formula's result as a form keeps it: a plain value or a short list of them; anything else is
    nothing."""
    if isinstance(value, Decimal):
        return round(value, decimals) if value.is_finite() and value.adjusted() < 20 else None
    if isinstance(value, list):
        return [computed_value(each, decimals) for each in value[:MAX_TABLE_ROWS]]
    if isinstance(value, str):
        return value[:5000]
    return value if isinstance(value, _SCALARS) else None


def show_value(value: object, locale: str, decimals: int = 2) -> str:
    """Any FEEL value in words; nothing for null."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return (YES if value else NO).to(locale)
    if isinstance(value, Decimal):
        return words.number(round(value, decimals))
    if isinstance(value, datetime):
        here = value.astimezone(SHANGHAI)
        return f"{show_date(here, locale)} {here:%H:%M}"
    if isinstance(value, date):
        return show_date(value, locale)
    if isinstance(value, time):
        return f"{value:%H:%M}"
    if isinstance(value, list):
        return (", " if locale.startswith("en") else "、").join(
            show_value(each, locale, decimals) for each in value
        )
    if isinstance(value, Mapping):
        return " · ".join(show_value(each, locale, decimals) for each in value.values() if each is not None)
    return str(value)
