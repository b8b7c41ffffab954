"""One evaluation: where names are looked up and what it may still cost."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from engine.clock import SystemClock
from engine.feel.limits import Limits, list_too_long, string_too_long, too_deep, too_many_steps

LOCAL_ZONE = ZoneInfo("Asia/Shanghai")
"""Where ``now()`` and ``today()`` are; China has one zone."""


class Scope:
    """Names given inside: a loop's variable, a context's earlier entries, the element a filter looks at."""

    __slots__ = ("names", "parent", "run")

    def __init__(self, names: Mapping[str, object], parent: Scope, run: Run) -> None:
        self.names = names
        self.parent: Scope | None = parent
        self.run = run


class Run(Scope):
    """The outermost scope: the names given from outside, the time, and the budget."""

    __slots__ = ("_now", "functions", "level", "limits", "loaded", "steps")

    def __init__(
        self,
        names: Mapping[str, object],
        now: datetime | None,
        limits: Limits,
        functions: Mapping[str, Callable[..., object]],
    ) -> None:
        self.names = names
        self.parent = None
        self.run = self
        self._now = now
        self.limits = limits
        self.functions = functions
        self.steps = limits.max_iterations
        self.level = 0
        self.loaded: dict[str, object] = {}

    @property
    def now(self) -> datetime:
        """The injected moment in local time. Without one ``now()`` is the machine's: right for a person's
        try-out, while everything that is kept passes its clock."""
        if self._now is None:
            self._now = SystemClock().now()
        if self._now.tzinfo is None:
            return self._now.replace(tzinfo=LOCAL_ZONE)
        return self._now.astimezone(LOCAL_ZONE)

    def spend(self, steps: int) -> None:
        """Pay for work; ``LimitExceeded`` when the budget is gone."""
        self.steps -= steps
        if self.steps < 0:
            raise too_many_steps(self.limits.max_iterations)

    def text(self, value: str) -> str:
        """A string that was just made, if it isn't too long."""
        length = len(value)
        if length > 100:
            if length > self.limits.max_string:
                raise string_too_long(self.limits.max_string)
            self.spend(length // 10)
        return value

    def room(self, length: int) -> None:
        """Pay for a list of so many elements that is about to be made."""
        if length > self.limits.max_list:
            raise list_too_long(self.limits.max_list)
        self.spend(length)

    def result(self, value: object) -> object:
        """A value that leaves FEEL, if it isn't too large or too deep when written out.

        A list may hold another twice, that one a third twice, and so on: no cost here, and all of it in JSON.
        """
        left = self.limits.max_list * 10
        waiting: list[tuple[object, int]] = [(value, 0)]
        while waiting:
            each, depth = waiting.pop()
            inside: Iterable[object]
            if isinstance(each, list):
                inside = each
            elif isinstance(each, dict):
                inside = each.values()
            else:
                left -= 1 + (len(each) // 10 if isinstance(each, str) else 0)
                if left < 0:
                    raise list_too_long(self.limits.max_list * 10)
                continue
            left -= 1 + len(each)
            if left < 0:
                raise list_too_long(self.limits.max_list * 10)
            if depth >= self.limits.max_depth:
                raise too_deep(self.limits.max_depth)
            waiting.extend((part, depth + 1) for part in inside)
        return value

    def enter(self) -> None:
        """Into a function's body; every :meth:`enter` has its :meth:`leave`."""
        self.level += 1
        if self.level > self.limits.max_depth:
            raise too_deep(self.limits.max_depth)

    def leave(self) -> None:
        self.level -= 1
