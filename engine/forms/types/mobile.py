"""A mobile number, or none and somebody who can be reached instead: many older people have no phone."""

from collections.abc import Mapping
from typing import Any, ClassVar

from engine.forms import words
from engine.forms.model import Component, Sensitivity
from engine.forms.numbers_of_identity import LANDLINE, MOBILE
from engine.forms.occasion import Occasion
from engine.forms.place import Place
from engine.forms.types.base import FieldType, Problem, Refused, compact, line, raw_parts
from engine.text import Text

NONE = Text("无手机", "No mobile phone")
CONTACT_NAME = Text("联系人姓名", "name of the contact person")
CONTACT_NUMBER = Text("联系人电话", "telephone of the contact person")


class Mobile(FieldType):
    """``mobile``: ``{number, contact_name, contact_number}``; a bare number is welcome too."""

    name = "mobile"
    sensitivity = Sensitivity.PERSONAL
    parts = ("number", "none", "contact_name", "contact_number")
    json_schema: ClassVar[Mapping[str, Any]] = {
        "type": "object",
        "properties": {
            "number": {"type": "string"},
            "none": {"type": "boolean"},
            "contact_name": {"type": "string"},
            "contact_number": {"type": "string"},
        },
    }

    def configure(self, place: Place) -> dict[str, Any]:
        return {"allow_none": place.take_flag("allow_none", True)}

    def parse(self, component: Component, raw: object, occasion: Occasion) -> object:
        label = component.label
        if isinstance(raw, str | int):
            raw = {"number": raw}
        parts = raw_parts(raw, label)
        without = component.settings["allow_none"] and parts.get("none") in ("yes", "true", True)
        if not without:
            return {
                "number": self._mobile(label, parts.get("number")),
                "contact_name": None,
                "contact_number": None,
            }
        problems: list[Problem] = []
        name = parts.get("contact_name")
        telephone = parts.get("contact_number")
        if self.is_blank(name):
            problems.append(("contact_name", words.part_of(label, words.fill_in(CONTACT_NAME))))
        number = "" if self.is_blank(telephone) else compact(telephone, label)
        if not number:
            problems.append(("contact_number", words.part_of(label, words.fill_in(CONTACT_NUMBER))))
        elif not MOBILE.fullmatch(number) and not LANDLINE.fullmatch(number):
            problems.append(
                (
                    "contact_number",
                    words.part_of(
                        label,
                        words.unreadable(
                            CONTACT_NUMBER,
                            "手机号，或带区号的座机号",
                            "a mobile number, or a landline with area code",
                        ),
                    ),
                )
            )
        if problems:
            raise Refused(*problems)
        return {"number": None, "contact_name": line(name, label)[:100], "contact_number": number}

    @staticmethod
    def _mobile(label: Text, raw: object) -> str:
        if raw is None or raw == "":
            raise Refused(("number", words.fill_in(label)))
        number = compact(raw, label).replace("-", "").removeprefix("+86")
        if not MOBILE.fullmatch(number):
            raise Refused(
                (
                    "number",
                    words.unreadable(
                        label,
                        " 11 位手机号，以 13 至 19 开头",
                        "a mobile number of 11 digits starting with 13 to 19",
                    ),
                )
            )
        return number

    def to_raw(self, component: Component, value: Any) -> object:
        if not isinstance(value, Mapping):
            return {"number": value}
        raw = {part: value.get(part) for part in ("number", "contact_name", "contact_number")}
        if not raw["number"] and raw["contact_name"]:
            raw["none"] = "yes"
        return raw

    def display(self, component: Component, value: Any, locale: str, occasion: Occasion) -> str:
        if not isinstance(value, Mapping):
            return str(value)
        if value.get("number"):
            return str(value["number"])
        return f"{NONE.to(locale)} · {value.get('contact_name')} {value.get('contact_number')}"
