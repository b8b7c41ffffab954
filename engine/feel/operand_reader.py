"""Reads operands: literals, names, lists, contexts, ranges, and what ``if`` or ``for`` begins."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from decimal import DecimalException
from typing import ClassVar

from engine.feel import syntax as s
from engine.feel import temporal
from engine.feel.operators import NUMBERS
from engine.feel.scanner import Entry, Token, unquote
from engine.feel.type_reader import TypeReader
from engine.text import Text

_CLAUSES = ("if", "then", "else", "for", "in", "return", "some", "every", "satisfies")
_OPERATORS = ("and", "or", "between")
KEYWORDS = frozenset((*_CLAUSES, *_OPERATORS, "function", "true", "false", "null"))
COMPARISONS = frozenset(("=", "!=", "<", "<=", ">", ">="))
_LITERALS: dict[str, object] = {"true": True, "false": False, "null": None}


class OperandReader(TypeReader, ABC):
    """What can stand beside an operator."""

    tests_at = -1
    """The index of a parenthesis that may hold several tests."""

    @abstractmethod
    def operand(self) -> s.Node:
        """A whole expression, as found inside brackets."""

    @abstractmethod
    def test(self) -> s.Node:
        """A positive unary test."""

    def primary(self) -> s.Node:
        token = self.tokens[self.index]
        if token.kind == "word":
            return self.word(token)
        if token.kind == "number":
            self.index += 1
            try:
                return s.Literal(NUMBERS.create_decimal(token.text))
            except DecimalException:
                raise self.error(Text("数字过大。", "The number is too large."), token) from None
        if token.kind == "string":
            self.index += 1
            return s.Literal(unquote(token.text))
        rule = self._BY_SIGN.get(token.text)
        if rule is None:
            raise self.unexpected()
        self.index += 1
        return rule(self, token)

    def word(self, token: Token) -> s.Node:
        entry = self.known_name()
        if entry is not None:
            self.index += len(entry[0])
            return s.Name(entry[1], token.start)
        rule = self._BY_WORD.get(token.text)
        if rule is not None:
            self.index += 1
            return rule(self)
        if token.text in KEYWORDS or token.text[0].isdigit():
            raise self.unexpected()
        self.index += 1
        return (
            s.Literal(_LITERALS[token.text]) if token.text in _LITERALS else s.Name(token.text, token.start)
        )

    def literal(self) -> s.Node:
        return s.Literal(_LITERALS[self.tokens[self.index - 1].text])

    def conditional(self) -> s.Node:
        condition = self.operand()
        self.expect("then")
        then = self.operand()
        self.expect("else")
        branches = [(condition, then)]
        while self.take("if"):  # a long ladder is not deep
            condition = self.operand()
            self.expect("then")
            branches.append((condition, self.operand()))
            self.expect("else")
        return s.If(tuple(branches), self.operand())

    def iterations(self, learned: list[Entry]) -> tuple[s.Iteration, ...]:
        found = []
        while True:
            name = self.name_until("in")
            if name is None:
                raise self.unexpected()
            self.expect("in")
            domain = self.operand()
            if self.take(".."):
                domain = s.Steps(domain, self.operand())
            self.declare(name, learned)
            found.append(s.Iteration(name, domain))
            if not self.take(","):
                return tuple(found)

    def loop(self) -> s.Node:
        learned: list[Entry] = []
        iterations = self.iterations(learned)
        self.expect("return")
        body = self.operand()
        self.forget(learned)
        return s.For(iterations, body)

    def quantified(self) -> s.Node:
        quantifier = self.tokens[self.index - 1].text
        learned: list[Entry] = []
        iterations = self.iterations(learned)
        self.expect("satisfies")
        condition = self.operand()
        self.forget(learned)
        return s.Quantified(quantifier, iterations, condition)

    def definition(self) -> s.Node:
        """``function(a: number, b) a + b``."""
        self.expect("(")
        names: list[str] = []
        types: list[s.Type | None] = []
        learned: list[Entry] = []
        while not self.take(")"):
            if names:
                self.expect(",")
            name = self.name_until(":", ",", ")")
            if name is None:
                raise self.unexpected()
            names.append(name)
            self.declare(name, learned)
            types.append(self.type() if self.take(":") else None)
        external = self.take("external")
        body = self.operand()
        self.forget(learned)
        return s.FunctionOf(tuple(names), tuple(types), None if external else body)

    def parenthesis(self, token: Token) -> s.Node:
        """``(a)``, ``(1..5]``, ``(< 5)`` or, behind ``in``, ``(1, 2, > 5)``."""
        several = self.index - 1 == self.tests_at
        if self.at(".."):
            return self.range_end(s.Literal(None), False)
        node = self.test()
        if self.at("..") and not isinstance(node, s.Test):
            return self.range_end(node, False)
        if several and self.at(","):
            tests = [node]
            while self.take(","):
                tests.append(self.test())
            node = s.Tests(tuple(tests))
        self.expect(")")
        return node

    def bracket(self, token: Token) -> s.Node:
        """``[]``, ``[a, b]`` or ``[1..5]``."""
        if self.take("]"):
            return s.ListOf(())
        if self.at(".."):
            return self.range_end(s.Literal(None), True)
        elements = [self.operand()]
        if self.at(".."):
            return self.range_end(elements[0], True)
        while self.take(","):
            elements.append(self.operand())
        self.expect("]")
        return s.ListOf(tuple(elements))

    def open_range(self, token: Token) -> s.Node:
        """``]1..5]``."""
        low = s.Literal(None) if self.at("..") else self.operand()
        if not self.at(".."):
            raise self.unexpected()
        return self.range_end(low, False)

    def range_end(self, low: s.Node, low_closed: bool) -> s.Node:
        self.expect("..")
        high = s.Literal(None) if self.at(")", "]", "[") else self.operand()
        if not self.at(")", "]", "["):
            raise self.unexpected()
        closed = self.tokens[self.index].text == "]"
        self.index += 1
        return s.RangeOf(low, high, low_closed, closed)

    def context(self, token: Token) -> s.Node:
        entries: list[tuple[str, s.Node]] = []
        learned: list[Entry] = []
        while not self.take("}"):
            if entries:
                self.expect(",")
            if self.tokens[self.index].kind == "string":
                key: str | None = unquote(self.tokens[self.index].text)
                self.index += 1
            else:
                key = self.name_until(":")
            if key is None:
                raise self.unexpected()
            self.expect(":")
            entries.append((key, self.operand()))
            self.declare(key, learned)
        self.forget(learned)
        return s.ContextOf(tuple(entries))

    def at_literal(self, token: Token) -> s.Node:
        """``@"2026-02-12"``."""
        text = self.tokens[self.index]
        if text.kind != "string":
            raise self.unexpected()
        self.index += 1
        return s.Literal(temporal.parse_literal(unquote(text.text)))

    def tested_value(self, token: Token) -> s.Node:
        return s.Name("?", token.start)

    _BY_SIGN: ClassVar[dict[str, Callable[[OperandReader, Token], s.Node]]] = {
        "(": parenthesis,
        "[": bracket,
        "]": open_range,
        "{": context,
        "@": at_literal,
        "?": tested_value,
    }
    _BY_WORD: ClassVar[dict[str, Callable[[OperandReader], s.Node]]] = {
        "true": literal,
        "false": literal,
        "null": literal,
        "if": conditional,
        "for": loop,
        "some": quantified,
        "every": quantified,
        "function": definition,
    }
