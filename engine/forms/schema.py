"""The marshmallow schema of a form: what checks a submission, and what the API describes itself with.

Messages are :class:`~engine.text.Text`, so that one answer serves both languages.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from marshmallow import EXCLUDE, RAISE, Schema, ValidationError, fields, missing

from engine.forms import words
from engine.forms.model import Component, Form
from engine.forms.occasion import Occasion
from engine.forms.reading import Reading, read
from engine.forms.registry import field_type
from engine.forms.types.base import Problem, Refused
from engine.forms.types.groups import row_name
from engine.text import Text

UNKNOWN = Text("表单里没有这一项", "the form has no such field")
SHAPE = Text("数据的格式不对", "the data has the wrong shape")
TOO_MUCH = Text("表单的内容太多", "the form holds too much")


class FormSchema(Schema):
    """What generated schemas stand on: unknown fields are refused. ``reading`` is the level being loaded."""

    # marshmallow puts whatever is here into its lists of messages
    error_messages = {"unknown": UNKNOWN, "type": SHAPE}  # type: ignore[dict-item]  # noqa: RUF012

    class Meta:
        unknown = RAISE

    reading: Reading


class FormField(fields.Field[Any]):
    """One field of a form, read and checked by its field type."""

    def __init__(self, component: Component, occasion: Occasion) -> None:
        self.kind = field_type(component.type)
        super().__init__(
            required=component.required is True and not component.visible_when,
            allow_none=True,
            data_key=component.key,
            attribute=component.key,
            metadata={**self.kind.json_schema, "title": component.label.zh},
        )
        self.component, self.occasion = component, occasion

    def deserialize(
        self, value: Any, attr: str | None = None, data: Mapping[str, Any] | None = None, **kwargs: Any
    ) -> Any:
        reading = _reading(self)
        # marshmallow tells missing, null and empty apart; people don't
        if value is missing or self.kind.is_blank(value):
            if reading.is_required(self.component, self.occasion):
                raise ValidationError({"": [words.ASKS[self.kind.asks](self.component.label)]})
            return None
        try:
            found = self.kind.parse(self.component, value, self.occasion)
        except Refused as refused:
            raise ValidationError(by_part(refused.problems)) from refused
        problems = self.kind.check(self.component, found, self.occasion, reading.scope)
        if problems:
            raise ValidationError(by_part(problems))
        return found


class GroupField(fields.Field[Any]):
    """A group: the schema of what is inside."""

    def __init__(self, component: Component, schemas: "Schemas") -> None:
        super().__init__(data_key=component.key, attribute=component.key, metadata={"type": "object"})
        self.component, self.schemas = component, schemas

    def deserialize(
        self, value: Any, attr: str | None = None, data: Mapping[str, Any] | None = None, **kwargs: Any
    ) -> Any:
        inner = _reading(self).groups[self.component.key]
        return self.schemas.load(inner, {} if value is missing or value is None else value)


class RowsField(fields.Field[Any]):
    """A repeated group: every row by the schema of what shows in it, since conditions may differ by row."""

    def __init__(self, component: Component, schemas: "Schemas") -> None:
        super().__init__(data_key=component.key, attribute=component.key, metadata={"type": "array"})
        self.component, self.schemas = component, schemas

    def deserialize(
        self, value: Any, attr: str | None = None, data: Mapping[str, Any] | None = None, **kwargs: Any
    ) -> Any:
        rows = [] if value is missing or value is None else value
        if not isinstance(rows, list):
            raise ValidationError({"": [SHAPE]})
        reading, key = _reading(self), self.component.key
        label, settings = self.component.label, self.component.settings
        if len(rows) > settings["max_rows"]:
            most = settings["max_rows"]
            text = Text(f"{label.zh}最多 {most} 行", f"{label.en}: at most {most} rows")
            raise ValidationError({"": [text]})
        readings = reading.rows[key]
        if len(rows) > len(readings):
            raise ValidationError({"": [TOO_MUCH]})
        errors: dict[Any, Any] = {}
        must = reading.is_required(self.component, self.schemas.occasion)
        least = max(settings["min_rows"], 1 if must else 0)
        if len(rows) < least:
            text = Text(f"{label.zh}至少填 {least} 行", f"{label.en}: fill in at least {least} row(s)")
            errors[""] = [text]
        loaded: list[Any] = []
        for at, (inner, row) in enumerate(zip(readings, rows, strict=False)):
            try:
                loaded.append(self.schemas.load(inner, row if row is not None else {}))
            except ValidationError as error:
                errors[str(at)] = _in_row(error.messages, row_name(self.component, at))
        if errors:
            raise ValidationError(errors)
        return loaded


def _reading(field: fields.Field[Any]) -> Reading:
    schema = field.parent
    assert isinstance(schema, FormSchema)  # noqa: S101 (marshmallow binds a field to the schema it is in)
    return schema.reading


class Schemas:
    """The schemas of a form's levels, one for each set of components that shows: rows share them."""

    def __init__(self, occasion: Occasion, unknown: str = RAISE) -> None:
        self.occasion = occasion
        self.unknown: Literal["exclude", "raise"] = "exclude" if unknown == EXCLUDE else "raise"
        self._made: dict[tuple[int, tuple[str, ...]], FormSchema] = {}

    def load(self, reading: Reading, data: Any) -> Any:
        """The typed values of a level. Raises ``ValidationError``."""
        schema = self.of(reading)
        schema.reading = reading
        return schema.load(data)

    def of(self, reading: Reading) -> FormSchema:
        """The schema of a level as it shows now."""
        shown = reading.shown()
        key = (id(reading.components), tuple(each.key for each in shown))
        if key not in self._made:
            made = FormSchema.from_dict(self.fields(shown), name="SubmittedForm")
            schema = made(unknown=self.unknown)
            assert isinstance(schema, FormSchema)  # noqa: S101 (it is made from it)
            self._made[key] = schema
        return self._made[key]

    def fields(self, components: Sequence[Component]) -> dict[str, Any]:
        """marshmallow's fields for components."""
        found: dict[str, Any] = {}
        for each in components:
            if each.type == "computed" or field_type(each.type).shows_only:
                continue
            # a key may be any word, also one that Schema uses itself
            name = f"field_{each.key}"
            if each.type == "group":
                found[name] = GroupField(each, self)
            elif each.type == "repeated_group":
                found[name] = RowsField(each, self)
            else:
                found[name] = FormField(each, self.occasion)
        return found


