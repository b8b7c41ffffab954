"""Regular expressions, on RE2.

Patterns are hostile input too, and Python's own engine backtracks without bound. RE2 answers in time linear
in the text, with a bound on memory; what it cannot do (back-references, look-around) gives null, as an
error in a pattern does.
"""

import re
from functools import lru_cache
from typing import Any

from engine.feel.evaluation import Run
from engine.feel.xpath_patterns import translate

_FLAGS = frozenset("smixq")
_MAX_PATTERN = 1_000
_MEMORY = 4 << 20


def _compile(run: Run, pattern: str, flags: str) -> Any:
    """RE2's pattern, or None if there is something it can't do; paid for as if it were compiled each time."""
    run.spend(20 + len(pattern))
    return _compiled(pattern, flags)


@lru_cache(maxsize=256)
def _compiled(pattern: str, flags: str) -> Any:
    import re2  # type: ignore[import-untyped]  # loaded when the first pattern is met: most expressions have none

    if len(pattern) > _MAX_PATTERN or not _FLAGS.issuperset(flags):
        return None
    translated = re.escape(pattern) if "q" in flags else translate(pattern, extended="x" in flags)
    if translated is None:
        return None
    options = re2.Options()
    options.max_mem = _MEMORY
    options.log_errors = False
    options.dot_nl = "s" in flags
    options.case_sensitive = "i" not in flags
    if "m" in flags:
        translated = "(?m)" + translated
    try:
        return re2.compile(translated, options=options)
    except (re2.error, UnicodeEncodeError):
        return None


def _encodable(text: str) -> bool:
    return text.isascii() or not any("\ud800" <= sign <= "\udfff" for sign in text)


def matches(run: Run, text: str, pattern: str, flags: str) -> bool | None:
    """Whether the pattern is found anywhere in the text."""
    compiled = _compile(run, pattern, flags)
    if compiled is None or not _encodable(text):
        return None
    run.spend(1 + len(text) // 10)
    return compiled.search(text) is not None


_REFERENCE = re.compile(r"\\([\\$])|\$(\d+)|([\\$])")


def replace(run: Run, text: str, pattern: str, replacement: str, flags: str) -> str | None:
    """Every match replaced; ``$1`` is the first group."""
    compiled = _compile(run, pattern, flags)
    if compiled is None or not _encodable(text) or not _encodable(replacement):
        return None
    if compiled.search("") is not None:
        return None  # XPath: an error, for it would match between all characters
    parts = _template(replacement, compiled.groups)
    if "q" in flags:
        parts = [replacement]
    if parts is None:
        return None
    limit = run.limits.max_string
    out: list[str] = []
    length = end = 0
    for found in compiled.finditer(text):
        run.spend(1)
        made = text[end : found.start()] + "".join(
            part if isinstance(part, str) else found.group(part) or "" for part in parts
        )
        end = found.end()
        length += len(made)
        out.append(made)
        if length > limit:
            break
    out.append(text[end:])
    return run.text("".join(out))


def _template(replacement: str, groups: int) -> list[str | int] | None:
    """Text and group numbers in turn."""
    parts: list[str | int] = []
    end = 0
    for found in _REFERENCE.finditer(replacement):
        parts.append(replacement[end : found.start()])
        end = found.end()
        if found[3]:
            return None
        if found[1]:
            parts.append(found[1])
            continue
        # $12 is group 12 where there is one, else group 1 and the digit 2.
        digits = found[2]
        while len(digits) > 1 and int(digits) > groups:
            digits = digits[:-1]
        if int(digits) <= groups:
            parts.append(int(digits))
        parts.append(found[2][len(digits) :])
    parts.append(replacement[end:])
    return parts


def split(run: Run, text: str, pattern: str) -> list[object] | None:
    """The parts between matches."""
    compiled = _compile(run, pattern, "")
    if compiled is None or not _encodable(text) or compiled.search("") is not None:
        return None
    parts: list[object] = []
    end = 0
    for found in compiled.finditer(text):
        if found.end() == found.start():
            return None
        parts.append(text[end : found.start()])
        end = found.end()
        if len(parts) > run.limits.max_list:
            break
    parts.append(text[end:])
    run.room(len(parts))
    return parts
