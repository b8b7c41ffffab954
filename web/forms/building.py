"""Makes the view of a form out of its definition, what was typed, and what was wrong with it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from engine.forms import Component, Form, Occasion, Prefilled
from engine.forms.reading import Reading, read
from engine.forms.registry import field_type
from engine.forms.types.display import MAX_TABLE_ROWS, show_value
from engine.text import Text
from web.forms.spot import FileLink, Filling, Spot
from web.forms.views import (
    ConsentTerms,
    Control,
    FieldView,
    FormView,
    Mistake,
    RowView,
    SectionView,
)
from web.forms.widgets import described_by, is_prefilled, row_title, widget_for

BODY = "form-fields"


def form_view(
    form: Form,
    raw: Mapping[str, Any],
    occasion: Occasion,
    *,
    locale: str,
    errors: Mapping[str, list[Text]] | None = None,
    prefilled: Mapping[str, Prefilled] | None = None,
    action: str = "",
    row_button: str = "_row",
    default_button: tuple[str, str] | None = ("_do", "check"),
    file_link: FileLink | None = None,
    focus: str = "",
    section: str = "",
) -> FormView:
    """The view of a form.

    ``errors`` are those of :class:`~engine.forms.Validated`. ``action`` is where a change is sent to when
    it may show or hide something (empty: never, the page's own button does it). ``row_button`` is the name
    of the buttons for rows, ``default_button`` what pressing Enter means. ``focus`` is the path of a row
    that was just added. ``section`` shows one topic only.
    """
    reading = read(form.components, raw, occasion)
    filling = Filling(
        occasion, locale, errors or {}, prefilled or {}, form.watched(), file_link=file_link, focus=focus
    )
    sections: list[SectionView] = []
    for each in form.sections:
        if section and each.key != section:
            continue
        fields = _fields(each.components, reading, filling, "", ())
        if fields:
            hint = each.hint.to(locale) if each.hint else ""
            sections.append(SectionView(f"section-{each.key}", each.title.to(locale), hint, fields))
    everything = [field for each in sections for field in each.fields]
    return FormView(
        key=form.key,
        title=form.title.to(locale),
        hint=form.hint.to(locale) if form.hint else "",
        sections=tuple(sections),
        mistakes=_mistakes(filling),
        action=action,
        updates=any(_updates(field) for field in everything),
        has_required=any(_requires(field) for field in everything),
        row_button=row_button,
        default_button=default_button,
        asked=tuple(path for field in everything for path in _asked(field)),
    )


def _fields(
    components: Sequence[Component], reading: Reading, filling: Filling, path: str, above: tuple[str, ...]
) -> tuple[FieldView, ...]:
    found: list[FieldView] = []
    for each in components:
        if not reading.visible.get(each.key, True):
            continue
        spot = Spot(each, reading, filling, f"{path}{each.key}", above)
        view = _field(spot)
        if view is not None:
            found.append(view)
    return tuple(found)


def _field(spot: Spot) -> FieldView | None:
    component = spot.component
    if component.type == "group":
        return _group(spot)
    if component.type == "repeated_group":
        return _rows(spot)
    if component.type == "table":
        return _table(spot)
    if component.type == "text_block":
        return _text(spot)
    if component.type == "computed":
        return _computed(spot) if component.settings["show"] else None
    shape = widget_for(component.type)(spot)
    controls = shape.controls
    if len(controls) == 1 and not controls[0].label:
        errors = controls[0].errors
    else:
        errors = spot.errors("", controls[0].id)
    return replace(
        _named(spot, shape.layout),
        errors=errors,
        required=spot.required,
        described_by=described_by(spot, errors),
        controls=controls,
        terms=_terms(spot) if component.type == "consent" else None,
    )


def _named(spot: Spot, layout: str) -> FieldView:
    """What every field has."""
    component = spot.component
    known = spot.filling.prefilled.get(spot.path)
    source = spot.say(known.source) if known is not None and is_prefilled(spot) else ""
    return FieldView(
        layout=layout,
        id=spot.id,
        path=spot.path,
        label=spot.say(component.label),
        hint=spot.say(component.hint),
        source=source,
    )


def _group(spot: Spot) -> FieldView | None:
    inner = spot.reading.groups[spot.component.key]
    above = (*spot.above, spot.component.key)
    fields = _fields(spot.component.components, inner, spot.filling, f"{spot.path}.", above)
    errors = spot.errors()
    view = replace(
        _named(spot, "group"), errors=errors, described_by=described_by(spot, errors), fields=fields
    )
    return view if fields else None


def _rows(spot: Spot) -> FieldView:
    component, readings = spot.component, spot.reading.rows[spot.component.key]
    above = (*spot.above, component.key)
    rows: list[RowView] = []
    for at, inner in enumerate(readings):
        path = f"{spot.path}.{at}"
        fields = _fields(component.components, inner, spot.filling, f"{path}.", above)
        if path == spot.filling.focus:
            fields = _focused(fields)
        removable = len(readings) > component.settings["min_rows"]
        remove = f"remove:{spot.name}:{at}" if removable else ""
        rows.append(RowView(f"{spot.id}-{at}", row_title(spot, at), fields, remove))
    more = len(readings) < component.settings["max_rows"]
    errors = spot.errors("", f"{spot.id}-add" if more else spot.id)
    return replace(
        _named(spot, "rows"),
        errors=errors,
        required=spot.required or component.settings["min_rows"] > 0,
        described_by=described_by(spot, errors),
        rows=tuple(rows),
        rows_name=f"{spot.name}-_rows",
        add_action=f"add:{spot.name}" if more else "",
        add_label=spot.say(component.settings["add_label"]),
    )


def _focused(fields: tuple[FieldView, ...]) -> tuple[FieldView, ...]:
    """The fields of a new row, the first input of which the keyboard goes on in."""
    if not fields or not fields[0].controls:
        return fields
    first, *others = fields[0].controls
    marked: Control = replace(first, attributes={**first.attributes, "autofocus": "autofocus"})
    return (replace(fields[0], controls=(marked, *others)), *fields[1:])


def _table(spot: Spot) -> FieldView:
    settings, filling = spot.component.settings, spot.filling
    given = settings["rows"].value(spot.reading.scope, filling.occasion.now)
    rows = [row for row in given if isinstance(row, Mapping)] if isinstance(given, list) else []
    return replace(
        _named(spot, "table"),
        columns=tuple(spot.say(label) for _, label in settings["columns"]),
        cells=tuple(
            tuple(show_value(row.get(key), filling.locale) for key, _ in settings["columns"])
            for row in rows[:MAX_TABLE_ROWS]
        ),
    )


def _text(spot: Spot) -> FieldView:
    settings = spot.component.settings
    return replace(
        _named(spot, "text"), paragraphs=paragraphs(spot.say(settings["text"])), tone=settings["tone"]
    )


def _computed(spot: Spot) -> FieldView:
    value = spot.reading.values[spot.component.key]
    kind = field_type(spot.component.type)
    shown = (
        ""
        if value is None
        else kind.display(spot.component, value, spot.filling.locale, spot.filling.occasion)
    )
    return replace(_named(spot, "computed"), text=shown)


def _terms(spot: Spot) -> ConsentTerms:
    settings = spot.component.settings
    return ConsentTerms(
        paragraphs=paragraphs(spot.say(settings["text"])),
        purposes=tuple(spot.say(each) for each in settings["purposes"]),
        items=tuple(spot.say(each) for each in settings["items"]),
        sensitive_items=tuple(spot.say(each) for each in settings["sensitive_items"]),
        retention=spot.say(settings["retention"]),
        version=settings["version"],
        withdrawable=settings["withdrawable"],
    )


def paragraphs(text: str) -> tuple[str, ...]:
    """Text parted at blank lines."""
    return tuple(part.strip() for part in text.split("\n\n") if part.strip())


def _mistakes(filling: Filling) -> tuple[Mistake, ...]:
    """The summary: every sentence once, in order, each leading to its input."""
    found = [
        Mistake(text.to(filling.locale), filling.placed.get(path, ""))
        for path, texts in filling.errors.items()
        for text in texts
    ]
    return tuple(dict.fromkeys(found))


def _asked(field: FieldView) -> tuple[str, ...]:
    return (field.path, *(path for inner in field.fields for path in _asked(inner)))


def _updates(field: FieldView) -> bool:
    inner = [*field.fields, *(each for row in field.rows for each in row.fields)]
    return any(control.updates for control in field.controls) or any(_updates(each) for each in inner)


def _requires(field: FieldView) -> bool:
    inner = [*field.fields, *(each for row in field.rows for each in row.fields)]
    return field.required or any(_requires(each) for each in inner)
