"""What a run needs to know of the world, and what it may cost."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from engine.bpmn.graph import Graph


class Environment(Protocol):
    """Definitions, decisions and functions, as the instance sees them."""

    @property
    def functions(self) -> Mapping[str, Callable[..., object]]:
        """Functions that FEEL may call beside its own."""
        ...

    def graph(self, definition: str | None) -> Graph:
        """A definition's graph; ``None`` is the instance's own."""
        ...

    def constants(self, definition: str | None) -> dict[str, object]:
        """Names that a definition's expressions see beside variables, such as its settings."""
        ...

    def resolve(self, process: str) -> str:
        """The definition that a called process belongs to; raises ``NotFound``."""
        ...

    def decide(
        self, definition: str | None, ref: str, context: Mapping[str, object]
    ) -> tuple[object, object]:
        """A decision's value, and the rules that matched (JSON-safe)."""
        ...


@dataclass(frozen=True, slots=True)
class Budget:
    """Bounds of one run: moves, seconds, scopes inside each other, inner instances of one multi-instance,
    and how much data it may write (characters and elements, counted roughly).

    ``monotonic`` measures ``seconds``. It bounds only: no result depends on it.
    """

    steps: int = 10_000
    seconds: float = 2.0
    depth: int = 64
    instances: int = 5_000
    data: int = 5_000_000
    monotonic: Callable[[], float] = time.monotonic


DEFAULT_BUDGET = Budget()
