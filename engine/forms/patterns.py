"""Patterns of a form are written by people we don't know: only those are taken that can't run away.

Python's ``re`` backtracks. A pattern is safe here because nothing of variable width is repeated, what it is
matched against is short, and the choices it leaves open multiply to no more than three unbounded
repetitions would.
"""

import re

from engine.text import Text

MAX_PATTERN = 200
MAX_SUBJECT = 200  # characters of a text that has a pattern
MAX_WAYS = MAX_SUBJECT**3
_ATOM = re.compile(r"\\[dwsDWS]|\\[^\w\s]|\[\^?\]?(?:\\.|[^\]\\])*\]|[^\\()|?*+{}\[\]^$]")
_REPEAT = re.compile(r"[?*+]|\{(\d{1,3})(?:,(\d{0,3}))?\}")


class _Group:
    """What was seen so far inside one pair of brackets."""

    def __init__(self) -> None:
        self.varies = False
        self.branches = 1


def read_pattern(pattern: str) -> re.Pattern[str]:
    """Compile a pattern of the safe kind, to be used with ``fullmatch``. Raises ``ValueError(Text)``."""
    if len(pattern) > MAX_PATTERN:
        raise ValueError(
            Text(f"格式最多 {MAX_PATTERN} 个字符", f"a pattern has at most {MAX_PATTERN} characters")
        )
    groups = [_Group()]
    ways = 1
    at = 0
    while at < len(pattern):
        group: _Group | None = None
        if pattern[at] == "|":
            groups[-1].branches += 1
            at += 1
            continue
        if pattern[at] in "^$":
            at += 1
            continue
        if pattern[at] == "(":
            if pattern[at + 1 : at + 2] == "?" and pattern[at + 1 : at + 3] != "?:":
                raise ValueError(
                    Text("格式不能用环视等扩展写法", "a pattern has no look-around or other extension")
                )
            groups.append(_Group())
            at += 3 if pattern[at + 1 : at + 3] == "?:" else 1
            continue
        if pattern[at] == ")":
            if len(groups) == 1:
                raise _unreadable(at)
            group = groups.pop()
            ways *= group.branches
            group.varies = group.varies or group.branches > 1
            groups[-1].varies = groups[-1].varies or group.varies
            at += 1
        else:
            atom = _ATOM.match(pattern, at)
            if atom is None:
                raise _unreadable(at)
            at = atom.end()
        repeat = _REPEAT.match(pattern, at)
        if repeat is None:
            continue
        at = repeat.end()
        if group is not None and group.varies:
            raise ValueError(
                Text(
                    "格式中重复的括号内不能再有可变长度或“|”",
                    "a repeated group holds nothing of variable width and no |",
                )
            )
        low, high = _bounds(repeat)
        if high > low:
            ways *= high - low + 1
            groups[-1].varies = True
        if high > MAX_SUBJECT:
            raise ValueError(Text(f"重复最多 {MAX_SUBJECT} 次", f"at most {MAX_SUBJECT} repetitions"))
        if at < len(pattern) and pattern[at] in "?*+{":
            raise _unreadable(at)
    if len(groups) != 1:
        raise _unreadable(len(pattern))
    if ways * groups[0].branches > MAX_WAYS:
        raise ValueError(Text("格式中可变长度的部分太多", "the pattern has too many parts of variable width"))
    try:
        return re.compile(pattern)
    except (re.error, OverflowError, RecursionError, FutureWarning) as error:
        raise _unreadable(0) from error


def _bounds(repeat: re.Match[str]) -> tuple[int, int]:
    """Least and most repetitions; open ends stop at the longest text there is."""
    sign, low, high = repeat.group(0)[0], repeat.group(1), repeat.group(2)
    if sign == "{":
        return int(low), int(low) if high is None else int(high or MAX_SUBJECT)
    return (1 if sign == "+" else 0), (1 if sign == "?" else MAX_SUBJECT)


def _unreadable(at: int) -> ValueError:
    return ValueError(
        Text(f"格式在第 {at + 1} 个字符处读不懂", f"the pattern can't be read at character {at + 1}")
    )
