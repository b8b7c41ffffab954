"""Consent: what for, which data, how long; the sensitive part ticked separately (个人信息保护法 14, 17,
29)."""

from collections.abc import Mapping
from typing import Any, ClassVar

from engine.forms.model import Component
from engine.forms.occasion import SHANGHAI, Occasion
from engine.forms.place import Place
from engine.forms.types.base import FieldType, Problem, raw_parts
from engine.forms.types.choices import YesNo
from engine.text import Text

AGREED = Text("同意", "Agreed")
NOT_AGREED = Text("不同意", "Not agreed")
SENSITIVE_AGREED = Text("单独同意处理敏感个人信息", "Separate consent to sensitive data")
SENSITIVE_NOT_AGREED = Text("未同意处理敏感个人信息", "No consent to sensitive data")


class Consent(FieldType):
    """``consent``: ``{agreed, sensitive_agreed, version, given_at}``. Answering may be required, agreeing
    only where the form says ``must_agree``."""

    name = "consent"
    asks = "answer"
    parts = ("agreed", "sensitive")
    given_afresh = True
    json_schema: ClassVar[Mapping[str, Any]] = {
        "type": "object",
        "properties": {"agreed": {"type": "boolean"}, "sensitive": {"type": "boolean"}},
    }

    def configure(self, place: Place) -> dict[str, Any]:
        return {
            "text": place.take_words("text", needed=True),
            "version": place.take_string("version", needed=True, longest=40),
            "purposes": place.take_words_list("purposes", needed=True),
            "items": place.take_words_list("items", needed=True),
            "sensitive_items": place.take_words_list("sensitive_items"),
            "retention": place.take_words("retention", needed=True),
            "withdrawable": place.take_flag("withdrawable", True),
            "must_agree": place.take_flag("must_agree", False),
            "must_agree_sensitive": place.take_flag("must_agree_sensitive", False),
        }

    def is_blank(self, raw: object) -> bool:
        return super().is_blank(raw.get("agreed") if isinstance(raw, Mapping) else raw)

    def parse(self, component: Component, raw: object, occasion: Occasion) -> object:
        parts = raw_parts(raw, component.label)
        answer = YesNo()
        agreed = answer.parse(component, parts.get("agreed"), occasion)
        sensitive: object = None
        if component.settings["sensitive_items"]:
            # an unticked box is simply not sent
            ticked = parts.get("sensitive")
            sensitive = (
                agreed is True and not self.is_blank(ticked) and answer.parse(component, ticked, occasion)
            )
        return {
            "agreed": agreed,
            "sensitive_agreed": sensitive,
            "version": component.settings["version"],
            "given_at": occasion.now.astimezone(SHANGHAI),
        }

    def check(
        self, component: Component, value: Any, occasion: Occasion, scope: Mapping[str, object]
    ) -> list[Problem]:
        label, settings = component.label, component.settings
        if settings["must_agree"] and value["agreed"] is not True:
            return [
                (
                    "agreed",
                    Text(
                        f"不同意“{label.zh}”则不能继续", f"This can't go on without agreement to “{label.en}”"
                    ),
                )
            ]
        if settings["must_agree_sensitive"] and value["agreed"] and value["sensitive_agreed"] is False:
            return [
                (
                    "sensitive",
                    Text(
                        f"{label.zh}：请单独勾选敏感个人信息",
                        f"{label.en}: tick the sensitive data separately",
                    ),
                )
            ]
        return []

    def to_raw(self, component: Component, value: Any) -> object:
        if not isinstance(value, Mapping):
            return {}
        answer = YesNo()
        return {
            "agreed": answer.to_raw(component, value.get("agreed")),
            "sensitive": "yes" if value.get("sensitive_agreed") else None,
        }

    def display(self, component: Component, value: Any, locale: str, occasion: Occasion) -> str:
        shown = [(AGREED if value.get("agreed") else NOT_AGREED).to(locale)]
        if value.get("agreed") and value.get("sensitive_agreed") is not None:
            shown.append((SENSITIVE_AGREED if value["sensitive_agreed"] else SENSITIVE_NOT_AGREED).to(locale))
        if value.get("version"):
            shown.append(f"({value['version']})")
        return " · ".join(shown)
