"""Checks what was typed into a form and says what follows from it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from marshmallow import ValidationError

from engine.forms.model import Component, Form, NamedOptions, OptionSource, Sensitivity
from engine.forms.occasion import FileSource, NoFiles, Occasion
from engine.forms.reading import Reading, read
from engine.forms.registry import field_type
from engine.forms.schema import Schemas, flatten
from engine.forms.types.groups import row_name
from engine.forms.uploads import keep_uploads
from engine.text import Text

MAX_ERRORS = 200


@dataclass(frozen=True)
class Validated:
    """What came of a submission. Anything but ``raw``, ``errors`` and ``reading`` is empty while there are
    errors.

    * ``values``: typed, nested as the form; hidden fields are not there, empty ones are None;
    * ``errors``: path (``goals.0.target``, ``address.street``, ``""`` for the form) → sentences, in the
      form's order;
    * ``variables``: what the process gets;
    * ``sensitive``: the personal and sensitive part of ``values``, to be encrypted; ``open`` is the rest;
    * ``bound``: path of a record (``client.mobile``) → value to write back;
    * ``raw``: JSON-safe, with uploads replaced by ids: for a draft, or to show the form again.
    """

    raw: dict[str, Any]
    reading: Reading
    locale: str
    errors: dict[str, list[Text]] = field(default_factory=dict)
    values: dict[str, object] = field(default_factory=dict)
    variables: dict[str, object] = field(default_factory=dict)
    sensitive: dict[str, object] = field(default_factory=dict)
    open: dict[str, object] = field(default_factory=dict)
    bound: dict[str, object] = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        """Whether the form may be taken as it is."""
        return not self.errors

    @property
    def messages(self) -> dict[str, list[str]]:
        """The errors in the language asked for."""
        return {path: [text.to(self.locale) for text in texts] for path, texts in self.errors.items()}


def validate(
    form: Form,
    raw: Mapping[str, Any],
    *,
    context: Mapping[str, object] | None = None,
    now: datetime,
    locale: str = "zh_Hans_CN",
    options: OptionSource | None = None,
    files: FileSource | None = None,
) -> Validated:
    """Check a submission. ``context`` is what FEEL sees beside the form's fields (``variables``, ``case``,
    …).

    Uploads that are fine are kept at once, even when another field is wrong. Raises nothing for what was
    typed.
    """
    occasion = Occasion(now, context or {}, options or NamedOptions(), files or NoFiles())
    settled, errors = keep_uploads(form, raw, occasion)
    reading = read(form.components, settled, occasion)
    shown = dict(settled)
    _drop_hidden(reading, settled)
    loaded: Mapping[str, Any] = {}
    try:
        loaded = Schemas(occasion).load(reading, settled)
    except ValidationError as error:
        for path, texts in flatten(error.messages).items():
            # a refused upload leaves its field empty: "upload it" beside "it is too large" would only confuse
            errors.setdefault(path, texts)
    _check_rules(reading, occasion, errors, "", None)
    for check in form.checks:
        if not check.rule.holds(reading.scope, now) and not _shows_error(errors, check.at or ""):
            errors.setdefault(check.at or "", []).append(check.message)
    if errors:
        ordered = dict(list(_in_order(form, errors).items())[:MAX_ERRORS])
        return Validated(shown, reading, locale, ordered)
    values = _complete(reading, loaded)
    bound: dict[str, object] = {}
    _collect_bound(form.components, values, bound)
    hidden, plain = split(form.components, values)
    variables = _variables(form.components, values)
    return Validated(shown, reading, locale, {}, values, variables, hidden, plain, bound)


def _drop_hidden(reading: Reading, raw: dict[str, Any]) -> None:
    """Take out of a level what is hidden, computed or only shown: it may be sent along, and is not wanted."""
    for each in reading.components:
        key = each.key
        if not reading.visible[key] or each.type == "computed" or field_type(each.type).shows_only:
            raw.pop(key, None)
        elif key in reading.groups and isinstance(raw.get(key), Mapping):
            raw[key] = dict(raw[key])
            _drop_hidden(reading.groups[key], raw[key])
        elif key in reading.rows and isinstance(raw.get(key), list):
            rows = [dict(row) if isinstance(row, Mapping) else row for row in raw[key]]
            for inner, row in zip(reading.rows[key], rows, strict=False):
                if isinstance(row, dict):
                    _drop_hidden(inner, row)
            raw[key] = rows


def _shows_error(errors: Mapping[str, object], path: str) -> bool:
    """Whether a field already has something wrong, itself or inside."""
    return bool(path) and any(each == path or each.startswith(f"{path}.") for each in errors)


def _check_rules(
    reading: Reading, occasion: Occasion, errors: dict[str, list[Text]], path: str, row: Text | None
) -> None:
    """The rules at fields that hold something and are fine so far."""
    for each in reading.shown():
        here = f"{path}{each.key}"
        if each.key in reading.groups:
            _check_rules(reading.groups[each.key], occasion, errors, f"{here}.", row)
        for at, inner in enumerate(reading.rows.get(each.key, ())):
            _check_rules(inner, occasion, errors, f"{here}.{at}.", row_name(each, at))
        if reading.values[each.key] is None or _shows_error(errors, here):
            continue
        for check in each.checks:
            if not check.rule.holds(reading.scope, occasion.now):
                zh, en = check.message
                text = check.message if row is None else Text(f"{row.zh}：{zh}", f"{row.en}: {en}")
                errors.setdefault(here, []).append(text)


def _in_order(form: Form, errors: Mapping[str, list[Text]]) -> dict[str, list[Text]]:
    """Errors as one meets them going down the page; those of the form itself last."""
    places = {path: at for at, (path, _) in enumerate(form.fields())}

    def place(path: str) -> tuple[float, ...]:
        order: list[float] = []
        walked = ""
        for step in path.split("."):
            if step.isdigit():
                order.append(int(step))
                continue
            walked = f"{walked}.{step}" if walked else step
            order.append(places.get(walked, float("inf") if not order else -1))
        return tuple(order)

    return dict(sorted(errors.items(), key=lambda item: place(item[0])))


def _complete(reading: Reading, loaded: Mapping[str, Any]) -> dict[str, object]:
    """The loaded values and the computed ones, in the form's order."""
    values: dict[str, object] = {}
    for each in reading.shown():
        key = each.key
        if key in reading.groups:
            values[key] = _complete(reading.groups[key], loaded.get(key) or {})
        elif key in reading.rows:
            rows = loaded.get(key) or []
            values[key] = [_complete(*pair) for pair in zip(reading.rows[key], rows, strict=False)]
        elif each.type == "computed":
            values[key] = reading.values[key]
        elif not field_type(each.type).shows_only:
            values[key] = loaded.get(key)
    return values


