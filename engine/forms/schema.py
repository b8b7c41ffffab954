"""The marshmallow schema of a form: what checks a submission, and what the API describes itself with.

Messages are :class:`~engine.text.Text`, so that one answer serves both languages.
"""

from collections.abc import Mapping, Sequence
from typing import Any

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


class FormSchema(Schema):
    """What generated schemas stand on: unknown fields are refused."""

    # marshmallow puts whatever is here into its lists of messages
    error_messages = {"unknown": UNKNOWN, "type": SHAPE}  # type: ignore[dict-item]  # noqa: RUF012

    class Meta:
        unknown = RAISE


class FormField(fields.Field[Any]):
    """One field of a form, read and checked by its field type."""

    def __init__(self, component: Component, reading: Reading, occasion: Occasion) -> None:
        self.kind = field_type(component.type)
        super().__init__(
            required=component.required is True and not component.visible_when,
            allow_none=True,
            data_key=component.key,
            attribute=component.key,
            metadata={**self.kind.json_schema, "title": component.label.zh},
        )
        self.component, self.reading, self.occasion = component, reading, occasion

    def deserialize(
        self, value: Any, attr: str | None = None, data: Mapping[str, Any] | None = None, **kwargs: Any
    ) -> Any:
        # marshmallow tells missing, null and empty apart; people don't
        if value is missing or self.kind.is_blank(value):
            if self.reading.is_required(self.component, self.occasion):
                raise ValidationError({"": [words.ASKS[self.kind.asks](self.component.label)]})
            return None
        try:
            found = self.kind.parse(self.component, value, self.occasion)
        except Refused as refused:
            raise ValidationError(by_part(refused.problems)) from refused
        problems = self.kind.check(self.component, found, self.occasion, self.reading.scope)
        if problems:
            raise ValidationError(by_part(problems))
        return found


class GroupField(fields.Field[Any]):
    """A group: the schema of what is inside."""

    def __init__(self, component: Component, schema: Schema) -> None:
        super().__init__(data_key=component.key, attribute=component.key, metadata={"type": "object"})
        self.schema = schema

    def deserialize(
        self, value: Any, attr: str | None = None, data: Mapping[str, Any] | None = None, **kwargs: Any
    ) -> Any:
        return self.schema.load({} if value is missing or value is None else value)


class RowsField(fields.Field[Any]):
    """A repeated group: a schema for every row, since conditions may differ from row to row."""

    def __init__(self, component: Component, schemas: Sequence[Schema], required: bool) -> None:
        super().__init__(data_key=component.key, attribute=component.key, metadata={"type": "array"})
        self.component, self.schemas, self.must = component, schemas, required

    def deserialize(
        self, value: Any, attr: str | None = None, data: Mapping[str, Any] | None = None, **kwargs: Any
    ) -> Any:
        rows = [] if value is missing or value is None else value
        label, settings = self.component.label, self.component.settings
        if not isinstance(rows, list):
            raise ValidationError({"": [SHAPE]})
        if len(rows) > settings["max_rows"]:
            most = settings["max_rows"]
            raise ValidationError(
                {"": [Text(f"{label.zh}最多 {most} 行", f"{label.en}: at most {most} rows")]}
            )
        errors: dict[Any, Any] = {}
        least = max(settings["min_rows"], 1 if self.must else 0)
        if len(rows) < least:
            errors[""] = [
                Text(f"{label.zh}至少填 {least} 行", f"{label.en}: fill in at least {least} row(s)")
            ]
        loaded: list[Any] = []
        for at, (schema, row) in enumerate(zip(self.schemas, rows, strict=False)):
            try:
                loaded.append(schema.load(row if row is not None else {}))
            except ValidationError as error:
                errors[str(at)] = _in_row(error.messages, row_name(self.component, at))
        if errors:
            raise ValidationError(errors)
        return loaded


def marshmallow_schema(
    form: Form, occasion: Occasion, raw: Mapping[str, Any] | None = None, *, unknown: str = RAISE
) -> Schema:
    """The schema for what was typed: hidden fields are not in it, required is what is required now.

    ``load`` gives typed values, or raises ``ValidationError`` whose messages nest as the form does, each
    leaf a list of :class:`Text`. Without ``raw`` it is the schema of the empty form.
    """
    return schema_of(read(form.components, raw or {}, occasion), occasion, unknown)


def schema_of(reading: Reading, occasion: Occasion, unknown: str = RAISE) -> Schema:
    """The schema of one level of a form."""
    found: dict[str, Any] = {}
    for each in reading.shown():
        if each.type == "group":
            field: Any = GroupField(each, schema_of(reading.groups[each.key], occasion, unknown))
        elif each.type == "repeated_group":
            rows = [schema_of(row, occasion, unknown) for row in reading.rows[each.key]]
            field = RowsField(each, rows, reading.is_required(each, occasion))
        elif each.type == "computed" or field_type(each.type).shows_only:
            continue
        else:
            field = FormField(each, reading, occasion)
        # a key may be any word, also one that Schema uses itself
        found[f"field_{each.key}"] = field
    made = FormSchema.from_dict(found, name="SubmittedForm")
    return made(unknown=EXCLUDE if unknown == EXCLUDE else RAISE)


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
