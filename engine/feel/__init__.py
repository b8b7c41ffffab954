"""FEEL, the expression language of DMN 1.5: compiled once, cached, bounded, never Python's own ``eval``.

>>> compile_expression('amount > 1000 and urgency = "crisis"').evaluate({"amount": 1200, "urgency": "crisis"})
True
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any

from engine.feel.calls import Code
from engine.feel.compiler import Compiler
from engine.feel.errors import FeelSyntaxError
from engine.feel.evaluation import Run, Scope
from engine.feel.limits import DEFAULT_LIMITS, Limits, too_deep
from engine.feel.parser import Parser
from engine.feel.types import Check
from engine.feel.values import Function, Range, YearsMonths
from engine.feel.vocabulary import KNOWN

__all__ = [
    "DEFAULT_LIMITS",
    "Expression",
    "FeelSyntaxError",
    "Function",
    "Limits",
    "Range",
    "UnaryTests",
    "YearsMonths",
    "compile_expression",
    "compile_unary_tests",
]

_NO_FUNCTIONS: Mapping[str, Callable[..., object]] = {}
_COMPOUND = (list, dict)
_NO_TYPES: Mapping[str, Check] = {}


class Expression:
    """A compiled expression; immutable, may be shared between threads.

    ``names`` are the names it reads from outside (first segments of paths), ``possible_names`` those that
    are read inside a filter and may be entries of the filtered elements, ``functions`` the functions it calls
    that are not built in. A check compares them with what there is; evaluation takes what is missing as null.
    """

    __slots__ = ("code", "functions", "names", "possible_names", "text")

    def __init__(self, text: str, compiler: Compiler, code: Code) -> None:
        self.text = text
        self.code = code
        self.names = frozenset(compiler.free)
        self.possible_names = frozenset(compiler.possible)
        self.functions = frozenset(compiler.called)

    def evaluate(
        self,
        context: Mapping[str, object],
        *,
        now: datetime | None = None,
        limits: Limits = DEFAULT_LIMITS,
        functions: Mapping[str, Callable[..., object]] = _NO_FUNCTIONS,
    ) -> Any:
        """The value; null (None) where the standard says error. ``LimitExceeded`` when it costs too much.

        ``now`` is what ``now()`` and ``today()`` see (shown in Asia/Shanghai); ``functions`` are called by
        position, or by name with spaces as underscores, with FEEL values, and may return any value
        :func:`engine.feel.values.load` takes.
        """
        run = Run(context, now, limits, functions)
        value = self.run(run)
        return run.result(value) if value.__class__ in _COMPOUND else value

    def run(self, scope: Scope) -> Any:
        """Evaluate as a part of a longer run, which pays for it."""
        try:
            return self.code(scope)
        except RecursionError:
            raise too_deep(scope.run.limits.max_depth) from None

    def __repr__(self) -> str:
        return f"Expression({self.text!r})"


class UnaryTests:
    """A cell of a decision table: what an input value is held against. Names as in :class:`Expression`."""

    __slots__ = ("code", "functions", "names", "possible_names", "text")

    def __init__(self, text: str, compiler: Compiler, code: Code | None) -> None:
        self.text = text
        self.code = code
        self.names = frozenset(compiler.free - {"?"})
        self.possible_names = frozenset(compiler.possible)
        self.functions = frozenset(compiler.called)

    def matches(
        self,
        value: object,
        context: Mapping[str, object],
        *,
        now: datetime | None = None,
        limits: Limits = DEFAULT_LIMITS,
        functions: Mapping[str, Callable[..., object]] = _NO_FUNCTIONS,
    ) -> bool:
        """Whether the value passes; an error or unknown in the test means it does not."""
        if self.code is None:
            return True
        return self.run(Run({**context, "?": value}, now, limits, functions))

    def run(self, scope: Scope) -> bool:
        """Test as a part of a longer run; the scope holds the value as ``?``."""
        if self.code is None:
            return True
        try:
            return self.code(scope) is True
        except RecursionError:
            raise too_deep(scope.run.limits.max_depth) from None

    def __repr__(self) -> str:
        return f"UnaryTests({self.text!r})"


def compile_expression(
    text: str,
    *,
    names: Collection[str] = (),
    limits: Limits = DEFAULT_LIMITS,
    types: Mapping[str, Check] = _NO_TYPES,
) -> Expression:
    """Compile FEEL.

    ``names`` are names that hold spaces or signs; plain words needn't be told. ``types`` are a model's own
    types for ``instance of``. ``FeelSyntaxError`` says where the text is wrong, ``LimitExceeded`` that it is
    too long or too deep.
    """
    if types:
        return _expression(text, frozenset(names), limits, types)
    cached = _cached_expression if len(text) <= _LONG else _cached_long_expression
    return cached(text, frozenset(names) if names else _NONE, limits)


def compile_unary_tests(
    text: str,
    *,
    names: Collection[str] = (),
    limits: Limits = DEFAULT_LIMITS,
    types: Mapping[str, Check] = _NO_TYPES,
) -> UnaryTests:
    """Compile a cell: ``-``, ``"a", "b"``, ``[1..10]``, ``not(< 5)``, or any condition on ``?``."""
    if types:
        return _unary_tests(text, frozenset(names), limits, types)
    cached = _cached_unary_tests if len(text) <= _LONG else _cached_long_unary_tests
    return cached(text, frozenset(names) if names else _NONE, limits)


_NONE: frozenset[str] = frozenset()
_LONG = 1_000
"""Longer texts share a small cache, so that nobody fills the memory with them."""


def _expression(
    text: str, names: frozenset[str], limits: Limits, types: Mapping[str, Check] = _NO_TYPES
) -> Expression:
    compiler = Compiler(types)
    try:
        node = Parser(text, KNOWN, names, limits).expression()
        return Expression(text, compiler, compiler.code(node))
    except RecursionError:
        raise too_deep(limits.max_depth) from None


def _unary_tests(
    text: str, names: frozenset[str], limits: Limits, types: Mapping[str, Check] = _NO_TYPES
) -> UnaryTests:
    compiler = Compiler(types)
    try:
        node = Parser(text, KNOWN, names, limits).unary_tests()
        return UnaryTests(text, compiler, None if node is None else compiler.code(node))
    except RecursionError:
        raise too_deep(limits.max_depth) from None


_cached_expression = lru_cache(maxsize=4096)(_expression)
_cached_long_expression = lru_cache(maxsize=64)(_expression)
_cached_unary_tests = lru_cache(maxsize=4096)(_unary_tests)
_cached_long_unary_tests = lru_cache(maxsize=64)(_unary_tests)
