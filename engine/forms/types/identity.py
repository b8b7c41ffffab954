"""Documents and numbers that say who somebody is."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from engine.forms import numbers_of_identity as numbers
from engine.forms import words
from engine.forms.model import Component, Sensitivity
from engine.forms.occasion import Occasion
from engine.forms.place import Place
from engine.forms.types.base import FieldType, Refused, compact, raw_parts
from engine.text import Text


@dataclass(frozen=True)
class Kind:
    """A kind of document: its shape, and whether it has 18 characters with check and date of birth."""

    label: Text
    pattern: re.Pattern[str]
    shape: Text
    checked: bool = False


def _kind(zh: str, en: str, pattern: str, shape_zh: str, shape_en: str, checked: bool = False) -> Kind:
    return Kind(Text(zh, en), re.compile(pattern, re.ASCII), Text(shape_zh, shape_en), checked)


KINDS: Mapping[str, Kind] = {
    "id_card": _kind(
        "居民身份证", "Resident identity card", r"[1-9]\d{16}[\dX]", "18 位", "18 characters", True
    ),
    "hmt_residence_permit": _kind(
        "港澳台居民居住证",
        "Residence permit of Hong Kong, Macao and Taiwan residents",
        r"8[123]0000\d{11}[\dX]",
        "81、82 或 83 开头的 18 位",
        "18 characters starting with 81, 82 or 83",
        True,
    ),
    "hm_travel_permit": _kind(
        "港澳居民来往内地通行证",
        "Mainland travel permit of Hong Kong and Macao residents",
        r"[HM]\d{8}(\d{2})?",
        "H 或 M 加 8 位或 10 位数字",
        "H or M and 8 or 10 digits",
    ),
    "tw_travel_permit": _kind(
        "台湾居民来往大陆通行证",
        "Mainland travel permit of Taiwan residents",
        r"\d{8}(\d{2})?",
        "8 位或 10 位数字",
        "8 or 10 digits",
    ),
    "foreign_permanent_residence": _kind(
        "外国人永久居留身份证",
        "Foreign permanent resident identity card",
        r"9\d{16}[\dX]|[A-Z]{3}\d{12}",
        "9 开头的 18 位，或 3 个字母加 12 位数字",
        "18 characters starting with 9, or 3 letters and 12 digits",
        True,
    ),
    "passport": _kind(
        "护照", "Passport", r"[A-Z0-9]{5,20}", "5 至 20 位字母或数字", "5 to 20 letters or digits"
    ),
}
KIND_LABEL, NUMBER_LABEL = Text("证件类型", "kind of document"), Text("证件号码", "document number")


class IdentityDocument(FieldType):
    """``identity_document``: kind and number; the value adds date of birth and gender where the number
    holds them."""

    name = "identity_document"
    sensitivity = Sensitivity.SENSITIVE
    parts = ("kind", "number")
    json_schema: ClassVar[Mapping[str, Any]] = {
        "type": "object",
        "properties": {"kind": {"type": "string", "enum": list(KINDS)}, "number": {"type": "string"}},
    }

    def configure(self, place: Place) -> dict[str, Any]:
        return {"kinds": place.take_some_of("kinds", tuple(KINDS), tuple(KINDS))}

    def is_blank(self, raw: object) -> bool:
        # the kind is chosen beforehand on the page, so it alone says nothing
        return super().is_blank(raw.get("number") if isinstance(raw, Mapping) else raw)

    def parse(self, component: Component, raw: object, occasion: Occasion) -> object:
        label = component.label
        if isinstance(raw, str):  # a bare number, as registers and interfaces send it
            raw = {"number": raw}
        parts = raw_parts(raw, label)
        kind = parts.get("kind") or component.settings["kinds"][0]
        if not isinstance(kind, str) or kind not in component.settings["kinds"]:
            raise Refused(("kind", words.part_of(label, words.choose(KIND_LABEL))))
        number = compact(parts.get("number"), label).upper()
        return self._read(component, kind, number, occasion)

    def _read(self, component: Component, kind: str, number: str, occasion: Occasion) -> dict[str, object]:
        known = KINDS[kind]
        subject = Text(f"{component.label.zh}：{known.label.zh}号码", f"{component.label.en}: the number")
        if not known.pattern.fullmatch(number):
            raise Refused(
                (
                    "number",
                    Text(f"{subject.zh}应为 {known.shape.zh}", f"{subject.en} must be {known.shape.en}"),
                )
            )
        value: dict[str, object] = {"kind": kind, "number": number, "birth_date": None, "gender": None}
        if known.checked and len(number) == 18:
            born = numbers.birth_date(number, occasion.today)
            if born is None:
                raise Refused(
                    (
                        "number",
                        Text(f"{subject.zh}中的出生日期不对", f"{subject.en} holds no real date of birth"),
                    )
                )
            if not numbers.mod_11_2(number):
                raise Refused(
                    (
                        "number",
                        Text(
                            f"{subject.zh}的校验位不对，请核对是否输错",
                            f"{subject.en} has a wrong check character; see whether a digit is wrong",
                        ),
                    )
                )
            value["birth_date"] = born
            value["gender"] = numbers.gender(number)
        return value

    def to_raw(self, component: Component, value: Any) -> object:
        if isinstance(value, Mapping):
            return {part: value.get(part) for part in self.parts}
        return {"number": value}

    def display(self, component: Component, value: Any, locale: str, occasion: Occasion) -> str:
        known = KINDS.get(value.get("kind"))
        return f"{known.label.to(locale)} {value.get('number')}" if known else str(value.get("number"))


class Uscc(FieldType):
    """``uscc``: the number of an organisation (统一社会信用代码)."""

    name = "uscc"

    def parse(self, component: Component, raw: object, occasion: Occasion) -> object:
        code = compact(raw, component.label).upper()
        label = component.label
        if len(code) != 18:
            raise Refused(("", words.unreadable(label, " 18 位", "18 characters")))
        if not numbers.uscc(code):
            raise Refused(
                (
                    "",
                    Text(
                        f"{label.zh}的校验位不对，请核对是否输错",
                        f"{label.en} has a wrong check character; see whether a character is wrong",
                    ),
                )
            )
        return code


class BankCard(FieldType):
    """``bank_card``: the number on a bank card."""

    name = "bank_card"
    sensitivity = Sensitivity.SENSITIVE

    def parse(self, component: Component, raw: object, occasion: Occasion) -> object:
        label = component.label
        number = compact(raw, label).replace("-", "")
        if not re.fullmatch(r"\d{12,19}", number, re.ASCII):
            raise Refused(("", words.unreadable(label, " 12 至 19 位数字", "12 to 19 digits")))
        if not numbers.luhn(number):
            raise Refused(
                (
                    "",
                    Text(
                        f"{label.zh}不对，请核对是否输错",
                        f"{label.en} is wrong; see whether a digit is wrong",
                    ),
                )
            )
        return number

    def display(self, component: Component, value: Any, locale: str, occasion: Occasion) -> str:
        return " ".join(str(value)[at : at + 4] for at in range(0, len(str(value)), 4))
