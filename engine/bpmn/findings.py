"""What is wrong, or worth knowing, about a diagram: each finding names its rule, its element and a way
out."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from engine.bpmn.rules import RULES
from engine.text import Text

Severity = Literal["error", "warning", "info"]

MAX_FINDINGS = 500
_LONGEST = 120


@dataclass(frozen=True, slots=True)
class Finding:
    """``rule`` is a stable id (docs/bpmn.md lists them all); ``element`` an id of the diagram, ``None`` for
    the file as a whole.

    An ``error`` keeps the diagram from being published.
    """

    rule: str
    severity: Severity
    element: str | None
    text: Text
    way_out: Text


class Findings:
    """Collects findings, no more than :data:`MAX_FINDINGS`, each only once."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, str | None, str], Finding] = {}
        self._errors = 0

    def __iter__(self) -> Iterator[Finding]:
        return iter(self._found.values())

    @property
    def failed(self) -> bool:
        """Whether anything found is an error."""
        return self._errors > 0

    @property
    def full(self) -> bool:
        return len(self._found) >= MAX_FINDINGS

    def add(
        self, rule: str, element: str | None = None, *, severity: Severity | None = None, **values: object
    ) -> None:
        """Report ``rule`` on ``element``; ``values`` fill the rule's sentences."""
        severity = severity or RULES[rule].severity
        self._errors += severity == "error"
        if self.full:
            return
        element = _shorten(element) if element is not None else None
        short = {key: _shorten(value) for key, value in values.items()}
        short.setdefault("id", element or "")
        text = RULES[rule]
        finding = Finding(
            rule,
            severity,
            element,
            Text(text.zh.format(**short), text.en.format(**short)),
            Text(text.way_zh.format(**short), text.way_en.format(**short)),
        )
        self._found.setdefault((rule, element, finding.text.en), finding)

    def sorted(self) -> tuple[Finding, ...]:
        """Errors first, then warnings, then the rest, each in the order of discovery."""
        ranks = {"error": 0, "warning": 1, "info": 2}
        return tuple(sorted(self._found.values(), key=lambda finding: ranks[finding.severity]))


def _shorten(value: object) -> str:
    text = str(value)
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
