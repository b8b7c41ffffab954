"""Bounds on what an expression may cost. Expressions come from people we don't know."""

from typing import NamedTuple

from engine.errors import LimitExceeded
from engine.text import Text


class Limits(NamedTuple):
    """What one expression may use.

    ``max_length`` characters of text, ``max_depth`` levels of nesting and of function calls,
    ``max_iterations`` steps of work (a step is about one operation: a loop's round costs as many as its body
    has parts, a list function one per element), ``max_string`` characters and ``max_list`` elements in any
    value it makes.
    """

    max_length: int = 20_000
    max_depth: int = 60
    max_iterations: int = 500_000
    max_string: int = 100_000
    max_list: int = 10_000


DEFAULT_LIMITS = Limits()


def text_too_long(limit: int) -> LimitExceeded:
    return LimitExceeded(
        Text(f"表达式过长,最多 {limit} 个字符。", f"The expression is too long; at most {limit} characters."),
        code="feel_length",
    )


def too_deep(limit: int) -> LimitExceeded:
    return LimitExceeded(
        Text(
            f"表达式嵌套过深,最多 {limit} 层。",
            f"The expression is nested too deeply; at most {limit} levels.",
        ),
        code="feel_depth",
    )


def too_many_steps(limit: int) -> LimitExceeded:
    return LimitExceeded(
        Text(f"表达式计算量过大,最多 {limit} 步。", f"The expression takes too long; at most {limit} steps."),
        code="feel_steps",
    )


def string_too_long(limit: int) -> LimitExceeded:
    return LimitExceeded(
        Text(f"文本过长,最多 {limit} 个字符。", f"A string grew too long; at most {limit} characters."),
        code="feel_string",
    )


def list_too_long(limit: int) -> LimitExceeded:
    return LimitExceeded(
        Text(f"列表过长,最多 {limit} 项。", f"A list grew too long; at most {limit} elements."),
        code="feel_list",
    )
