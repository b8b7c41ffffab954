"""Compiles the texts of a diagram: FEEL, literal-or-FEEL, timers and amounts. What is wrong becomes a
finding."""

import json
import re
from collections.abc import Callable
from datetime import datetime

from lxml import etree

from engine.bpmn.findings import Findings
from engine.bpmn.graph import TimerKind
from engine.bpmn.source import content
from engine.errors import Invalid, LimitExceeded
from engine.feel import Expression, compile_expression
from engine.text import Text

#: Raises :class:`Invalid` for an amount of time that can't be read.
CheckAmount = Callable[[str], object]

_NUMBER = r"\d{1,9}(?:[.,]\d{1,9})?"
_DURATION_TEXT = (
    rf"P(?=\d|T\d)(?:{_NUMBER}Y)?(?:{_NUMBER}M)?(?:{_NUMBER}W)?(?:{_NUMBER}D)?"
    rf"(?:T(?=\d)(?:{_NUMBER}H)?(?:{_NUMBER}M)?(?:{_NUMBER}S)?)?"
)
_DURATION = re.compile(_DURATION_TEXT)
_DATE = re.compile(r"\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:?\d\d)?)?")
_CYCLE = re.compile(r"R(\d{0,9})((?:/[^/]+){1,2})")
_LOOKS_ISO = re.compile(r"PT?\d|R\d*/|\d{4}-\d\d-\d\d(T|$)")
_FEEL_LANGUAGES = re.compile(r"(?i)feel$|/feel/?$|/DMN/")


class Expressions:
    """Compiles for one diagram."""

    def __init__(self, findings: Findings, check_amount: CheckAmount | None) -> None:
        self._findings = findings
        self._check_amount = check_amount

    def feel(self, text: str | None, element: str | None, attribute: str) -> Expression | None:
        """FEEL, with or without a leading ``=``; ``None`` (and a finding) where it doesn't compile."""
        source = (text or "").strip().removeprefix("=").strip()
        if not source:
            self._findings.add("expression-missing", element, attribute=attribute)
            return None
        try:
            return compile_expression(source)
        except (Invalid, LimitExceeded) as error:
            self._refuse(error.text, element, attribute)
            return None

    def formal(self, node: etree._Element | None, element: str | None, attribute: str) -> Expression | None:
        """A ``bpmn:tExpression``; ``None`` where there is none."""
        if node is None:
            return None
        language = node.get("language")
        if language and not _FEEL_LANGUAGES.search(language):
            self._findings.add("expression-language", element, value=language)
            return None
        return self.feel(content(node), element, attribute)

    def text(self, text: str | None, element: str | None, attribute: str) -> Expression | str | None:
        """Literal, or FEEL where it begins with ``=``; an empty text is ``None``."""
        stripped = (text or "").strip()
        if stripped.startswith("="):
            return self.feel(stripped, element, attribute)
        return stripped or None

    def value(self, text: str | None, element: str | None, attribute: str) -> Expression | None:
        """Like :meth:`text`, with the literal as an expression."""
        found = self.text(text, element, attribute)
        if isinstance(found, str):
            return self.feel(json.dumps(found, ensure_ascii=False), element, attribute)
        return found

    def amount(self, text: str | None, element: str | None, attribute: str) -> Expression | str | None:
        """An amount of time (docs/calendar.md), or FEEL that gives one."""
        found = self.text(text, element, attribute)
        if isinstance(found, str) and self._check_amount is not None:
            try:
                self._check_amount(found)
            except Invalid as error:
                self._findings.add(
                    "amount",
                    element,
                    attribute=attribute,
                    value=found,
                    reason_zh=error.text.zh,
                    reason_en=error.text.en,
                )
        return found

    def timer(self, text: str, kind: TimerKind, element: str | None) -> Expression | str | None:
        """ISO 8601 taken literally (BPMN 2.0, 10.5.5), anything else is FEEL."""
        source = text.strip()
        if not _LOOKS_ISO.match(source):
            return self.feel(source, element, kind.value)
        readable = {
            TimerKind.DATE: _is_date,
            TimerKind.DURATION: _is_duration,
            TimerKind.CYCLE: _is_cycle,
        }[kind]
        if readable(source):
            return source
        self._findings.add("timer-unreadable", element, value=source)
        return None

    def _refuse(self, reason: Text, element: str | None, attribute: str) -> None:
        self._findings.add(
            "expression", element, attribute=attribute, reason_zh=reason.zh, reason_en=reason.en
        )


def _is_date(text: str) -> bool:
    if not _DATE.fullmatch(text):
        return False
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True


def _is_duration(text: str) -> bool:
    return _DURATION.fullmatch(text) is not None


def _is_cycle(text: str) -> bool:
    found = _CYCLE.fullmatch(text)
    if not found:
        return False
    parts = found.group(2).removeprefix("/").split("/")
    durations = sum(_is_duration(part) for part in parts)
    return durations == 1 and all(_is_duration(part) or _is_date(part) for part in parts)
