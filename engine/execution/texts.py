"""Values as texts: keys, roles, user ids, amounts."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal

from engine.bpmn.graph import Node
from engine.execution.state import Token
from engine.execution.walk import Walk
from engine.feel import Expression
from engine.feel.temporal import format_datetime, format_duration, format_time


def plain_text(value: object) -> str | None:
    """A value as FEEL's ``string()`` writes it; ``None`` for null and for what has no short text (lists,
    contexts)."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return str(int(value)) if value == value.to_integral_value() else format(value.normalize(), "f")
    if isinstance(value, datetime):
        return format_datetime(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return format_time(value)
    if isinstance(value, timedelta):
        return format_duration(value)
    if isinstance(value, dict | list):
        return None
    return str(value)


def key_text(value: object) -> str | None:
    """A correlation key: equal values give equal texts."""
    return plain_text(value)


def text_of(walk: Walk, token: Token, text: Expression | str | None) -> str | None:
    """A literal, or what the FEEL gives."""
    if text is None or isinstance(text, str):
        return text
    return plain_text(walk.evaluate(text, token))


def label(node: Node) -> str:
    """How a node is called in a sentence."""
    return node.name or node.id
