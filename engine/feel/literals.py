"""A literal by itself, for ``range("[1..10]")``, where nothing else is allowed."""

from engine.feel import syntax, temporal
from engine.feel.limits import DEFAULT_LIMITS

_MAKERS = {
    "date": temporal.parse_date,
    "time": temporal.parse_time,
    "date and time": temporal.parse_datetime,
    "duration": temporal.parse_duration,
}


def read_literal(text: str) -> object:
    """The value of a number, string, ``@"…"`` or ``date("…")``; null for nothing and for anything else."""
    from engine.errors import WulianError
    from engine.feel.parser import Parser
    from engine.feel.vocabulary import KNOWN

    if not text.strip():
        return None
    try:
        node = Parser(text, KNOWN, frozenset(), DEFAULT_LIMITS).expression()
    except WulianError:
        return None
    if isinstance(node, syntax.Literal):
        return node.value
    if (
        isinstance(node, syntax.Call)
        and isinstance(node.callee, syntax.Name)
        and node.names is None
        and len(node.arguments) == 1
        and isinstance(node.arguments[0], syntax.Literal)
        and isinstance(node.arguments[0].value, str)
        and node.callee.name in _MAKERS
    ):
        return _MAKERS[node.callee.name](node.arguments[0].value)
    return None
