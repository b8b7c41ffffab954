"""Puts uploads into the document store as soon as they arrive, so that showing a form again loses none."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from engine.forms.model import Component, Form
from engine.forms.occasion import Occasion
from engine.forms.reading import MAX_CELLS
from engine.forms.registry import field_type
from engine.forms.types.base import Problem
from engine.forms.types.groups import row_name
from engine.text import Text


class TakesFiles(Protocol):
    """What a field type with ``takes_files`` has."""

    def keep_uploads(
        self, component: Component, raw: object, occasion: Occasion
    ) -> tuple[object, list[Problem]]:
        """Raw with uploads replaced by ids, and what was wrong with those refused."""
        ...


def keep_uploads(
    form: Form, raw: Mapping[str, Any], occasion: Occasion
) -> tuple[dict[str, Any], dict[str, list[Text]]]:
    """Raw values without uploads, and errors by path for those refused."""
    errors: dict[str, list[Text]] = {}
    return _level(form.components, raw, occasion, errors, "", None, [MAX_CELLS]), errors


def _level(
    components: Sequence[Component],
    raw: Mapping[str, Any],
    occasion: Occasion,
    errors: dict[str, list[Text]],
    path: str,
    row: Text | None,
    left: list[int],
) -> dict[str, Any]:
    left[0] -= len(components)
    settled = dict(raw)
    for each in components:
        value, here = settled.get(each.key), f"{path}{each.key}"
        if value is None:
            continue
        if each.type == "group" and isinstance(value, Mapping):
            settled[each.key] = _level(each.components, value, occasion, errors, f"{here}.", row, left)
        elif each.type == "repeated_group" and isinstance(value, list):
            settled[each.key] = [
                _level(each.components, inner, occasion, errors, f"{here}.{at}.", row_name(each, at), left)
                if isinstance(inner, Mapping) and at < each.settings["max_rows"] and left[0] > 0
                else inner
                for at, inner in enumerate(value)
            ]
        elif field_type(each.type).takes_files:
            kind: Any = field_type(each.type)
            settled[each.key], problems = kind.keep_uploads(each, value, occasion)
            for part, text in problems:
                where = f"{here}.{part}" if part else here
                said = text if row is None else Text(f"{row.zh}：{text.zh}", f"{row.en}: {text.en}")
                errors.setdefault(where, []).append(said)
    return settled
