"""Who and where: a person by name, an address by street, community, grid and building."""

from collections.abc import Mapping
from datetime import date
from typing import Any, ClassVar

from engine.forms import words
from engine.forms.model import Component, Sensitivity
from engine.forms.numbers_of_identity import MOBILE
from engine.forms.occasion import Occasion
from engine.forms.place import Place
from engine.forms.types.base import FieldType, Problem, Refused, as_json, compact, line, raw_parts
from engine.forms.types.choices import not_listed
from engine.forms.types.dates import EARLIEST, read_date, show_date
from engine.text import Text

PERSON_PARTS: Mapping[str, Text] = {
    "name": Text("姓名", "name"),
    "gender": Text("性别", "gender"),
    "birth_date": Text("出生日期", "date of birth"),
    "mobile": Text("手机", "mobile"),
    "relation": Text("关系", "relation"),
}
GENDERS: Mapping[str, Text] = {"male": Text("男", "Male"), "female": Text("女", "Female")}
ADDRESS_PARTS: Mapping[str, Text] = {
    "street": Text("街道", "street"),
    "community": Text("社区", "community"),
    "grid": Text("网格", "grid"),
    "detail": Text("楼栋、单元、门牌", "building, unit and door"),
}
LISTS: Mapping[str, str] = {"street": "streets", "community": "communities", "grid": "grids"}
WITHIN: Mapping[str, str] = {"community": "street", "grid": "community"}


def _missing(component: Component, value: Mapping[str, object], labels: Mapping[str, Text]) -> list[Problem]:
    problems: list[Problem] = []
    for part in component.settings["need"]:
        if not value.get(part):
            ask = words.choose if part in LISTS or part == "gender" else words.fill_in
            problems.append((part, words.part_of(component.label, ask(labels[part]))))
    return problems


class Person(FieldType):
    """``person``: a name, and what else the form asks about them."""

    name = "person"
    sensitivity = Sensitivity.PERSONAL
    parts = tuple(PERSON_PARTS)
    json_schema: ClassVar[Mapping[str, Any]] = {
        "type": "object",
        "properties": {part: {"type": "string"} for part in PERSON_PARTS},
    }

    def configure(self, place: Place) -> dict[str, Any]:
        ask = place.take_some_of("ask", tuple(PERSON_PARTS), ("name",))
        need = place.take_some_of("need", ask, ("name",) if "name" in ask else ask)
        return {"ask": ask, "need": need}

    def parse(self, component: Component, raw: object, occasion: Occasion) -> object:
        label = component.label
        if isinstance(raw, str):
            raw = {"name": raw}
        parts = raw_parts(raw, label)
        value: dict[str, object] = dict.fromkeys(PERSON_PARTS)
        problems: list[Problem] = []
        for part in component.settings["ask"]:
            given = parts.get(part)
            if self.is_blank(given):
                continue
            try:
                value[part] = self._part(part, given, label, occasion)
            except Refused as refused:
                problems.extend((part, words.part_of(label, text)) for _, text in refused.problems)
        if problems:
            raise Refused(*problems)
        return value

    @staticmethod
    def _part(part: str, given: object, label: Text, occasion: Occasion) -> object:
        own = PERSON_PARTS[part]
        if part == "birth_date":
            text = given.isoformat() if isinstance(given, date) else given
            born = read_date(compact(text, own))
            if born is None or not EARLIEST <= born <= occasion.today:
                raise Refused(
                    ("", words.unreadable(own, "今天以前的真实日期", "a real date that is not in the future"))
                )
            return born
        if part == "mobile":
            number = compact(given, own)
            if not MOBILE.fullmatch(number):
                raise Refused(("", words.unreadable(own, " 11 位手机号", "a mobile number of 11 digits")))
            return number
        if part == "gender":
            if given not in ("male", "female"):
                raise Refused(("", not_listed(own)))
            return given
        text = line(given, own)
        if len(text) > 100:
            raise Refused(("", Text(f"{own.zh}最多 100 个字", f"{own.en} must have at most 100 characters")))
        return text

    def check(
        self, component: Component, value: Any, occasion: Occasion, scope: Mapping[str, object]
    ) -> list[Problem]:
        return _missing(component, value, PERSON_PARTS)

    def to_raw(self, component: Component, value: Any) -> object:
        if not isinstance(value, Mapping):
            return {"name": value}
        return as_json({part: value.get(part) for part in self.parts})

    def display(self, component: Component, value: Any, locale: str, occasion: Occasion) -> str:
        if not isinstance(value, Mapping):
            return str(value)
        shown: list[str] = []
        for part in self.parts:
            found = value.get(part)
            if not found:
                continue
            if part == "gender":
                found = GENDERS[found].to(locale) if found in GENDERS else found
            elif isinstance(found, date):
                found = show_date(found, locale)
            shown.append(str(found))
        return " · ".join(shown)


