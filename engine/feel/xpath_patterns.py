"""XPath's regular expressions (XQuery and XPath Functions 3.1, 5.6.1) written as RE2's.

They differ in classes: XPath has ``\\i`` and ``\\c`` for XML names, another ``\\w``, and subtraction,
``[a-z-[aeiou]]``.
"""

from __future__ import annotations

_NAME_START = r"\p{L}_:"
_NAME_PART = r"\p{L}\p{N}\p{Mn}\p{Mc}_:\-.\x{B7}"
_WORD = r"\p{L}\p{N}\p{M}\p{S}"
_NO_WORD = r"\p{P}\p{Z}\p{C}"
#: Each class by itself and inside brackets; None where it cannot be written there.
_CLASSES: dict[str, tuple[str, str | None]] = {
    "i": (f"[{_NAME_START}]", _NAME_START),
    "I": (f"[^{_NAME_START}]", None),
    "c": (f"[{_NAME_PART}]", _NAME_PART),
    "C": (f"[^{_NAME_PART}]", None),
    "d": (r"\p{Nd}", r"\p{Nd}"),
    "D": (r"\P{Nd}", r"\P{Nd}"),
    "w": (f"[{_WORD}]", _WORD),
    "W": (f"[{_NO_WORD}]", _NO_WORD),
}
_SIGNS = {"n": "\n", "r": "\r", "t": "\t"}
_LITERAL = frozenset("\\|.?*+(){}$-[]^")

Spans = list[tuple[int, int]]


class _Untranslatable(Exception):
    """Something RE2 has no words for."""


def translate(pattern: str, *, extended: bool) -> str | None:
    """RE2's pattern, or None where there is none; ``extended`` is the flag ``x``, which drops white space."""
    out: list[str] = []
    index = 0
    try:
        while index < len(pattern):
            sign = pattern[index]
            if sign == "\\" and index + 1 < len(pattern):
                following = pattern[index + 1]
                out.append(_CLASSES[following][0] if following in _CLASSES else sign + following)
                index += 2
            elif sign == "[":
                text, index = _class(pattern, index, 0)
                out.append(text)
            else:
                if not (extended and sign.isspace()):
                    out.append(sign)
                index += 1
    except _Untranslatable:
        return None
    return "".join(out)


def _class(pattern: str, start: int, depth: int) -> tuple[str, int]:
    """A bracket expression and the index behind it."""
    index = start + 1
    negated = pattern[index : index + 1] == "^"
    index += negated
    items: list[str] = []
    spans: Spans | None = []
    first = True
    while index < len(pattern):
        sign = pattern[index]
        if sign == "]" and not first:
            return f"[{'^' if negated else ''}{''.join(items)}]", index + 1
        if pattern[index : index + 2] == "-[":
            return _subtracted(pattern, index + 1, depth, negated, items, spans)
        first = False
        text, span, index = _item(pattern, index)
        items.append(text)
        spans = None if spans is None or span is None else [*spans, span]
    raise _Untranslatable


def _subtracted(
    pattern: str, start: int, depth: int, negated: bool, items: list[str], spans: Spans | None
) -> tuple[str, int]:
    if depth:
        raise _Untranslatable
    removed, index = _class(pattern, start, depth + 1)
    if pattern[index : index + 1] != "]" or removed[1] == "^":
        raise _Untranslatable
    if negated:
        return f"[^{''.join(items)}{removed[1:-1]}]", index + 1
    holes: Spans = []
    position = start + 1
    while position < index - 1:
        _, span, position = _item(pattern, position)
        if span is None:
            raise _Untranslatable
        holes.append(span)
    if spans is None:
        raise _Untranslatable
    left = _without(spans, holes)
    # A class nothing is in matches nothing.
    return ("[" + "".join(map(_written, left)) + "]" if left else r"[^\x{0}-\x{10FFFF}]"), index + 1


def _item(pattern: str, index: int) -> tuple[str, tuple[int, int] | None, int]:
    """One element of a class: its text for RE2, the characters it spans if plain, what follows."""
    low, text, index = _character(pattern, index)
    if low is None:
        return text, None, index
    if pattern[index : index + 1] == "-" and pattern[index + 1 : index + 2] not in ("", "]", "["):
        high, _, index = _character(pattern, index + 1)
        if high is None or high < low:
            raise _Untranslatable
        return _written((low, high)), (low, high), index
    return _written((low, low)), (low, low), index


def _character(pattern: str, index: int) -> tuple[int | None, str, int]:
    sign = pattern[index]
    if sign != "\\":
        return ord(sign), sign, index + 1
    following = pattern[index + 1 : index + 2]
    if following in _LITERAL and following:
        return ord(following), following, index + 2
    if following in _SIGNS:
        return ord(_SIGNS[following]), following, index + 2
    if following in ("p", "P"):
        end = pattern.find("}", index)
        if end < 0:
            raise _Untranslatable
        return None, pattern[index : end + 1], end + 1
    inside = _CLASSES.get(following, (None, sign + following))[1]
    if inside is None or not following:
        raise _Untranslatable
    return None, inside, index + 2


def _written(span: tuple[int, int]) -> str:
    low, high = span
    return f"\\x{{{low:X}}}" if low == high else f"\\x{{{low:X}}}-\\x{{{high:X}}}"


def _without(spans: Spans, holes: Spans) -> Spans:
    """The spans less the holes."""
    left = spans
    for hole_low, hole_high in holes:
        cut: Spans = []
        for low, high in left:
            if hole_high < low or high < hole_low:
                cut.append((low, high))
                continue
            if low < hole_low:
                cut.append((low, hole_low - 1))
            if hole_high < high:
                cut.append((hole_high + 1, high))
        left = cut
    return left
