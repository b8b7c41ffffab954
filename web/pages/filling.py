"""Filling in a form: from what a browser sends to what commands take, and back.

``_do`` says what the pressed button means: ``keep`` (autosave), ``save``, ``show`` (the form again),
``check`` or ``send``; ``_row`` adds and removes rows of the form.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any

from flask import request
from markupsafe import Markup
from werkzeug.datastructures import FileStorage

from engine.forms import (
    Form,
    Occasion,
    Prefilled,
    Upload,
    Validated,
    apply_action,
    form_pairs,
    parse_submission,
    validate,
    with_unasked,
)
from engine.forms.submission import ROWS
from engine.forms.uploads import keep_uploads
from engine.queries.filling import Filling
from engine.text import Text
from web.forms import render_answers, render_form
from web.language import locale
from web.rendering import environment, link, said

_DRAWING = "-drawing"  # how the input of a drawn signature is named


def sent(form: Form) -> dict[str, Any]:
    """Raw values as the browser sent them."""
    return parse_submission(form, request.form.getlist, _uploads)


def filled_in(form: Form, prefilled: Mapping[str, Prefilled], at: Occasion) -> dict[str, Any]:
    """Raw values as sent; fields that an answer on the page brings in come with what is known for them."""
    raw, asked = sent(form), request.form.get("_asked")
    return raw if asked is None else with_unasked(form, raw, asked.split(), prefilled, at)


def row_action() -> str | None:
    """The pressed button of a repeated group, such as ``add:goals``; ``update`` for conditions without
    JavaScript.
    """
    return request.form.get("_row")


def has_uploads() -> bool:
    """Whether files came along, or a signature that was drawn."""
    drawn = any(value for name, value in request.form.items() if name.endswith(_DRAWING))
    return drawn or any(file.filename for file in request.files.values())


def received(
    opened: Callable[..., AbstractContextManager[Filling | None]], prefilled: Mapping[str, Prefilled]
) -> tuple[dict[str, Any], dict[str, list[Text]]]:
    """What was sent, uploads kept and replaced by their ids, and what was wrong with uploads.

    The transaction that keeps them is over before a page is shown: showing one writes who looked.
    """
    with opened(keeps=has_uploads()) as at:
        if at is None:
            return {}, {}
        return settled(at.form, filled_in(at.form, prefilled, at.occasion), at.occasion)


def check(form: Form, raw: Mapping[str, Any], at: Occasion) -> Validated:
    """What would come of sending it."""
    return validate(
        form, raw, context=at.known, now=at.now, locale=locale(), options=at.source, files=at.files
    )


def changed_rows(form: Form, raw: Mapping[str, Any], action: str, at: Occasion) -> dict[str, Any]:
    """The raw values after a button of a repeated group; unchanged for an action the form does not know."""
    return apply_action(form, raw, action, at) or dict(raw)


def settled(form: Form, raw: Mapping[str, Any], at: Occasion) -> tuple[dict[str, Any], dict[str, list[Text]]]:
    """Raw values with uploads kept and replaced by their ids, and what was wrong with uploads."""
    kept, errors = keep_uploads(form, raw, at)
    return dict(kept), dict(errors)


def pairs(form: Form, raw: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Raw values as names and values of hidden fields: what ``check your answers`` shows is exactly what it
    sends.
    """
    return list(form_pairs(form, raw))


def form_html(
    form: Form,
    raw: Mapping[str, Any],
    at: Occasion,
    *,
    action: str,
    errors: Mapping[str, list[Text]] | None = None,
    prefilled: Mapping[str, Prefilled] | None = None,
) -> Markup:
    """The fields of a form, to stand inside the page's ``<form>``. ``action`` is where a change is sent that
    may show or hide something.
    """
    return render_form(
        environment(),
        form,
        raw,
        at,
        locale=locale(),
        errors=errors,
        prefilled=prefilled,
        action=action,
        file_link=_file_link,
        added=row_action() or "",
    )


def answers_html(form: Form, values: Mapping[str, object], at: Occasion) -> Markup:
    """A completed form to read."""
    return render_answers(environment(), form, values, at, locale=locale(), file_link=_file_link)


def _file_link(file_id: str) -> str:
    return link("document", document_id=file_id)


def problems_html(errors: Mapping[str, list[Text]]) -> Markup:
    """What is wrong, where there is no form to show it in."""
    texts = [text for several in errors.values() for text in several]
    return Markup(environment().get_template("wulian/problems.html").render(texts=texts))  # noqa: S704 - escaped there


def typed_html(form: Form, raw: Mapping[str, Any]) -> Markup:
    """What had been typed, right or wrong, to copy from: for a form that can no longer be sent."""
    labels = {path.replace(".", "-"): component.label for path, component in form.fields()}
    typed = [
        (_label(name, labels), value)
        for name, value in form_pairs(form, raw)
        if value.strip() and not name.endswith(ROWS)
    ]
    return Markup(environment().get_template("wulian/typed.html").render(typed=typed))  # noqa: S704 - escaped there


def _label(name: str, labels: Mapping[str, Text]) -> str:
    """The label of the component that an input's name such as ``goals-0-target`` belongs to."""
    parts = [part for part in name.split("-") if not part.isdigit()]
    while parts:
        found = labels.get("-".join(parts))
        if found is not None:
            return said(found)
        parts.pop()
    return name


def _uploads(name: str) -> Sequence[Upload]:
    return [Upload(_name(file), file.read()) for file in request.files.getlist(name) if file.filename]


def _name(file: FileStorage) -> str:
    return (file.filename or "").replace("\\", "/").rsplit("/", 1)[-1][:300]
