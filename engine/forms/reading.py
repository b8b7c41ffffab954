"""Which components a form shows and demands with what has been typed so far, and what each holds.

A condition may depend on any field, also on a computed one, and a hidden field counts as empty; so
conditions are evaluated in the form's order and again until nothing changes. A form whose conditions chase
each other stops after ``MAX_ROUNDS`` and stays as it then is.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from engine.forms.formulas import Formula
from engine.forms.model import Component
from engine.forms.occasion import Occasion
from engine.forms.registry import field_type
from engine.forms.types.base import Refused
from engine.forms.types.display import computed_value

MAX_ROUNDS = 8
MAX_CELLS = 10_000  # fields over all rows of a submission: rows in rows multiply


@dataclass
class Reading:
    """One level of a form (the form itself, a group, a row) with what was typed in it.

    ``values`` is what FEEL sees: None for what is hidden, empty or unreadable. ``scope`` adds what lies
    around it.
    """

    components: Sequence[Component]
    raw: Mapping[str, Any]
    parsed: dict[str, object] = field(default_factory=dict)
    visible: dict[str, bool] = field(default_factory=dict)
    values: dict[str, object] = field(default_factory=dict)
    groups: dict[str, "Reading"] = field(default_factory=dict)
    rows: dict[str, list["Reading"]] = field(default_factory=dict)
    scope: dict[str, object] = field(default_factory=dict)

    def shown(self) -> list[Component]:
        """The components that are visible now."""
        return [each for each in self.components if self.visible.get(each.key, True)]

    def is_required(self, component: Component, occasion: Occasion) -> bool:
        """Whether a visible component must be filled in."""
        if isinstance(component.required, Formula):
            return component.required.holds(self.scope, occasion.now)
        return component.required


def read(components: Sequence[Component], raw: Mapping[str, Any], occasion: Occasion) -> Reading:
    """Read a whole form; never raises for what was typed."""
    reading = _parse(components, raw, occasion, [MAX_CELLS])
    for _ in range(MAX_ROUNDS):
        if not _settle(reading, occasion.known, occasion):
            break
    return reading


def _parse(
    components: Sequence[Component], raw: Mapping[str, Any], occasion: Occasion, left: list[int]
) -> Reading:
    """A level as it was typed. ``left`` counts the fields that may still be read; further rows are not."""
    reading = Reading(components, raw)
    left[0] -= len(components)
    for each in components:
        given = raw.get(each.key)
        if each.type == "group":
            inner = given if isinstance(given, Mapping) else {}
            reading.groups[each.key] = _parse(each.components, inner, occasion, left)
        elif each.type == "repeated_group":
            rows = reading.rows[each.key] = []
            for row in (given if isinstance(given, list) else [])[: each.settings["max_rows"]]:
                if left[0] <= 0:
                    break
                rows.append(_parse(each.components, row if isinstance(row, Mapping) else {}, occasion, left))
        elif each.type != "computed" and not field_type(each.type).shows_only:
            reading.parsed[each.key] = parse(each, given, occasion)
        reading.values[each.key] = None
    return reading


def parse(component: Component, raw: object, occasion: Occasion) -> object:
    """The value of what was typed, None when it is blank or can't be read."""
    kind = field_type(component.type)
    if kind.is_blank(raw):
        return None
    try:
        return kind.parse(component, raw, occasion)
    except Refused:
        return None


def _settle(reading: Reading, around: Mapping[str, object], occasion: Occasion) -> bool:
    """One round over a level; whether anything changed."""
    changed = False
    reading.scope = {**around, **reading.values}
    for each in reading.components:
        key = each.key
        visible = all(when.holds(reading.scope, occasion.now) for when in each.visible_when)
        changed = changed or reading.visible.get(key) != visible
        reading.visible[key] = visible
        value: object = None
        if visible and key in reading.groups:
            inner = reading.groups[key]
            changed = _settle(inner, reading.scope, occasion) or changed
            value = dict(inner.values)
        elif visible and key in reading.rows:
            for row in reading.rows[key]:
                changed = _settle(row, reading.scope, occasion) or changed
            value = [dict(row.values) for row in reading.rows[key]]
        elif visible and each.type == "computed":
            given = each.settings["formula"].value(reading.scope, occasion.now)
            value = computed_value(given, each.settings["decimals"])
        elif visible:
            value = reading.parsed.get(key)
        if value != reading.values[key]:
            changed = True
            reading.values[key] = value
        reading.scope[key] = value
    return changed
