"""Moving through the tokens of an expression, with the names known at each place."""

from __future__ import annotations

from engine.feel.errors import FeelSyntaxError
from engine.feel.limits import Limits, text_too_long, too_deep
from engine.feel.scanner import Entry, Token, Vocabulary, full_width, scan, vocabulary_of
from engine.text import Text

_NAME_SIGNS = frozenset("+-*/'.")


class Cursor:
    """A place in a text. ``known`` are the language's names, ``given`` those from outside, ``local`` those
    declared further left."""

    def __init__(self, text: str, known: Vocabulary, names: frozenset[str], limits: Limits) -> None:
        if len(text) > limits.max_length:
            raise text_too_long(limits.max_length)
        self.text = text
        self.tokens = scan(text)
        self.index = 0
        self.limits = limits
        self.depth = 0
        self.known = known
        self.given = vocabulary_of(names)
        self.local = Vocabulary()

    def descend(self) -> None:
        """One level deeper; every call is matched by ``depth -= 1``."""
        self.depth += 1
        self.check_depth()

    def check_depth(self, more: int = 0) -> None:
        if self.depth + more > self.limits.max_depth:
            raise too_deep(self.limits.max_depth)

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

    def known_name(self) -> Entry | None:
        """The longest name of several words that starts here."""
        best: Entry | None = None
        for vocabulary in (self.local, self.given, self.known):
            entry = vocabulary.match(self.tokens, self.index)
            if entry is not None and (best is None or len(entry[0]) > len(best[0])):
                best = entry
        return best

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
