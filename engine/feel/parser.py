"""Reads FEEL (DMN 1.5, 10.3.1.2) by descent, one method per rule.

Written by hand because a name's extent depends on the names in scope at that place (10.3.1.4), which a
grammar given in advance cannot say; see ``docs/feel.md``.
"""

from __future__ import annotations

from decimal import Decimal

from engine.feel import syntax as s
from engine.feel.operand_reader import COMPARISONS, OperandReader
from engine.feel.operators import NUMBERS
from engine.feel.scanner import Vocabulary
from engine.text import Text

#: Arithmetic operators and how tightly they bind.
_LEVELS = {"+": 0, "-": 0, "*": 1, "/": 1, "**": 2}
_PROPERTIES = Vocabulary(("time offset", "start included", "end included"))
#: Behind ``[`` none of these starts a filter, so the bracket closes a range: ``]1..5[``.
_NEVER_OPERANDS = frozenset(
    (")", "]", "}", ",", "", "=", "!=", "<", "<=", ">", ">=", "+", "*", "/", "**")
) | frozenset(["then", "else", "return", "satisfies", "and", "or", "between", "in", "instance"])


class Parser(OperandReader):
    """One text; :meth:`expression` or :meth:`unary_tests` reads the whole of it."""

    # ---- whole texts ----

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
        if token.kind == "sign" and token.text in COMPARISONS:
            self.index += 1
            return s.Test(token.text, self.chain(0))
        return self.operand()

    # ---- expressions, loosest first ----

    def operand(self) -> s.Node:
        self.descend()
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
            if token.kind == "sign" and token.text in COMPARISONS:
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
            self.check_depth(levels)

    def in_tests(self) -> tuple[s.Node, ...]:
        """What follows ``in``: one test, or several in parentheses."""
        token = self.tokens[self.index]
        if token.kind == "sign" and token.text in COMPARISONS:
            self.index += 1
            return (s.Test(token.text, self.chain(0)),)
        # Only a parenthesis that stands right here may hold several tests.
        self.tests_at = self.index
        node = self.chain(0)
        return node.tests if isinstance(node, s.Tests) else (node,)

    def chain(self, lowest: int) -> s.Node:
        """Arithmetic of some precedence and higher; every operator binds to the left, ``**`` too."""
        left = self.negation()
        while not isinstance(left, s.Tests):
            token = self.tokens[self.index]
            level = _LEVELS.get(token.text, -1) if token.kind == "sign" else -1
            if level < lowest:
                break
            rest = []
            while token.text in _LEVELS and _LEVELS[token.text] == level and token.kind == "sign":
                self.index += 1
                rest.append((token.text, self.chain(level + 1)))
                token = self.tokens[self.index]
            left = s.Chain(left, tuple(rest))
        return left

    def negation(self) -> s.Node:
        if not self.take("-"):
            return self.postfix(self.primary())
        self.descend()
        operand = self.negation()
        self.depth -= 1
        if isinstance(operand, s.Literal) and isinstance(operand.value, Decimal):
            return s.Literal(NUMBERS.minus(operand.value) if operand.value else operand.value)
        return s.Negation(operand)

    def postfix(self, node: s.Node) -> s.Node:
        """Paths, filters and calls behind an operand."""
        levels = 0
        while True:
            token = self.tokens[self.index]
            if token.kind != "sign" or isinstance(node, s.Tests):
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
            self.check_depth(levels)

    def property_name(self) -> str:
        entry = self.known_name()
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
