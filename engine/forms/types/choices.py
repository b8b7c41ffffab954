"""Questions answered from a list."""

from collections.abc import Mapping
from typing import Any, ClassVar

from engine.forms import words
from engine.forms.model import Component
from engine.forms.occasion import Occasion
from engine.forms.place import Place
from engine.forms.types.base import FieldType, Problem, Refused, line
from engine.text import Text

YES, NO = Text("是", "Yes"), Text("否", "No")
MAX_RADIOS = 7
_YES_NO: dict[object, bool] = {"yes": True, "no": False, "true": True, "false": False}


def not_listed(label: Text) -> Text:
    """The answer is none of the list: a list that changed meanwhile, or a forged request."""
    return Text(f"请从列表中选择{label.zh}", f"Choose {words.mid(label.en)} from the list")


class YesNo(FieldType):
    """``yes_no``: a question with two answers; nothing is chosen beforehand."""

    name = "yes_no"
    asks = "answer"
    json_schema: ClassVar[Mapping[str, Any]] = {"type": "boolean"}

    def parse(self, component: Component, raw: object, occasion: Occasion) -> object:
        if isinstance(raw, bool):
            return raw
        answer = _YES_NO.get(raw) if isinstance(raw, str) else None
        if answer is None:
            raise Refused(("", words.unreadable(component.label, "“是”或“否”", "yes or no")))
        return answer

    def to_raw(self, component: Component, value: Any) -> object:
        return "yes" if value is True else "no" if value is False else value

    def display(self, component: Component, value: Any, locale: str, occasion: Occasion) -> str:
        return (YES if value is True or value == "yes" else NO).to(locale)


class Choice(FieldType):
    """``choice``: one of a list."""

    name = "choice"
    asks = "choose"
    has_options = "must"

    def configure(self, place: Place) -> dict[str, Any]:
        return {"appearance": place.take_one_of("appearance", ("auto", "radios", "select"), "auto")}

    def parse(self, component: Component, raw: object, occasion: Occasion) -> object:
        return line(raw, component.label)

    def check(
        self, component: Component, value: Any, occasion: Occasion, scope: Mapping[str, object]
    ) -> list[Problem]:
        if any(option.value == value for option in occasion.options(component)):
            return []
        return [("", not_listed(component.label))]

    def display(self, component: Component, value: Any, locale: str, occasion: Occasion) -> str:
        return option_words(component, value, locale, occasion)


class Organisation(Choice):
    """``organisation``: one of the organisations the caller offers; the value is its id."""

    name = "organisation"
    has_options = "organisations"


class User(Choice):
    """``user``: one of the users the caller offers; the value is their id."""

    name = "user"
    has_options = "users"


class SeveralChoices(FieldType):
    """``several_choices``: any of a list."""

    name = "several_choices"
    asks = "choose"
    several = True
    has_options = "must"
    json_schema: ClassVar[Mapping[str, Any]] = {"type": "array", "items": {"type": "string"}}

    def configure(self, place: Place) -> dict[str, Any]:
        return {"min": place.take_whole("min", 0, 0, 1000), "max": place.take_whole("max", 1000, 1, 1000)}

    def parse(self, component: Component, raw: object, occasion: Occasion) -> object:
        given = raw if isinstance(raw, list) else [raw]
        if len(given) > 1000:
            raise Refused(
                ("", Text(f"{component.label.zh}选得太多", f"{component.label.en}: too many are chosen"))
            )
        chosen = [line(each, component.label) for each in given]
        return list(dict.fromkeys(each for each in chosen if each))

    def check(
        self, component: Component, value: Any, occasion: Occasion, scope: Mapping[str, object]
    ) -> list[Problem]:
        label, low, high = component.label, component.settings["min"], component.settings["max"]
        offered = {option.value for option in occasion.options(component)}
        if any(each not in offered for each in value):
            return [("", not_listed(label))]
        if len(value) < low:
            return [("", Text(f"{label.zh}至少选 {low} 项", f"{label.en}: choose at least {low}"))]
        if len(value) > high:
            return [("", Text(f"{label.zh}最多选 {high} 项", f"{label.en}: choose at most {high}"))]
        return []

    def display(self, component: Component, value: Any, locale: str, occasion: Occasion) -> str:
        between = ", " if locale.startswith("en") else "、"
        return between.join(option_words(component, each, locale, occasion) for each in value)


def option_words(component: Component, value: object, locale: str, occasion: Occasion) -> str:
    """The label of an answer; the bare value when the list no longer has it."""
    for option in occasion.options(component):
        if option.value == value:
            return option.label.to(locale)
    return str(value)
