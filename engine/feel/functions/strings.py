"""Functions on strings (DMN 1.5, 10.3.4.3). Positions count characters, from 1."""

from decimal import Decimal

from engine.feel import patterns
from engine.feel.evaluation import Run
from engine.feel.functions.signature import Registry

FUNCTIONS = Registry()
_add = FUNCTIONS.add


@_add("substring", "string: string, start position: number, length?: number?")
def substring(run: Run, string: str, start: Decimal, length: Decimal | None = None) -> object:
    position = int(start)
    if position == 0 or abs(position) > len(string) or (length is not None and length < 1):
        return None
    first = position - 1 if position > 0 else len(string) + position
    return string[first:] if length is None else string[first : first + int(length)]


@_add("string length", "string: string")
def string_length(run: Run, string: str) -> object:
    return Decimal(len(string))


@_add("upper case", "string: string")
def upper_case(run: Run, string: str) -> object:
    return run.text(string.upper())


@_add("lower case", "string: string")
def lower_case(run: Run, string: str) -> object:
    return run.text(string.lower())


@_add("substring before", "string: string, match: string")
def substring_before(run: Run, string: str, match: str) -> object:
    before, found, _ = string.partition(match) if match else ("", "", "")
    return before if found else ""


@_add("substring after", "string: string, match: string")
def substring_after(run: Run, string: str, match: str) -> object:
    if not match:
        return string
    return string.partition(match)[2]


@_add("contains", "string: string, match: string")
def contains(run: Run, string: str, match: str) -> object:
    return match in string


@_add("starts with", "string: string, match: string")
def starts_with(run: Run, string: str, match: str) -> object:
    return string.startswith(match)


@_add("ends with", "string: string, match: string")
def ends_with(run: Run, string: str, match: str) -> object:
    return string.endswith(match)


@_add("matches", "input: string, pattern: string, flags?: string?")
def matches(run: Run, string: str, pattern: str, flags: str | None = None) -> object:
    return patterns.matches(run, string, pattern, flags or "")


@_add("replace", "input: string, pattern: string, replacement: string, flags?: string?")
def replace(run: Run, string: str, pattern: str, replacement: str, flags: str | None = None) -> object:
    return patterns.replace(run, string, pattern, replacement, flags or "")


@_add("split", "string: string, delimiter: string")
def split(run: Run, string: str, delimiter: str) -> object:
    return patterns.split(run, string, delimiter)


@_add("string join", "list: list, delimiter?: string?")
def string_join(run: Run, values: list[object], delimiter: str | None = None) -> object:
    if not all(value is None or value.__class__ is str for value in values):
        return None
    strings = [value for value in values if isinstance(value, str)]
    run.room(len(strings))
    length = sum(map(len, strings)) + len(delimiter or "") * len(strings)
    run.spend(length // 10)
    if length > run.limits.max_string * 2:
        run.text(" " * (run.limits.max_string + 1))
    return run.text((delimiter or "").join(strings))
