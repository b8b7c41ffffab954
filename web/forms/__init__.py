"""Forms as pages: accessible HTML out of :mod:`engine.forms`, with and without JavaScript.

A page asks for HTML with :func:`render_form` and :func:`render_answers`, or builds the view and lays it out
itself with the macros of ``forms/form.html``. The templates are rendered in the environment given, which
must offer ``_``.
"""

from collections.abc import Mapping
from typing import Any

import jinja2
from markupsafe import Markup

from engine.forms import Form, Occasion, Prefilled, form_pairs
from engine.text import Text
from web.forms import people_widgets as _people_widgets  # noqa: F401 (registers its widgets)
from web.forms.answers import answer_sections
from web.forms.building import BODY, form_view
from web.forms.spot import FileLink, Spot
from web.forms.views import AnswerSection, Control, FieldView, FormView, Mistake
from web.forms.widgets import Shape, part, register_widget, single, unregister_widget

__all__ = [
    "BODY",
    "AnswerSection",
    "Control",
    "FieldView",
    "FormView",
    "Mistake",
    "Shape",
    "Spot",
    "answer_sections",
    "form_pairs",
    "form_view",
    "part",
    "register_widget",
    "render_answers",
    "render_form",
    "single",
    "unregister_widget",
]


def render_form(
    environment: jinja2.Environment,
    form: Form,
    raw: Mapping[str, Any],
    occasion: Occasion,
    *,
    locale: str,
    errors: Mapping[str, list[Text]] | None = None,
    prefilled: Mapping[str, Prefilled] | None = None,
    action: str = "",
    file_link: FileLink | None = None,
    added: str = "",
    section: str = "",
    default_button: tuple[str, str] | None = ("_do", "check"),
) -> Markup:
    """The error summary and the fields of a form, to stand inside the page's own ``<form>``.

    ``added`` is the row action just done (``add:goals``): the keyboard goes on in the new row. The rest as in
    :func:`form_view`.
    """
    view = form_view(
        form,
        raw,
        occasion,
        locale=locale,
        errors=errors,
        prefilled=prefilled,
        action=action,
        file_link=file_link,
        focus=new_row(raw, added),
        section=section,
        default_button=default_button,
    )
    return Markup(environment.get_template("forms/whole_form.html").render(view=view))  # noqa: S704 (autoescaped)


def render_answers(
    environment: jinja2.Environment,
    form: Form,
    values: Mapping[str, object],
    occasion: Occasion,
    *,
    locale: str,
    file_link: FileLink | None = None,
) -> Markup:
    """A completed form to read: in the history, before it is sent, on paper."""
    sections = answer_sections(form, values, occasion, locale=locale, file_link=file_link)
    template = environment.get_template("forms/whole_answers.html")
    return Markup(template.render(sections=sections))  # noqa: S704 (autoescaped)


def new_row(raw: Mapping[str, Any], action: str) -> str:
    """The path of the row an ``add:…`` action made; empty for any other."""
    verb, _, name = action.partition(":")
    if verb != "add":
        return ""
    here: Any = raw
    for step in name.split("-"):
        if isinstance(here, list):
            here = here[int(step)] if step.isascii() and step.isdigit() and int(step) < len(here) else None
        else:
            here = here.get(step) if isinstance(here, Mapping) else None
    path = name.replace("-", ".")
    return f"{path}.{len(here) - 1}" if isinstance(here, list) and here else ""
