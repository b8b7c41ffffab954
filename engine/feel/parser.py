"""Reads FEEL (DMN 1.5, 10.3.1.2) by descent, one method per rule.

Written by hand because a name's extent depends on the names in scope at that place (10.3.1.4), which a
grammar given in advance cannot say; see ``docs/feel.md``.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from decimal import DecimalException

from engine.feel import syntax as s
from engine.feel import temporal
from engine.feel.errors import FeelSyntaxError
from engine.feel.limits import Limits, text_too_long, too_deep
from engine.feel.operators import NUMBERS
from engine.feel.scanner import Entry, Token, Vocabulary, full_width, scan, unquote
from engine.text import Text

_KEYWORDS = frozenset(
    ["if", "then", "else", "for", "in", "return", "some", "every", "satisfies", "and", "or", "between", "function", "true", "false", "null"]
)
_COMPARISONS = frozenset(("=", "!=", "<", "<=", ">", ">="))
_ADDITIVE = frozenset("+-")
_MULTIPLICATIVE = frozenset("*/")
_POWER = frozenset(("**",))
_LITERALS: dict[str, object] = {"true": True, "false": False, "null": None}
_NAME_SIGNS = frozenset("+-*/'.")
#: Behind ``[`` none of these starts a filter, so the bracket closes a range: ``]1..5[``.
_NEVER_OPERANDS = frozenset(
    (")", "]", "}", ",", "", "=", "!=", "<", "<=", ">", ">=", "+", "*", "/", "**")
) | frozenset(["then", "else", "return", "satisfies", "and", "or", "between", "in", "instance"])
#: Type names of more than one word.
_TYPES = Vocabulary(
    (
        "date and time",
        "days and time duration",
        "years and months duration",
        "day and time duration",
        "year and month duration",
        "days-time duration",
        "years-months duration",
    )
)


class Parser:
    """One text; :meth:`expression` or :meth:`unary_tests` reads the whole of it."""

    def __init__(self, text: str, known: Vocabulary, names: Collection[str], limits: Limits) -> None:
        if len(text) > limits.max_length:
            raise text_too_long(limits.max_length)
        self.text = text
        self.tokens = scan(text)
        self.index = 0
        self.limits = limits
        self.depth = 0
        self.known = known
        self.local = Vocabulary(names)

    # ---- tokens -------------------------------------------------------------------------------------------

    def error(self, text: Text, token: Token | None = None) -> FeelSyntaxError:
        return FeelSyntaxError(text, source=self.text, position=(token or self.tokens[self.index]).start)

    def unexpected(self) -> FeelSyntaxError:
        token = self.tokens[self.index]
        if token.kind == "end":
            return self.error(Text("表达式不完整。", "The expression ends too early."))
        meant = full_width(token.text)
        if meant is not None:
            return self.error(
                Text(
                    f"“{token.text}”是全角符号,请改用半角“{meant}”。",
                    f"Use {meant} instead of the full-width {token.text}.",
                )
            )
        return self.error(Text(f"这里不能出现“{token.text}”。", f"{token.text!r} is not expected here."))

    def at(self, *texts: str) -> bool:
        token = self.tokens[self.index]
        return token.text in texts and token.kind != "string"

    def take(self, text: str) -> bool:
        if self.at(text):
            self.index += 1
            return True
        return False

    def expect(self, text: str) -> None:
        if not self.take(text):
            if self.tokens[self.index].kind == "end":
                raise self.error(Text(f"缺少“{text}”。", f"{text!r} is missing."))
            if full_width(self.tokens[self.index].text) is not None:
                raise self.unexpected()
            found = self.tokens[self.index].text
            raise self.error(
                Text(f"这里应为“{text}”,而不是“{found}”。", f"{text!r} is expected here, not {found!r}.")
            )

    def declare(self, name: str, learned: list[Entry]) -> None:
        """A name that is known from here to the end of its scope."""
        entry = self.local.add(name)
        if entry is not None:
            learned.append(entry)

    def forget(self, learned: list[Entry]) -> None:
        for entry in learned:
            self.local.forget(entry)

    def name_until(self, *ends: str) -> str | None:
        """A new name, up to one of some signs or words, with inner space made one; None if there is none."""
        start = index = self.index
        while True:
            token = self.tokens[index]
            if token.text in ends and index > start:
                break
            if token.kind not in ("word", "number") and token.text not in _NAME_SIGNS:
                return None
            if index == start and token.kind == "number":
                return None
            index += 1
        first, last = self.tokens[start], self.tokens[index - 1]
        self.index = index
        return " ".join(self.text[first.start : last.end].split())

    # ---- whole texts ----------------------------------------------------------------------------------------

    def expression(self) -> s.Node:
        node = self.operand()
        if self.tokens[self.index].kind != "end":
            raise self.unexpected()
        return node

    def unary_tests(self) -> s.Node | None:
        """None for ``-``, otherwise an ``In`` without a value or a ``Not``."""
        if self.take("-") and self.tokens[self.index].kind == "end":
            return None
        self.index = 0
        negated = self.at("not") and self.tokens[self.index + 1].text == "("
        if negated:
            # not(…) is a list of tests only when it spans the whole cell; else it is the function.
            self.index += 2
            tests = self.tests()
            self.expect(")")
            if self.tokens[self.index].kind == "end":
                return s.Not(tests)
            self.index = 0
        tests = self.tests()
        if self.tokens[self.index].kind != "end":
            raise self.unexpected()
        return s.In(s.Name("?", 0), tests)

    def tests(self) -> tuple[s.Node, ...]:
        found = [self.test()]
        while self.take(","):
            found.append(self.test())
        return tuple(found)

    def test(self) -> s.Node:
        """A positive unary test: ``< 10``, a range, or any expression."""
        token = self.tokens[self.index]
        if token.kind == "sign" and token.text in _COMPARISONS:
            self.index += 1
            return s.Test(token.text, self.chain(0))
        return self.operand()

    # ---- expressions, loosest first -------------------------------------------------------------------------

    def operand(self) -> s.Node:
        self.depth += 1
        if self.depth > self.limits.max_depth:
            raise too_deep(self.limits.max_depth)
        node = self.disjunction()
        self.depth -= 1
        return node

    def disjunction(self) -> s.Node:
        first = self.conjunction()
        if not self.at("or"):
            return first
        operands = [first]
        while self.take("or"):
            operands.append(self.conjunction())
        return s.Logic("or", tuple(operands))

    def conjunction(self) -> s.Node:
        first = self.comparison()
        if not self.at("and"):
            return first
        operands = [first]
        while self.take("and"):
            operands.append(self.comparison())
        return s.Logic("and", tuple(operands))

    def comparison(self) -> s.Node:
        left = self.chain(0)
        levels = 0
        while True:
            token = self.tokens[self.index]
            if token.kind == "sign" and token.text in _COMPARISONS:
                self.index += 1
                left = s.Comparison(token.text, left, self.chain(0))
            elif token.kind != "word":
                return left
            elif token.text == "between":
                self.index += 1
                low = self.chain(0)
                self.expect("and")
                left = s.Between(left, low, self.chain(0))
            elif token.text == "in":
                self.index += 1
                left = s.In(left, self.in_tests())
            elif token.text == "instance":
                self.index += 1
                self.expect("of")
                left = s.InstanceOf(left, self.type())
            else:
                return left
            levels += 1
            if levels + self.depth > self.limits.max_depth:
                raise too_deep(self.limits.max_depth)

    def in_tests(self) -> tuple[s.Node, ...]:
        """What follows ``in``: one test, or several in parentheses."""
        token = self.tokens[self.index]
        if token.kind == "sign" and token.text in _COMPARISONS:
            self.index += 1
            return (s.Test(token.text, self.chain(0)),)
        if not self.at("("):
            return (self.chain(0),)
        start = self.index
        self.index += 1
        found = [self.test()]
        if self.at(".."):
            self.index = start
            return (self.chain(0),)
        while self.take(","):
            found.append(self.test())
        self.expect(")")
        if len(found) == 1 and not isinstance(found[0], s.Test):
            self.index = start  # (a) may go on: (a).b, (a) + 1
            return (self.chain(0),)
        return tuple(found)

    _LEVELS: tuple[frozenset[str], ...] = (_ADDITIVE, _MULTIPLICATIVE, _POWER)

    def chain(self, level: int) -> s.Node:
        """Arithmetic; every operator binds to the left, ``**`` too."""
        if level == len(self._LEVELS):
            return self.negation()
        operators = self._LEVELS[level]
        first = self.chain(level + 1)
        token = self.tokens[self.index]
        if token.text not in operators or token.kind != "sign":
            return first
        rest = []
        while token.text in operators and token.kind == "sign":
            self.index += 1
            rest.append((token.text, self.chain(level + 1)))
            token = self.tokens[self.index]
        return s.Chain(first, tuple(rest))

    def negation(self) -> s.Node:
        if not self.take("-"):
            return self.postfix(self.primary())
        self.depth += 1
        if self.depth > self.limits.max_depth:
            raise too_deep(self.limits.max_depth)
        operand = self.negation()
        self.depth -= 1
        if isinstance(operand, s.Literal) and isinstance(operand.value, type(NUMBERS.create_decimal(0))):
            return s.Literal(NUMBERS.minus(operand.value) if operand.value else operand.value)
        return s.Negation(operand)

    def postfix(self, node: s.Node) -> s.Node:
        """Paths, filters and calls behind an operand."""
        levels = 0
        while True:
            token = self.tokens[self.index]
            if token.kind != "sign":
                return node
            if token.text == ".":
                self.index += 1
                node = s.Path(node, self.property_name())
            elif token.text == "[":
                following = self.tokens[self.index + 1]
                if following.kind != "string" and following.text in _NEVER_OPERANDS:
                    return node
                self.index += 1
                condition = self.operand()
                self.expect("]")
                node = s.Filter(node, condition)
            elif token.text == "(":
                self.index += 1
                node = self.call(node)
            else:
                return node
            levels += 1
            if levels + self.depth > self.limits.max_depth:
                raise too_deep(self.limits.max_depth)

    def property_name(self) -> str:
        entry = self.local.match(self.tokens, self.index) or self.known.match(self.tokens, self.index)
        token = self.tokens[self.index]
        if entry is None and token.text in ("time", "start", "end") and token.kind == "word":
            entry = _PROPERTIES.match(self.tokens, self.index)
        if entry is not None:
            self.index += len(entry[0])
            return entry[1]
        if token.kind != "word":
            raise self.unexpected()
        self.index += 1
        return token.text

    def call(self, callee: s.Node) -> s.Call:
        if self.take(")"):
            return s.Call(callee, (), None)
        name = self.argument_name()
        if name is None:
            arguments = [self.operand()]
            while self.take(","):
                arguments.append(self.operand())
            self.expect(")")
            return s.Call(callee, tuple(arguments), None)
        names = [name]
        arguments = [self.operand()]
        while self.take(","):
            name = self.argument_name()
            if name is None:
                raise self.error(Text("参数要么都写名称,要么都不写。", "Name all arguments or none."))
            names.append(name)
            arguments.append(self.operand())
        self.expect(")")
        return s.Call(callee, tuple(arguments), tuple(names))

    def argument_name(self) -> str | None:
        start = self.index
        name = self.name_until(":")
        if name is None:
            self.index = start
            return None
        self.index += 1
        return name

    # ---- operands -------------------------------------------------------------------------------------------

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
        entry = self.local.match(self.tokens, self.index)
        builtin = self.known.match(self.tokens, self.index)
        if builtin is not None and (entry is None or len(builtin[0]) > len(entry[0])):
            entry = builtin
        if entry is not None:
            self.index += len(entry[0])
            return s.Name(entry[1], token.start)
        rule = self._BY_WORD.get(token.text)
        if rule is not None:
            self.index += 1
            return rule(self)
        if token.text in _KEYWORDS or token.text[0].isdigit():
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
        return s.If(condition, then, self.operand())

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
        """``(a)``, ``(1..5]`` or ``(< 5)``."""
        if self.tokens[self.index].text in _COMPARISONS and self.tokens[self.index].kind == "sign":
            test = self.test()
            self.expect(")")
            return test
        if self.at(".."):
            return self.range_end(s.Literal(None), False)
        node = self.operand()
        if self.at(".."):
            return self.range_end(node, False)
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

    _BY_SIGN: dict[str, Callable[[Parser, Token], s.Node]] = {
        "(": parenthesis,
        "[": bracket,
        "]": open_range,
        "{": context,
        "@": at_literal,
        "?": tested_value,
    }
    _BY_WORD: dict[str, Callable[[Parser], s.Node]] = {
        "true": literal,
        "false": literal,
        "null": literal,
        "if": conditional,
        "for": loop,
        "some": quantified,
        "every": quantified,
        "function": definition,
    }

    # ---- types ----------------------------------------------------------------------------------------------

    def type(self) -> s.Type:
        self.depth += 1
        if self.depth > self.limits.max_depth:
            raise too_deep(self.limits.max_depth)
        name = self.type_name()
        arguments: list[s.Type] = []
        keys: list[str] = []
        result: s.Type | None = None
        if self.take("<"):
            while not self.take(">"):
                if arguments:
                    self.expect(",")
                if name == "context":
                    key = self.name_until(":")
                    if key is None:
                        raise self.unexpected()
                    self.expect(":")
                    keys.append(key)
                arguments.append(self.type())
        if name == "function" and self.take("->"):
            result = self.type()
        self.depth -= 1
        return s.Type(name, tuple(arguments), tuple(keys), result)

    def type_name(self) -> str:
        entry = (
            _TYPES.match(self.tokens, self.index)
            or self.local.match(self.tokens, self.index)
            or self.known.match(self.tokens, self.index)
        )
        if entry is not None:
            self.index += len(entry[0])
            return entry[1]
        token = self.tokens[self.index]
        if token.kind != "word":
            raise self.unexpected()
        self.index += 1
        name = token.text
        while self.at(".") and self.tokens[self.index + 1].kind == "word":
            name += "." + self.tokens[self.index + 1].text
            self.index += 2
        return name


_PROPERTIES = Vocabulary(("time offset", "start included", "end included"))
