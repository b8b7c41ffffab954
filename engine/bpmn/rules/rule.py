"""What a rule is."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Rule:
    """Sentences are templates; ``{id}`` is the element's id."""

    severity: Literal["error", "warning", "info"]
    zh: str
    en: str
    way_zh: str
    way_en: str


def error(zh: str, en: str, way_zh: str, way_en: str) -> Rule:
    return Rule("error", zh, en, way_zh, way_en)


def warning(zh: str, en: str, way_zh: str, way_en: str) -> Rule:
    return Rule("warning", zh, en, way_zh, way_en)


def info(zh: str, en: str, way_zh: str, way_en: str) -> Rule:
    return Rule("info", zh, en, way_zh, way_en)
