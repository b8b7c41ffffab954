"""What a field type is. A plugin adds its own by subclassing :class:`FieldType` and registering an
instance."""

import re
import unicodedata
from collections.abc import Mapping
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, ClassVar

from engine.forms import words
from engine.forms.formulas import Formula
from engine.forms.model import Component, Sensitivity
from engine.forms.occasion import Occasion
from engine.forms.place import Place
from engine.text import Text

MAX_RAW = 20_000  # characters in any one thing typed
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")

Problem = tuple[str, Text]
"""The part of the field it is about (empty: the field itself), and the sentence."""


class Refused(Exception):
    """What was typed can't be read as a value of the field."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__(problems)
        self.problems = problems


class FieldType:
    """One kind of field. Stateless; ``component.settings`` holds what :meth:`configure` read.

    *Raw* is what was typed: a string, for a type with ``parts`` a mapping of strings, for one that is
    ``several`` a list. *Value* is what it means: ``Decimal``, ``date``, ``bool``, …, as FEEL has it
    (:mod:`engine.feel.values`).
    """

    name: ClassVar[str]
    #: the sentence of :data:`engine.forms.words.ASKS` that asks for it when nothing was given
    asks: ClassVar[str] = "fill_in"
    sensitivity: ClassVar[Sensitivity] = Sensitivity.PUBLIC
    #: names of the raw parts, for a field of several inputs
    parts: ClassVar[tuple[str, ...]] = ()
    #: whether raw is a list
    several: ClassVar[bool] = False
    #: whether it takes files (raw items may be uploads)
    takes_files: ClassVar[bool] = False
    #: whether it is given anew each time and never prefilled
    given_afresh: ClassVar[bool] = False
    #: whether it holds no value and is only read
    shows_only: ClassVar[bool] = False
    #: "none", "may" or "must" have options; or the named list it takes when it says nothing
    has_options: ClassVar[str] = "none"
    #: the JSON schema of raw, for the API description
    json_schema: ClassVar[Mapping[str, Any]] = {"type": "string"}

    def configure(self, place: Place) -> dict[str, Any]:
        """Read the type's own properties; problems are noted at the place."""
        return {}

    def is_blank(self, raw: object) -> bool:
        """Whether nothing was given."""
        return is_empty(raw)

    def parse(self, component: Component, raw: object, occasion: Occasion) -> object:
        """The value of something not blank. Raises :class:`Refused`."""
        raise NotImplementedError

    def check(
        self, component: Component, value: Any, occasion: Occasion, scope: Mapping[str, object]
    ) -> list[Problem]:
        """What is wrong with a value that could be read: limits and lists."""
        return []

    def to_raw(self, component: Component, value: Any) -> object:
        """The value as it would be typed: JSON-safe, so that drafts can be kept."""
        return as_json(value)

    def display(self, component: Component, value: Any, locale: str, occasion: Occasion) -> str:
        """The value for people to read."""
        return str(value)


def is_empty(raw: object, depth: int = 0) -> bool:
    """Nothing, blanks, or only such things in a list or mapping; what is nested absurdly deep is not empty
    but wrong."""
    if raw is None:
        return True
    if isinstance(raw, str):
        return not raw.strip()
    if depth > 3:
        return False
    if isinstance(raw, Mapping):
        return all(is_empty(each, depth + 1) for each in raw.values())
    return isinstance(raw, list) and all(is_empty(each, depth + 1) for each in raw)


def as_json(value: object) -> object:
    """Numbers as text (no binary fractions), moments as ISO 8601."""
    if isinstance(value, Decimal):
        return words.number(value)
    if isinstance(value, date | datetime | time):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): as_json(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [as_json(each) for each in value]
    return value if value is None or isinstance(value, str | int | float | bool) else str(value)


def line(raw: object, label: Text) -> str:
    """One line of text, trimmed. A number is taken as it would be typed."""
    return " ".join(block(raw, label).split())


def block(raw: object, label: Text) -> str:
    """Text of any number of lines, trimmed, in Unicode's composed form, without control characters."""
    if isinstance(raw, int | Decimal) and not isinstance(raw, bool):
        raw = str(raw)
    if not isinstance(raw, str):
        raise Refused(("", words.unreadable(label, "文字", "text")))
    if len(raw) > MAX_RAW:
        raise Refused(("", Text(f"{label.zh}太长", f"{label.en} is too long")))
    text = raw.replace("\r\n", "\n").replace("\r", "\n")
    return unicodedata.normalize("NFC", _CONTROL.sub("", text)).strip()


def compact(raw: object, label: Text) -> str:
    """A number, code or date as typed by anyone: full-width characters made plain, no blanks."""
    return "".join(unicodedata.normalize("NFKC", block(raw, label)).split())


def limit(setting: Any, scope: Mapping[str, object], now: datetime) -> object:
    """A limit that is a literal, FEEL or not there."""
    return setting.value(scope, now) if isinstance(setting, Formula) else setting


def raw_parts(raw: object, label: Text) -> Mapping[str, object]:
    """Raw of a field with several inputs."""
    if not isinstance(raw, Mapping):
        raise Refused(("", Text(f"{label.zh}的格式不对", f"{label.en} has the wrong shape")))
    return raw
