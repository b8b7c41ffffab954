"""Fills in what is already known, and says where it is from: one datum is asked for once."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine.forms.formulas import Formula
from engine.forms.model import Component, Form, NamedOptions, OptionSource
from engine.forms.occasion import FileSource, NoFiles, Occasion
from engine.forms.reading import Reading, parse
from engine.forms.registry import field_type
from engine.text import Text

_PATH = re.compile(r"\s*[^\W\d]\w*(\s*\.\s*[^\W\d]\w*)*\s*")
MAX_DEPTH = 12


@dataclass(frozen=True)
class Known:
    """A value of a source with where it is from: at a leaf, or around everything below it."""

    value: object
    source: Text


@dataclass(frozen=True)
class Prefilled:
    """A field's value before anybody typed; ``source`` is None for a default or something calculated."""

    value: object
    source: Text | None


def prefill(
    form: Form,
    sources: Mapping[str, object],
    now: datetime,
    *,
    options: OptionSource | None = None,
    files: FileSource | None = None,
) -> dict[str, Prefilled]:
    """What can be filled in, by path (``client_name``, ``home.address``, ``goals`` for all its rows).

    ``sources`` are what FEEL sees: ``case``, ``client``, ``variables``, …; anything in them may be wrapped in
    :class:`Known`. A value that its field could not hold is left out.
    """
    occasion = Occasion(now, plain(sources), options or NamedOptions(), files or NoFiles())
    found: dict[str, Prefilled] = {}
    _level(form.components, sources, occasion, "", found)
    return found


