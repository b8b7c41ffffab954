"""Text of one line and of many."""

from collections.abc import Mapping
from typing import Any, ClassVar

from engine.forms.model import Component
from engine.forms.occasion import Occasion
from engine.forms.patterns import read_pattern
from engine.forms.place import Place
from engine.forms.types.base import FieldType, Problem, block, line
from engine.text import Text


def length_problems(component: Component, value: str) -> list[Problem]:
    label, settings = component.label, component.settings
    if len(value) < settings["min_length"]:
        low = settings["min_length"]
        return [("", Text(f"{label.zh}至少 {low} 个字", f"{label.en} must have at least {low} characters"))]
    if len(value) > settings["max_length"]:
        high = settings["max_length"]
        return [
            (
                "",
                Text(
                    f"{label.zh}最多 {high} 个字，现在有 {len(value)} 个",
                    f"{label.en} must have at most {high} characters; it has {len(value)}",
                ),
            )
        ]
    return []


class TextLine(FieldType):
    """``text``: one line."""

    name = "text"

    def configure(self, place: Place) -> dict[str, Any]:
        pattern = place.take_string("pattern")
        settings: dict[str, Any] = {
            "min_length": place.take_whole("min_length", 0, 0, 2000),
            "max_length": place.take_whole("max_length", 200, 1, 2000),
            "pattern": None,
            "pattern_message": place.take_words("pattern_message"),
        }
        if pattern:
            try:
                settings["pattern"] = read_pattern(pattern)
            except ValueError as error:
                text: Text = error.args[0]
                place.problem("pattern", text.zh, text.en)
        return settings

    def parse(self, component: Component, raw: object, occasion: Occasion) -> object:
        return line(raw, component.label)

    def check(
        self, component: Component, value: Any, occasion: Occasion, scope: Mapping[str, object]
    ) -> list[Problem]:
        problems = length_problems(component, value)
        pattern = component.settings["pattern"]
        if not problems and pattern is not None and not pattern.fullmatch(value):
            label = component.label
            wrong = Text(f"{label.zh}的格式不对", f"{label.en} is not in the right format")
            problems.append(("", component.settings["pattern_message"] or wrong))
        return problems


class LongText(FieldType):
    """``long_text``: as many lines as one likes."""

    name = "long_text"
    json_schema: ClassVar[Mapping[str, Any]] = {"type": "string", "format": "multiline"}

    def configure(self, place: Place) -> dict[str, Any]:
        return {
            "min_length": place.take_whole("min_length", 0, 0, 20_000),
            "max_length": place.take_whole("max_length", 5000, 1, 20_000),
            "lines": place.take_whole("lines", 5, 2, 30),
        }

    def parse(self, component: Component, raw: object, occasion: Occasion) -> object:
        return block(raw, component.label)

    def check(
        self, component: Component, value: Any, occasion: Occasion, scope: Mapping[str, object]
    ) -> list[Problem]:
        return length_problems(component, value)
