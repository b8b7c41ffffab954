"""Filling in a form: from what a browser sends to what commands take, and back.

``_do`` says what the pressed button means: ``keep`` (autosave), ``save``, ``show`` (the form again), ``check`` or ``send``; ``_row`` adds and removes rows of the form.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import request
from markupsafe import Markup
from werkzeug.datastructures import FileStorage

from engine.forms import (
    Answer,
    Component,
    Form,
    Occasion,
    Prefilled,
    Upload,
    Validated,
    apply_action,
    field_type,
    parse_submission,
    read_answers,
    validate,
)
from engine.forms.submission import ROWS
from engine.forms.uploads import keep_uploads
from engine.text import Text
from web.language import locale
from web.rendering import environment, said


def sent(form: Form) -> dict[str, Any]:
    """Raw values as the browser sent them."""
    return parse_submission(form, request.form.getlist, _uploads)


def row_action() -> str | None:
    """The pressed button of a repeated group, such as ``add:goals``; ``update`` for conditions without JavaScript."""
    return request.form.get("_row")


def has_uploads() -> bool:
    """Whether files came along."""
    return any(file.filename for file in request.files.values())


def check(form: Form, raw: Mapping[str, Any], at: Occasion) -> Validated:
    """What would come of sending it."""
    return validate(form, raw, context=at.known, now=at.now, locale=locale(), options=at.source, files=at.files)


def changed_rows(form: Form, raw: Mapping[str, Any], action: str, at: Occasion) -> dict[str, Any]:
    """The raw values after a button of a repeated group; unchanged for an action the form does not know."""
    return apply_action(form, raw, action, at) or dict(raw)


def settled(form: Form, raw: Mapping[str, Any], at: Occasion) -> tuple[dict[str, Any], dict[str, list[Text]]]:
    """Raw values with uploads kept and replaced by their ids, and what was wrong with uploads."""
    kept, errors = keep_uploads(form, raw, at)
    return dict(kept), dict(errors)


def pairs(form: Form, raw: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Raw values as names and values of hidden fields: what ``check your answers`` shows is exactly what it sends."""
    return list(_pairs(form.components, raw, ""))


def _pairs(components: Sequence[Component], raw: Mapping[str, Any], prefix: str) -> Iterator[tuple[str, str]]:
    for each in components:
        value, name = raw.get(each.key), f"{prefix}{each.key}"
        if value is None:
            continue
        if each.type == "group":
            yield from _pairs(each.components, value, f"{name}-")
        elif each.type == "repeated_group":
            yield f"{name}-{ROWS}", str(len(value))
            for at, row in enumerate(value):
                yield from _pairs(each.components, row, f"{name}-{at}-")
        elif field_type(each.type).parts and isinstance(value, Mapping):
            for part, inner in value.items():
                yield from ((f"{name}-{part}", str(one)) for one in (inner if isinstance(inner, list) else [inner]))
        else:
            yield from ((name, str(one)) for one in (value if isinstance(value, list) else [value]))


@dataclass
class AnsweredSection:
    """One topic of a completed form."""

    title: str
    answers: list[Answer] = field(default_factory=list)


def answers_html(form: Form, values: Mapping[str, object], at: Occasion) -> Markup:
    """A completed form to read."""
    sections = {each.key: AnsweredSection(said(each.title)) for each in form.sections}
    for answer in read_answers(form, values, locale(), options=at.source):
        sections[answer.section].answers.append(answer)
    template = environment().get_template("wulian/answers.html")
    return Markup(template.render(sections=[each for each in sections.values() if each.answers]))  # noqa: S704 - escaped there


def problems_html(errors: Mapping[str, list[Text]]) -> Markup:
    """What is wrong, where there is no form to show it in."""
    texts = [text for several in errors.values() for text in several]
    return Markup(environment().get_template("wulian/problems.html").render(texts=texts))  # noqa: S704 - escaped there


def typed_html() -> Markup:
    """What the browser sent, as far as people typed it, to copy from."""
    typed = [(key, value) for key, value in request.form.items(multi=True) if value.strip() and key[:1] not in "_c"]
    return Markup(environment().get_template("wulian/typed.html").render(typed=typed)) if typed else Markup("")  # noqa: S704


def _uploads(name: str) -> Sequence[Upload]:
    return [Upload(_name(file), file.read()) for file in request.files.getlist(name) if file.filename]


def _name(file: FileStorage) -> str:
    return (file.filename or "").replace("\\", "/").rsplit("/", 1)[-1][:300]
