"""Which inputs each field type is asked with. A plugin's field type gets a text input unless it registers
its own."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from engine.forms import Option
from engine.forms.types.choices import MAX_RADIOS, NO, YES
from engine.forms.types.files import MEDIA_TYPES
from engine.forms.types.groups import row_name
from engine.text import Text
from web.forms.spot import Spot, text_of
from web.forms.views import Control


@dataclass(frozen=True)
class Shape:
    """A field's inputs, and whether they stand under one label (``single``) or in a set with a legend
    (``set``)."""

    layout: str
    controls: tuple[Control, ...]


Widget = Callable[[Spot], Shape]

_WIDGETS: dict[str, Widget] = {}


def register_widget(type_name: str, widget: Widget) -> None:
    """Say how a field type is asked. Raises ``ValueError`` when it has been said already."""
    if type_name in _WIDGETS:
        raise ValueError(f"there is already a widget for {type_name!r}")
    _WIDGETS[type_name] = widget


def unregister_widget(type_name: str) -> None:
    """Take it back: for a plugin that is switched off."""
    _WIDGETS.pop(type_name, None)


def widget_for(type_name: str) -> Widget:
    """How a field type is asked; a line of text where nobody said."""
    return _WIDGETS.get(type_name, line)


def single(
    spot: Spot, control_kind: str = "input", width: str = "", unit: str = "", **attributes: str
) -> Shape:
    """One input under the field's label."""
    errors = spot.errors()
    control = Control(
        kind=control_kind,
        id=spot.id,
        name=spot.name,
        value=text_of(spot.raw),
        errors=errors,
        required=spot.required,
        updates=spot.updates,
        described_by=described_by(spot, errors),
        unit=unit,
        width=width,
        attributes={"autocomplete": spot.component.autocomplete, **_dashed(attributes)},
    )
    return Shape("single", (control,))


def described_by(spot: Spot, errors: Sequence[str]) -> str:
    """The ids of what explains a field: its hint, its source, its errors."""
    found = [f"{spot.id}-hint"] if spot.component.hint else []
    if is_prefilled(spot):
        found.append(f"{spot.id}-source")
    if errors:
        found.append(f"{spot.id}-error")
    return " ".join(found)


def is_prefilled(spot: Spot) -> bool:
    """Whether the field still holds what was known before, from a source."""
    known = spot.filling.prefilled.get(spot.path)
    if known is None or known.source is None:
        return False
    if spot.component.key in spot.reading.rows:
        return bool(spot.reading.rows[spot.component.key])
    return spot.reading.parsed.get(spot.component.key) == known.value


def part(spot: Spot, part_name: str, label: Text, control_kind: str = "input", **more: Any) -> Control:
    """One input of a field of several."""
    control_id = f"{spot.id}-{part_name}"
    errors = spot.errors(part_name, control_id)
    attributes = {"autocomplete": "off", **_dashed(more.pop("attributes", {}))}
    return Control(
        kind=control_kind,
        id=control_id,
        name=f"{spot.name}-{part_name}",
        label=_capital(spot.say(label)),
        value=more.pop("value", text_of(spot.part(part_name))),
        errors=errors,
        updates=more.pop("updates", spot.updates),
        described_by=f"{control_id}-error" if errors else "",
        attributes=attributes,
        **more,
    )


def _capital(label: str) -> str:
    return label[:1].upper() + label[1:]


def _dashed(attributes: Mapping[str, str]) -> dict[str, str]:
    return {key.replace("_", "-"): value for key, value in attributes.items()}


def line(spot: Spot) -> Shape:
    most = spot.component.settings.get("max_length")
    more = {"maxlength": str(most)} if most else {}
    return single(spot, width="long" if not most or most > 40 else "medium", type="text", **more)


def long_text(spot: Spot) -> Shape:
    settings = spot.component.settings
    return single(
        spot, "textarea", "long", rows=str(settings["lines"]), maxlength=str(settings["max_length"])
    )


def number(spot: Spot) -> Shape:
    settings = spot.component.settings
    mode = "numeric" if settings["decimals"] == 0 and not _below_zero(settings["min"]) else "decimal"
    return single(spot, width="short", unit=spot.say(settings["unit"]), type="text", inputmode=mode)


def _below_zero(low: object) -> bool:
    # a telephone's numeric keys have no minus sign
    return not isinstance(low, Decimal) or low < 0


