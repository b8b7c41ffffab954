"""One run through a model, which notes which rules said so."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from engine.decisions.model import Problem
from engine.feel import Limits
from engine.feel.evaluation import Run
from engine.text import Text

_MOST_NOTES = 1_000


@dataclass(frozen=True, slots=True)
class MatchedRule:
    """A rule that held; ``number`` is its row, from 1."""

    number: int
    id: str


@dataclass(frozen=True, slots=True)
class Matched:
    """The rules of one table that led to its answer; none where no rule held."""

    decision: str
    """The id of the decision or business knowledge model the table is in."""
    table: str
    rules: tuple[MatchedRule, ...]


class DecisionRun(Run):
    """Notes rules and problems while FEEL runs; ``current`` is the id of the element at work."""

    __slots__ = ("current", "notes", "problems")

    def __init__(
        self,
        names: Mapping[str, object],
        now: datetime | None,
        limits: Limits,
        functions: Mapping[str, Callable[..., object]],
    ) -> None:
        super().__init__(names, now, limits, functions)
        self.current = ""
        self.notes: list[Matched] = []
        self.problems: list[Problem] = []

    def matched(self, table: str, rules: list[tuple[int, str]]) -> None:
        if len(self.notes) < _MOST_NOTES:
            found = tuple(MatchedRule(number, id_) for number, id_ in rules)
            self.notes.append(Matched(self.current, table, found))

    def problem(self, element: str, text: Text) -> None:
        if len(self.problems) < _MOST_NOTES:
            self.problems.append(Problem(element, text))
