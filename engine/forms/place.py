"""A place in a form's JSON: reads properties, and notes every problem with its path instead of stopping at
the first."""

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from engine.errors import WulianError
from engine.forms.formulas import MAX_FORMULA, Formula
from engine.text import Text

MAX_WORDS = 5000
NAME = re.compile(r"[^\W\d_]\w{0,63}")

Problems = dict[str, list[Text]]


def is_name(value: object) -> bool:
    """Whether something may be a key: starts with a letter, then letters, digits, ``_``; at most 64."""
    return isinstance(value, str) and NAME.fullmatch(value) is not None


class Place:
    """An object in the JSON with its path. Every ``take_…`` marks a property as known."""

    def __init__(self, data: Mapping[str, Any], path: str, problems: Problems) -> None:
        self.data = data
        self.path = path
        self.problems = problems
        self._known: set[str] = set()

    def problem(self, name: str, zh: str, en: str) -> None:
        """Note what is wrong with a property (or, with an empty name, with the object)."""
        where = ".".join(part for part in (self.path, name) if part)
        self.problems.setdefault(where, []).append(Text(zh, en))

    def inside(self, name: str, data: object) -> "Place":
        """The place of an object within this one; not an object: noted, and read as empty."""
        path = ".".join(part for part in (self.path, name) if part)
        if not isinstance(data, Mapping):
            self.problem(name, "这里应为一个对象", "an object is expected here")
            data = {}
        return Place(data, path, self.problems)

    def take(self, name: str, *, needed: bool = False) -> Any:
        """The bare value; None where there is none."""
        self._known.add(name)
        value = self.data.get(name)
        if value is None and needed:
            self.problem(name, f"缺少 {name}", f"{name} is missing")
        return value

    def take_name(self, name: str, *, needed: bool = False) -> str:
        """A key; empty where there is none or a bad one."""
        value = self.take(name, needed=needed)
        if value is None:
            return ""
        if not is_name(value):
            self.problem(
                name,
                "键应以字母开头，只含字母、数字和下划线，最多 64 个字符",
                "a key starts with a letter and holds letters, digits and _, at most 64",
            )
            return ""
        return str(value)

    def take_string(self, name: str, *, needed: bool = False, longest: int = 200) -> str | None:
        """A short string."""
        value = self.take(name, needed=needed)
        if value is None:
            return None
        if not isinstance(value, str) or not value or len(value) > longest:
            self.problem(
                name, f"应为 1 至 {longest} 个字符的文字", f"text of 1 to {longest} characters is expected"
            )
            return None
        return value

    def take_words(self, name: str, *, needed: bool = False) -> Text | None:
        """Words for people."""
        value = self.take(name, needed=needed)
        return None if value is None else self.words(name, value)

    def words(self, name: str, value: object) -> Text | None:
        """Words from ``{"zh_Hans_CN": …, "en": …}`` or one string for both."""
        if isinstance(value, str) and 0 < len(value) <= MAX_WORDS:
            return Text(value, value)
        if isinstance(value, Mapping):
            zh: Any = value.get("zh_Hans_CN")
            en: Any = value.get("en", zh)
            both = isinstance(zh, str) and isinstance(en, str) and set(value) <= {"zh_Hans_CN", "en"}
            if both and min(len(zh), len(en)) > 0 and max(len(zh), len(en)) <= MAX_WORDS:
                return Text(zh, en)
        self.problem(
            name,
            '应为文字，或 {"zh_Hans_CN": …, "en": …}，中文必填',
            'words are expected: a string, or {"zh_Hans_CN": …, "en": …} with the Chinese always there',
        )
        return None

    def take_words_list(self, name: str, *, needed: bool = False, longest: int = 30) -> tuple[Text, ...]:
        """A list of words."""
        value = self.take(name, needed=needed)
        if value is None:
            return ()
        found = [self.words(f"{name}[{i}]", each) for i, each in enumerate(self.items(name, value, longest))]
        return tuple(each for each in found if each is not None)

    def items(self, name: str, value: object, longest: int) -> Sequence[Any]:
        """A list with at least one and at most ``longest`` items; otherwise noted, and empty."""
        if not isinstance(value, list) or not value:
            self.problem(name, "应为一个不为空的列表", "a list with something in it is expected")
            return ()
        if len(value) > longest:
            self.problem(name, f"最多 {longest} 项", f"at most {longest} items")
            return ()
        return value

    def take_flag(self, name: str, default: bool) -> bool:
        """true or false."""
        value = self.take(name)
        if value is None:
            return default
        if not isinstance(value, bool):
            self.problem(name, "应为 true 或 false", "true or false is expected")
            return default
        return value

    def take_whole(self, name: str, default: int, low: int, high: int) -> int:
        """A whole number within bounds."""
        value = self.take(name)
        if value is None:
            return default
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            self.problem(
                name, f"应为 {low} 至 {high} 的整数", f"a whole number from {low} to {high} is expected"
            )
            return default
        return value

    def take_number(self, name: str) -> Decimal | Formula | None:
        """A number, or FEEL that gives one."""
        value = self.take(name)
        if value is None:
            return None
        if isinstance(value, str):
            return self.formula(name, value)
        if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
            self.problem(name, "应为数字或 FEEL 表达式", "a number or FEEL is expected")
            return None
        return Decimal(str(value))

    def take_formula(self, name: str, *, needed: bool = False) -> Formula | None:
        """A FEEL expression."""
        value = self.take(name, needed=needed)
        return None if value is None else self.formula(name, value)

    def formula(self, name: str, value: object) -> Formula | None:
        """A FEEL expression from a value of the JSON."""
        if not isinstance(value, str) or not value.strip() or len(value) > MAX_FORMULA:
            self.problem(
                name,
                f"应为 FEEL 表达式，最多 {MAX_FORMULA} 个字符",
                f"a FEEL expression of at most {MAX_FORMULA} characters is expected",
            )
            return None
        try:
            return Formula(value)
        except WulianError as error:
            self.problems.setdefault(f"{self.path}.{name}", []).append(error.text)
            return None

    def take_some_of(self, name: str, allowed: Sequence[str], default: Sequence[str]) -> tuple[str, ...]:
        """A list of some of the allowed words, in the order allowed."""
        value = self.take(name)
        if value is None:
            return tuple(default)
        if not isinstance(value, list) or not value or any(each not in allowed for each in value):
            self.problem(
                name,
                f"应为以下若干项: {', '.join(allowed)}",
                f"a list of some of these is expected: {', '.join(allowed)}",
            )
            return tuple(default)
        return tuple(each for each in allowed if each in value)

    def take_one_of(self, name: str, allowed: Sequence[str], default: str) -> str:
        """One of the allowed words."""
        value = self.take(name)
        if value is None:
            return default
        if value not in allowed:
            self.problem(
                name, f"应为以下之一: {', '.join(allowed)}", f"one of these is expected: {', '.join(allowed)}"
            )
            return default
        return str(value)

    def refuse_unknown(self) -> None:
        """Note every property nobody asked for: a misspelt one would silently do nothing."""
        for name in self.data:
            if name not in self._known:
                self.problem(str(name)[:64], "不认识的属性", "this property is not known")