def _collect_bound(
    components: tuple[Component, ...], values: Mapping[str, object], bound: dict[str, object]
) -> None:
    for each in components:
        value = values.get(each.key)
        if each.binds and each.key in values:
            bound[each.binds] = value
        if each.type == "group" and isinstance(value, Mapping):
            _collect_bound(each.components, value, bound)


def _variables(components: tuple[Component, ...], values: Mapping[str, object]) -> dict[str, object]:
    """What the process gets: hidden fields as null, so that a second round overwrites the first one's
    answer."""
    found: dict[str, object] = {}
    for each in components:
        if each.variable is None or field_type(each.type).shows_only:
            continue
        value = values.get(each.key)
        if each.type == "group" and isinstance(value, Mapping):
            value = _variables(each.components, value)
        elif each.type == "repeated_group" and isinstance(value, list):
            value = [_variables(each.components, row) for row in value]
        if each.components and not any(inner.variable for inner in each.components):
            continue
        found[each.variable] = value
    return found


def split(
    components: tuple[Component, ...], values: Mapping[str, object]
) -> tuple[dict[str, object], dict[str, object]]:
    """``values`` as two of the same shape: what is to be encrypted, and the rest. :func:`join` undoes it."""
    hidden: dict[str, object] = {}
    plain: dict[str, object] = {}
    for each in components:
        if each.key not in values:
            continue
        value = values[each.key]
        if each.sensitivity is not Sensitivity.PUBLIC:
            hidden[each.key] = value
        elif each.type == "group" and isinstance(value, Mapping):
            inner, plain[each.key] = split(each.components, value)
            if inner:
                hidden[each.key] = inner
        elif each.type == "repeated_group" and isinstance(value, list):
            rows = [split(each.components, row) for row in value]
            plain[each.key] = [row[1] for row in rows]
            if any(row[0] for row in rows):
                hidden[each.key] = [row[0] for row in rows]
        else:
            plain[each.key] = value
    return hidden, plain


def join(plain: Any, hidden: Any) -> Any:
    """Put together again what :func:`split` took apart."""
    if isinstance(plain, Mapping) and isinstance(hidden, Mapping):
        keys = dict.fromkeys((*plain, *hidden))
        return {
            key: join(plain[key], hidden[key])
            if key in plain and key in hidden
            else plain.get(key, hidden.get(key))
            for key in keys
        }
    if isinstance(plain, list) and isinstance(hidden, list):
        return [join(*pair) for pair in zip(plain, hidden, strict=False)]
    return hidden