def score(spot: Spot) -> Shape:
    settings = spot.component.settings
    anchors: Mapping[str, Text] = settings["anchors"]
    steps = [
        Option(str(step), Text(str(step), str(step)), anchors.get(str(step)))
        for step in range(int(settings["min"]), int(settings["max"]) + 1)
    ]
    return radios(spot, steps, width="scale")


_ISO = {
    "date": re.compile(r"\d{4}-\d\d-\d\d"),
    "time": re.compile(r"\d\d:\d\d(:\d\d)?"),
    "datetime-local": re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?"),
}


def moment(input_type: str) -> Widget:
    """A date or time. What the browser's own picker could not show is left as text, so that it is not
    lost."""

    def widget(spot: Spot) -> Shape:
        return single(spot, width="date", type=moment_type(input_type, text_of(spot.raw)))

    return widget


def moment_type(input_type: str, value: str) -> str:
    return input_type if not value or _ISO[input_type].fullmatch(value) else "text"


def radios(spot: Spot, offered: Sequence[Option], width: str = "") -> Shape:
    """One of a few answers, all in sight."""
    first = f"f-{spot.name}"
    control = Control(
        kind="radios",
        id=first,
        name=spot.name,
        errors=spot.errors("", first),
        required=spot.required,
        updates=spot.updates,
        options=spot.option_views(offered, {text_of(spot.raw)}, spot.name),
        width=width,
    )
    return Shape("set", (control,))


def yes_no(spot: Spot) -> Shape:
    return radios(spot, [Option("yes", YES), Option("no", NO)], width="row")


def choice(spot: Spot) -> Shape:
    offered = spot.filling.occasion.options(spot.component)
    appearance = spot.component.settings["appearance"]
    if appearance == "radios" or (appearance == "auto" and 0 < len(offered) <= MAX_RADIOS):
        return radios(spot, offered)
    shape = single(spot, "select")
    control = shape.controls[0]
    options = spot.option_views(offered, {control.value}, f"{spot.name}-option")
    return Shape("single", (replace(control, options=options),))


def several_choices(spot: Spot) -> Shape:
    raw = spot.raw if isinstance(spot.raw, list) else [spot.raw]
    first = f"f-{spot.name}"
    chosen = {text_of(each) for each in raw}
    control = Control(
        kind="checkboxes",
        id=first,
        name=spot.name,
        errors=spot.errors("", first),
        updates=spot.updates,
        options=spot.option_views(spot.filling.occasion.options(spot.component), chosen, spot.name),
    )
    return Shape("set", (control,))


def uscc(spot: Spot) -> Shape:
    return single(
        spot, width="medium", type="text", maxlength="24", spellcheck="false", autocapitalize="characters"
    )


def bank_card(spot: Spot) -> Shape:
    return single(spot, width="medium", type="text", inputmode="numeric", maxlength="30", spellcheck="false")


def files(spot: Spot) -> Shape:
    """Files kept before, and an input for more. Its id changes with their number: a page that is renewed
    around it must not send the same file again."""
    settings = spot.component.settings
    kept = spot.kept_files(spot.raw)
    control_id = f"{spot.id}-{len(kept)}" if kept else spot.id
    attributes = {"accept": accepted(settings["accept"])}
    if spot.component.type == "photo":
        # a phone offers camera and gallery; "capture" would take the gallery away
        attributes["accept"] = "image/*"
    if settings["max_files"] > 1:
        attributes["multiple"] = "multiple"
    errors = spot.errors("", control_id)
    control = Control(
        kind="file",
        id=control_id,
        name=spot.name,
        errors=errors,
        required=spot.required,
        updates=spot.updates,
        described_by=described_by(spot, errors),
        kept=kept,
        kept_name=spot.name,
        attributes=attributes,
    )
    return Shape("single", (control,))


def accepted(extensions: Sequence[str]) -> str:
    """The ``accept`` attribute for some kinds of file."""
    return ",".join(f".{each},{MEDIA_TYPES[each]}" for each in extensions)


def row_title(spot: Spot, index: int) -> str:
    """What a row of a repeated group is called."""
    return spot.say(row_name(spot.component, index))


for _name, _widget in {
    "text": line,
    "long_text": long_text,
    "number": number,
    "money": number,
    "hours": number,
    "score": score,
    "date": moment("date"),
    "time": moment("time"),
    "datetime": moment("datetime-local"),
    "yes_no": yes_no,
    "choice": choice,
    "organisation": choice,
    "user": choice,
    "several_choices": several_choices,
    "uscc": uscc,
    "bank_card": bank_card,
    "file": files,
    "photo": files,
}.items():
    register_widget(_name, _widget)