def plain(value: Any, depth: int = 0) -> Any:
    """A source without its wrappers, as FEEL takes it."""
    if isinstance(value, Known):
        return plain(value.value, depth)
    if depth >= MAX_DEPTH:
        return None
    if isinstance(value, Mapping):
        return {key: plain(each, depth + 1) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [plain(each, depth + 1) for each in value]
    return value


def _level(
    components: Sequence[Component],
    sources: Mapping[str, object],
    occasion: Occasion,
    path: str,
    found: dict[str, Prefilled],
) -> None:
    for each in components:
        kind = field_type(each.type)
        if kind.shows_only or kind.given_afresh or each.type == "computed":
            continue
        value, source = _known(each, sources, occasion)
        given = as_raw(each, value, occasion)
        if given is None and each.default is not None:
            given, source = as_raw(each, each.default, occasion), None
        if given is not None:
            found[f"{path}{each.key}"] = Prefilled(_value(each, given, occasion), source)
        elif each.type == "group":
            _level(each.components, sources, occasion, f"{path}{each.key}.", found)


def _known(
    component: Component, sources: Mapping[str, object], occasion: Occasion
) -> tuple[object, Text | None]:
    """The value a source has for a field, and the source's name."""
    formula = component.prefill or (Formula(component.binds) if component.binds else None)
    if formula is None:
        return None, None
    value = formula.value(occasion.known, occasion.now)
    return value, _source(formula.text, sources) if value is not None else None


def _source(text: str, sources: Mapping[str, object]) -> Text | None:
    """Where a plain path leads through: the innermost source named on the way. A calculation has none."""
    if not _PATH.fullmatch(text):
        return None
    here: object = sources
    named: Text | None = None
    for step in text.split("."):
        here = here.get(step.strip()) if isinstance(here, Mapping) else None
        while isinstance(here, Known):
            named, here = here.source, here.value
    return named


def as_raw(component: Component, value: object, occasion: Occasion) -> Any:
    """A value as it would be typed into the component; None when it could not hold it."""
    if value is None:
        return None
    if component.type == "repeated_group":
        rows = value if isinstance(value, list) else []
        most = component.settings["max_rows"]
        return [_row(component, row, occasion) for row in rows[:most] if isinstance(row, Mapping)] or None
    if component.type == "group":
        return (_row(component, value, occasion) or None) if isinstance(value, Mapping) else None
    if field_type(component.type).shows_only or component.type == "computed":
        return None
    try:
        raw = field_type(component.type).to_raw(component, value)
    except (TypeError, ValueError, KeyError, AttributeError):
        return None
    return (
        raw
        if parse(component, raw, occasion) is not None or field_type(component.type).given_afresh
        else None
    )


def _row(component: Component, row: Mapping[str, object], occasion: Occasion) -> dict[str, Any]:
    raw = {each.key: as_raw(each, row.get(each.key), occasion) for each in component.components}
    return {key: value for key, value in raw.items() if value is not None}


def _value(component: Component, raw: Any, occasion: Occasion) -> object:
    """The typed value of raw that is known to be readable."""
    if component.type == "repeated_group":
        return [_inner(component, row, occasion) for row in raw]
    if component.type == "group":
        return _inner(component, raw, occasion)
    return parse(component, raw, occasion)


def _inner(component: Component, raw: Mapping[str, Any], occasion: Occasion) -> dict[str, object]:
    return {
        each.key: _value(each, raw[each.key], occasion) for each in component.components if each.key in raw
    }


def to_raw(form: Form, values: Mapping[str, object], occasion: Occasion) -> dict[str, Any]:
    """Typed values as they would be typed: JSON-safe, for a draft or to open a submission again."""
    raw = {each.key: as_raw(each, values.get(each.key), occasion) for each in form.components}
    return {key: value for key, value in raw.items() if value is not None}


def blank_values(form: Form, prefilled: Mapping[str, Prefilled], occasion: Occasion) -> dict[str, Any]:
    """The raw values of a form nobody has typed in yet: what is prefilled, and the rows there must be at
    least."""
    return _blank(form.components, prefilled, occasion, "")


def _blank(
    components: Sequence[Component], prefilled: Mapping[str, Prefilled], occasion: Occasion, path: str
) -> dict[str, Any]:
    raw: dict[str, Any] = {}
    for each in components:
        here = f"{path}{each.key}"
        if here in prefilled:
            raw[each.key] = as_raw(each, prefilled[here].value, occasion)
        elif each.type == "group":
            raw[each.key] = _blank(each.components, prefilled, occasion, f"{here}.")
        if each.type == "repeated_group":
            rows = raw.setdefault(each.key, [])
            rows.extend(blank_row(each, occasion) for _ in range(each.settings["min_rows"] - len(rows)))
    return raw


def with_unasked(
    form: Form,
    raw: Mapping[str, Any],
    asked: Collection[str],
    prefilled: Mapping[str, Prefilled],
    occasion: Occasion,
) -> dict[str, Any]:
    """The raw values from a page with what was known for the fields that were not on it: an answer on the
    page may have brought them in. ``asked`` are the paths of those that were."""
    return _with_unasked(form.components, raw, blank_values(form, prefilled, occasion), asked, "")


def _with_unasked(
    components: Sequence[Component],
    raw: Mapping[str, Any],
    blank: Mapping[str, Any],
    asked: Collection[str],
    path: str,
) -> dict[str, Any]:
    merged = dict(raw)
    for each in components:
        here, known = f"{path}{each.key}", blank.get(each.key)
        if each.type == "group":
            inner = raw.get(each.key) or {}
            merged[each.key] = _with_unasked(each.components, inner, known or {}, asked, f"{here}.")
        elif here not in asked and known is not None:
            merged[each.key] = known
    return merged


def blank_row(component: Component, occasion: Occasion) -> dict[str, Any]:
    """A new row of a repeated group, with its defaults."""
    raw: dict[str, Any] = {}
    for each in component.components:
        default = as_raw(each, each.default, occasion)
        if default is not None:
            raw[each.key] = default
        elif each.type == "group":
            raw[each.key] = blank_row(each, occasion)
        elif each.type == "repeated_group":
            raw[each.key] = [blank_row(each, occasion) for _ in range(each.settings["min_rows"])]
    return raw


def prefilled_share(reading: Reading, prefilled: Mapping[str, Prefilled], path: str = "") -> tuple[int, int]:
    """How many of the fields shown were prefilled from a source, and how many were shown.

    A repeated group counts as one field."""
    filled = shown = 0
    for each in reading.shown():
        here = f"{path}{each.key}"
        if field_type(each.type).shows_only or each.type == "computed":
            continue
        if each.type == "group" and here not in prefilled:
            inner = prefilled_share(reading.groups[each.key], prefilled, f"{here}.")
            filled, shown = filled + inner[0], shown + inner[1]
            continue
        shown += 1
        filled += here in prefilled and prefilled[here].source is not None
    return filled, shown