class WholeForm(FormSchema):
    """A form's schema to be loaded with whatever was sent: it finds out itself what shows."""

    form: Form
    schemas: Schemas

    def load(self, data: Any, **kwargs: Any) -> Any:
        raw = data if isinstance(data, Mapping) else {}
        reading = read(self.form.components, raw, self.schemas.occasion)
        return self.schemas.load(reading, data)


def marshmallow_schema(form: Form, occasion: Occasion, *, unknown: str = RAISE) -> Schema:
    """The schema of a form. Its fields are all the form has, for an API description; loading takes only what
    shows with what was sent, and demands what is then required.

    ``load`` gives typed values, or raises ``ValidationError`` whose messages nest as the form does, each
    leaf a list of :class:`Text`.
    """
    schemas = Schemas(occasion, unknown)
    whole = WholeForm.from_dict(schemas.fields(form.components), name="SubmittedForm")()
    assert isinstance(whole, WholeForm)  # noqa: S101 (it is made from it)
    whole.form, whole.schemas = form, schemas
    return whole


def by_part(problems: Sequence[Problem]) -> dict[str, list[Text]]:
    """Problems by the part of the field they are about."""
    found: dict[str, list[Text]] = {}
    for part, text in problems:
        found.setdefault(part, []).append(text)
    return found


def _in_row(messages: Any, name: Text) -> Any:
    """The sentences of a row, each saying which row it means."""
    if isinstance(messages, Text):
        return words.part_of(name, messages)
    if isinstance(messages, dict):
        return {key: _in_row(each, name) for key, each in messages.items()}
    if isinstance(messages, list):
        return [_in_row(each, name) for each in messages]
    return messages


def flatten(messages: Any, path: str = "") -> dict[str, list[Text]]:
    """marshmallow's nested messages by path: ``goals.0.target``; a field's own under its path, the form's
    under ``""``."""
    if isinstance(messages, list):
        return {path: [each if isinstance(each, Text) else Text(str(each), str(each)) for each in messages]}
    found: dict[str, list[Text]] = {}
    for key, each in messages.items():
        step = "" if key in ("", "_schema") else str(key)[:64]
        inner = ".".join(part for part in (path, step) if part)
        for where, texts in flatten(each, inner).items():
            found.setdefault(where, []).extend(texts)
    return found
