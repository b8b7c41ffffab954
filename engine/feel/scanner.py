"""Cuts an expression into words, numbers, strings and signs.

What is one *name* depends on which names are known (names may hold spaces and signs), so names are put
together by the parser, see :class:`Vocabulary`.
"""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from engine.feel.errors import FeelSyntaxError
from engine.text import Text

# What a name may start with is told by what it may not: the standard's table, less CJK punctuation and
# full-width forms. There they are letters, but a full-width bracket is a slip of a Chinese keyboard, and gets
# a sentence that says so. (A negated class of few ranges also compiles in no time, unlike the table.)
_NO_NAME = (
    r"\x00-@\[-\^`{-\u00BF\u00D7\u00F7\u2000-\u206F\u3000-\u3004\u3008-\u3020\u3030\uD800-\uDFFF\uFDD0-\uFDEF"
    r"\uFE10-\uFE6F\uFEFF\uFF00-\uFF0F\uFF1A-\uFF20\uFF3B-\uFF40\uFF5B-\uFF65\uFFFE\uFFFF"
)
_START = rf"[^\s{_NO_NAME}]"
_PART = rf"(?:{_START}|[0-9\u00B7\u203F\u2040])"
_TOKEN = re.compile(
    rf"""
    (?P<space>[\s\u180E\uFEFF]+|//[^\n]*|/\*)
    |(?P<number>(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d+)?(?!{_START}))
    |(?P<string>"(?:[^"\\]|\\.)*")
    |(?P<word>{_START}{_PART}*|\d+)
    |(?P<sign>\*\*|\.\.|<=|>=|!=|->|.)
    """,
    re.VERBOSE | re.DOTALL,
)
_FULL_WIDTH = {"\u3002": ".", "\u3001": ",", "\u201c": '"', "\u201d": '"', "\u300a": "<", "\u300b": ">"}


class Token(NamedTuple):
    kind: str
    """``number``, ``string``, ``word``, ``sign`` or ``end``."""
    text: str
    start: int
    end: int


def scan(text: str) -> list[Token]:
    """All tokens, the last of kind ``end``."""
    tokens: list[Token] = []
    position, length = 0, len(text)
    while position < length:
        found = _TOKEN.match(text, position)
        if found is None:
            raise ValueError("the last alternative takes any character")
        kind, end = found.lastgroup or "sign", found.end()
        if kind == "space":
            if found[0] == "/*":
                end = text.find("*/", end) + 2
                if end == 1:
                    raise FeelSyntaxError(
                        Text("注释没有结束。", "The comment is not closed."), source=text, position=position
                    )
        else:
            if found[0] == '"':
                raise FeelSyntaxError(
                    Text("文本缺少结尾的引号。", "The string is not closed."), source=text, position=position
                )
            tokens.append(Token(kind, found[0], position, end))
        position = end
    tokens.append(Token("end", "", length, length))
    return tokens


def full_width(sign: str) -> str | None:
    """The half-width sign that was probably meant."""
    if "\uff01" <= sign <= "\uff5e":
        return chr(ord(sign) - 0xFEE0)
    return _FULL_WIDTH.get(sign)


_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{6})|([nrt'\"\\]))")
_SIMPLE = {"n": "\n", "r": "\r", "t": "\t", "'": "'", '"': '"', "\\": "\\"}


def unquote(text: str) -> str:
    """A string's value. An unknown escape such as ``\\d`` stays as it is, which is what a pattern wants."""
    inner = text[1:-1]
    if "\\" not in inner:
        return inner

    def character(found: re.Match[str]) -> str:
        code = found[1] or found[2]
        if code is None:
            return _SIMPLE[found[3]]
        number = int(code, 16)
        return chr(number) if number <= 0x10FFFF else "\ufffd"

    value = _ESCAPE.sub(character, inner)
    # Two \\u escapes may spell one character in UTF-16.
    return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


Entry = tuple[tuple[str, ...], str]
_MOST_WORDS = 20
"""Words and signs in one name; a longer one is not known as a name."""


class Vocabulary:
    """Names that aren't a single word: ``date and time``, ``Student's name``, ``上月 收入``."""

    __slots__ = ("_by_first",)

    def __init__(self, names: Iterable[str] = ()) -> None:
        # By first word, then by length, so that a lookup costs no more for many names.
        self._by_first: dict[str, dict[int, dict[tuple[str, ...], str]]] = {}
        for name in names:
            self.add(name)

    def add(self, name: str) -> Entry | None:
        """Learn a name; gives what :meth:`forget` takes, or None where there was nothing to learn."""
        if name.isidentifier():
            return None
        try:
            words = tuple(token.text for token in scan(name)[:-1])
        except FeelSyntaxError:
            return None
        if not 2 <= len(words) <= _MOST_WORDS:
            return None
        known = self._by_first.setdefault(words[0], {}).setdefault(len(words), {})
        if words in known:
            return None
        known[words] = name
        return words, name

    def forget(self, entry: Entry) -> None:
        words, _ = entry
        by_length = self._by_first[words[0]]
        del by_length[len(words)][words]
        if not by_length[len(words)]:
            del by_length[len(words)]

    def match(self, tokens: list[Token], index: int) -> Entry | None:
        """The longest known name that starts at a token."""
        by_length = self._by_first.get(tokens[index].text)
        if not by_length:
            return None
        for length in sorted(by_length, reverse=True):
            words = tuple(token.text for token in tokens[index : index + length])
            if words in by_length[length]:
                return words, by_length[length][words]
        return None


@lru_cache(maxsize=64)
def vocabulary_of(names: frozenset[str]) -> Vocabulary:
    """The names given from outside; a model's expressions share them."""
    return Vocabulary(names)