class Address(FieldType):
    """``address``: street and community from the lists, a grid from its list or in words, the building in
    words."""

    name = "address"
    sensitivity = Sensitivity.PERSONAL
    parts = tuple(ADDRESS_PARTS)
    json_schema: ClassVar[Mapping[str, Any]] = {
        "type": "object",
        "properties": {part: {"type": "string"} for part in ADDRESS_PARTS},
    }

    def configure(self, place: Place) -> dict[str, Any]:
        ask = place.take_some_of("ask", tuple(ADDRESS_PARTS), tuple(ADDRESS_PARTS))
        wanted = [part for part in ("street", "community", "detail") if part in ask]
        return {"ask": ask, "need": place.take_some_of("need", ask, wanted or ask)}

    def parse(self, component: Component, raw: object, occasion: Occasion) -> object:
        label = component.label
        parts = raw_parts(raw, label)
        value: dict[str, object] = dict.fromkeys(ADDRESS_PARTS)
        for part in component.settings["ask"]:
            given = parts.get(part)
            if not self.is_blank(given):
                value[part] = line(given, label)[:200]
        # a community has one street: whoever chose the community need not choose the street
        if value["community"] and not value["street"]:
            value["street"] = next(
                (o.parent for o in occasion.named("communities") if o.value == value["community"]), None
            )
        return value

    def check(
        self, component: Component, value: Any, occasion: Occasion, scope: Mapping[str, object]
    ) -> list[Problem]:
        problems = _missing(component, value, ADDRESS_PARTS)
        for part, list_name in LISTS.items():
            chosen, offered = value.get(part), occasion.named(list_name)
            if not chosen or not offered:
                continue
            found = next((option for option in offered if option.value == chosen), None)
            wider = WITHIN.get(part)
            if found is None:
                problems.append((part, words.part_of(component.label, not_listed(ADDRESS_PARTS[part]))))
            elif wider and value.get(wider) and found.parent and found.parent != value[wider]:
                own, outer = ADDRESS_PARTS[part], ADDRESS_PARTS[wider]
                problems.append(
                    (
                        part,
                        words.part_of(
                            component.label,
                            Text(
                                f"“{found.label.zh}”不属于所选{outer.zh}",
                                f"The {own.en} {found.label.en} is not in the {outer.en} chosen",
                            ),
                        ),
                    )
                )
        return problems

    def to_raw(self, component: Component, value: Any) -> object:
        return {part: value.get(part) for part in self.parts} if isinstance(value, Mapping) else {}

    def display(self, component: Component, value: Any, locale: str, occasion: Occasion) -> str:
        if not isinstance(value, Mapping):
            return str(value)
        shown: list[str] = []
        for part in self.parts:
            found = value.get(part)
            if found and part in LISTS:
                found = next(
                    (o.label.to(locale) for o in occasion.named(LISTS[part]) if o.value == found), found
                )
            if found:
                shown.append(str(found))
        return (", " if locale.startswith("en") else "").join(shown)
