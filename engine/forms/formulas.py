"""FEEL in a form: conditions, prefills, limits and computed values."""

from collections.abc import Mapping
from datetime import datetime

from engine.feel import compile_expression

MAX_FORMULA = 2000  # characters


class Formula:
    """A compiled FEEL expression that remembers its text.

    Raises what :func:`engine.feel.compile_expression` raises for text that is no FEEL.
    """

    __slots__ = ("_compiled", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self._compiled = compile_expression(text)

    @property
    def names(self) -> frozenset[str]:
        """The names it may read from outside."""
        return self._compiled.names | self._compiled.possible_names

    def value(self, scope: Mapping[str, object], now: datetime) -> object:
        """What the expression gives over ``scope``; unknown names and failed operations are ``None``."""
        return self._compiled.evaluate(scope, now=now)

    def holds(self, scope: Mapping[str, object], now: datetime) -> bool:
        """Whether the expression is exactly ``true``."""
        return self.value(scope, now) is True

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Formula) and other.text == self.text

    def __hash__(self) -> int:
        return hash(self.text)

    def __repr__(self) -> str:
        return f"Formula({self.text!r})"
