"""HTML form data and raw values: names such as ``goals-0-target``, rows added and taken away."""

from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from decimal import Decimal
from typing import Any

from engine.forms.model import Component, Form
from engine.forms.occasion import Occasion, Upload
from engine.forms.prefill import blank_row
from engine.forms.registry import field_type

GetList = Callable[[str], Sequence[str]]
GetFiles = Callable[[str], Sequence[Upload]]
ROWS = "_rows"
REMOVE_FILE = "_remove"


def parse_submission(form: Form, getlist: GetList, getfiles: GetFiles | None = None) -> dict[str, Any]:
    """Raw values from HTML form data. Only names the form knows are looked at, so anything else is simply
    not there.

    ``getlist(name)`` gives all values of a name (``request.form.getlist``), ``getfiles(name)`` its uploads
    that are not empty.
    """
    return _level(form.components, getlist, getfiles or (lambda name: ()), "")


def _level(
    components: Sequence[Component], getlist: GetList, getfiles: GetFiles, prefix: str
) -> dict[str, Any]:
    raw: dict[str, Any] = {}
    for each in components:
        name = f"{prefix}{each.key}"
        kind = field_type(each.type)
        if each.type == "group":
            raw[each.key] = _level(each.components, getlist, getfiles, f"{name}-")
        elif each.type == "repeated_group":
            count = _row_count(getlist(f"{name}-{ROWS}"), each.settings["max_rows"])
            raw[each.key] = [
                _level(each.components, getlist, getfiles, f"{name}-{at}-") for at in range(count)
            ]
        elif each.type == "computed" or kind.shows_only:
            continue
        elif kind.parts:
            parts = {
                part: value
                for part in kind.parts
                if (value := _part(name, part, getlist, getfiles)) is not None
            }
            if parts:
                raw[each.key] = parts
        elif kind.takes_files:
            raw[each.key] = _files(name, getlist, getfiles)
        elif kind.several:
            raw[each.key] = list(getlist(name))
        elif given := getlist(name):
            raw[each.key] = given[0]
    return raw


def _row_count(given: Sequence[str], most: int) -> int:
    count = given[0] if given else ""
    return min(int(count), most) if count.isascii() and count.isdigit() and len(count) < 6 else 0


def _part(name: str, part: str, getlist: GetList, getfiles: GetFiles) -> object:
    here = f"{name}-{part}"
    if part == "file":
        return _files(here, getlist, getfiles) or None
    given = getlist(here)
    return given[0] if given else None


def _files(name: str, getlist: GetList, getfiles: GetFiles) -> list[object]:
    """Ids of files kept before, without those ticked to be removed, and what was uploaded now."""
    removed = set(getlist(f"{name}-{REMOVE_FILE}"))
    kept: list[object] = [each for each in getlist(name) if each and each not in removed]
    return kept + list(getfiles(name))


def form_pairs(form: Form, raw: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Raw values as HTML form data, to carry a form along: :func:`parse_submission` undone."""
    pairs: list[tuple[str, str]] = []
    _pairs(form.components, raw, "", pairs)
    return pairs


def _pairs(
    components: Sequence[Component], raw: Mapping[str, Any], prefix: str, pairs: list[tuple[str, str]]
) -> None:
    for each in components:
        name, value = f"{prefix}{each.key}", raw.get(each.key)
        if value is None or each.type == "computed" or field_type(each.type).shows_only:
            continue
        if each.type == "group" and isinstance(value, Mapping):
            _pairs(each.components, value, f"{name}-", pairs)
        elif each.type == "repeated_group" and isinstance(value, list):
            pairs.append((f"{name}-{ROWS}", str(len(value))))
            for at, row in enumerate(value):
                _pairs(each.components, row if isinstance(row, Mapping) else {}, f"{name}-{at}-", pairs)
        elif isinstance(value, Mapping):
            for part in field_type(each.type).parts:
                _texts(f"{name}-{part}", value.get(part), pairs)
        else:
            _texts(name, value, pairs)


def _texts(name: str, value: object, pairs: list[tuple[str, str]]) -> None:
    for each in value if isinstance(value, list) else [value]:
        if isinstance(each, bool):
            pairs.append((name, "yes" if each else "no"))
        elif isinstance(each, str | int | float | Decimal):
            pairs.append((name, str(each)))


def apply_action(
    form: Form, raw: Mapping[str, Any], action: str, occasion: Occasion
) -> dict[str, Any] | None:
    """The raw values after ``add:goals`` or ``remove:goals:1`` (``plan-goals``, ``plan-0-steps`` for nested
    ones).

    None when the action is none of these or names no repeated group of the form; ``update`` changes nothing.
    """
    verb, _, rest = action.partition(":")
    name, _, index = rest.partition(":")
    changed = deepcopy(dict(raw))
    if verb == "update":
        return changed
    found = _rows_at(form.components, changed, name.split("-"))
    if verb not in ("add", "remove") or found is None:
        return None
    component, rows = found
    if verb == "add":
        if len(rows) < component.settings["max_rows"]:
            rows.append(blank_row(component, occasion))
        return changed
    if not (index.isascii() and index.isdigit() and len(index) < 6 and int(index) < len(rows)):
        return None
    del rows[int(index)]
    while len(rows) < component.settings["min_rows"]:
        rows.append(blank_row(component, occasion))
    return changed


def _rows_at(
    components: Sequence[Component], raw: dict[str, Any], steps: Sequence[str]
) -> tuple[Component, list[Any]] | None:
    """The repeated group a name leads to, and its rows in ``raw``, made where they are missing."""
    component = next((each for each in components if steps and each.key == steps[0]), None)
    if component is None:
        return None
    if component.type == "group":
        if not isinstance(raw.get(component.key), dict):
            raw[component.key] = {}
        return _rows_at(component.components, raw[component.key], steps[1:])
    if component.type != "repeated_group":
        return None
    if not isinstance(raw.get(component.key), list):
        raw[component.key] = []
    rows: list[Any] = raw[component.key]
    if len(steps) == 1:
        return component, rows
    at = steps[1]
    if not (
        at.isascii()
        and at.isdigit()
        and len(at) < 6
        and int(at) < len(rows)
        and isinstance(rows[int(at)], dict)
    ):
        return None
    return _rows_at(component.components, rows[int(at)], steps[2:])
