"""Groups and repeated groups: their components are read, checked and shown one by one, so the types say
only how many."""

from collections.abc import Mapping
from typing import Any, ClassVar

from engine.forms.model import Component
from engine.forms.place import Place
from engine.forms.types.base import FieldType
from engine.text import Text

MAX_ROWS = 100


class Group(FieldType):
    """``group``: fields under one heading; the value is a context."""

    name = "group"
    json_schema: ClassVar[Mapping[str, Any]] = {"type": "object"}


class RepeatedGroup(FieldType):
    """``repeated_group``: rows of the same fields; the value is a list of contexts."""

    name = "repeated_group"
    json_schema: ClassVar[Mapping[str, Any]] = {"type": "array", "items": {"type": "object"}}

    def configure(self, place: Place) -> dict[str, Any]:
        most = place.take_whole("max_rows", 20, 1, MAX_ROWS)
        return {
            "max_rows": most,
            "min_rows": place.take_whole("min_rows", 0, 0, most),
            "row_label": place.take_words("row_label"),
            "add_label": place.take_words("add_label"),
        }


def row_name(component: Component, index: int) -> Text:
    """What a row is called: 第 2 行, or 目标 2 where the form has a word for it."""
    label: Text | None = component.settings.get("row_label")
    number = index + 1
    if label is None:
        return Text(f"第 {number} 行", f"Row {number}")
    return Text(f"{label.zh} {number}", f"{label.en} {number}")
