"""A tiny application that shows one form and takes it in, and a reader for what it shows."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import lxml.html
from flask import Flask, Response, request
from lxml.html import HtmlElement

from engine.forms import (
    Form,
    Occasion,
    Prefilled,
    Upload,
    apply_action,
    blank_values,
    parse_submission,
    validate,
    with_unasked,
)
from engine.forms.uploads import keep_uploads
from tests.engine.forms.given import LISTS, NOW, Documents
from web.forms import render_answers, render_form
from web.language import use
from web.rendering import environment


@dataclass
class House:
    """The application and what it was sent."""

    form: Form
    locale: str = "zh_Hans_CN"
    prefilled: Mapping[str, Prefilled] = field(default_factory=dict)
    known: Mapping[str, object] = field(default_factory=dict)
    documents: Documents = field(default_factory=Documents)
    taken: dict[str, object] | None = None

    @property
    def occasion(self) -> Occasion:
        return Occasion(NOW, self.known, LISTS, self.documents)

    def app(self) -> Flask:
        app = Flask("house")

        @app.get("/")
        def show() -> Response:
            return self.page(blank_values(self.form, self.prefilled, self.occasion))

        @app.post("/")
        def take() -> Response:
            raw = parse_submission(self.form, request.form.getlist, uploads)
            if "_asked" in request.form:
                asked = request.form["_asked"].split()
                raw = with_unasked(self.form, raw, asked, self.prefilled, self.occasion)
            raw, errors = keep_uploads(self.form, raw, self.occasion)
            action = request.form.get("_row")
            if action is not None:
                changed = apply_action(self.form, raw, action, self.occasion)
                assert changed is not None
                return self.page(changed, errors=errors, added=action)
            result = validate(
                self.form, raw, context=self.known, now=NOW, options=LISTS, files=self.documents
            )
            if errors or not result.ok:
                return self.page(result.raw, errors={**result.errors, **errors})
            self.taken = result.values
            return self.answers(result.values)

        return app

    def page(self, raw: Mapping[str, Any], **more: Any) -> Response:
        use(self.locale)
        html = render_form(
            environment(),
            self.form,
            raw,
            self.occasion,
            locale=self.locale,
            prefilled=self.prefilled,
            action="/",
            **more,
        )
        return Response(
            f'<form method="post" action="/" enctype="multipart/form-data" novalidate>{html}</form>'
        )

    def answers(self, values: Mapping[str, object]) -> Response:
        use(self.locale)
        return Response(
            render_answers(
                environment(),
                self.form,
                values,
                self.occasion,
                locale=self.locale,
                file_link=lambda it: f"/files/{it}",
            )
        )

    def get(self) -> "Page":
        return Page(self, self.app().test_client().get("/").get_data(as_text=True))

    def post(self, data: Mapping[str, Any]) -> "Page":
        return Page(self, self.app().test_client().post("/", data=data).get_data(as_text=True))


def uploads(name: str) -> list[Upload]:
    return [Upload(each.filename, each.read()) for each in request.files.getlist(name) if each.filename]


class Page:
    """A page as a person without JavaScript meets it."""

    def __init__(self, house: House, text: str) -> None:
        self.house = house
        self.text = text
        self.tree: HtmlElement = lxml.html.fromstring(f"<main>{text}</main>")

    def all(self, xpath: str) -> list[Any]:
        return list(self.tree.xpath(xpath))

    def one(self, xpath: str) -> Any:
        found = self.all(xpath)
        assert len(found) == 1, f"{len(found)} of {xpath}"
        return found[0]

    def labelled(self, label: str) -> Any:
        """The input a label with these words is for."""
        for each in self.all("//label"):
            if words(each).rstrip("*") == label:
                return self.one(f'//*[@id="{each.get("for")}"]')
        raise AssertionError(f"no label {label}")

    def data(self) -> dict[str, list[str]]:
        """What a browser would send, without a button."""
        sent: dict[str, list[str]] = {}
        for each in self.all("//input|//select|//textarea"):
            name, kind = each.get("name"), each.get("type")
            if not name or kind == "file" or (kind in ("radio", "checkbox") and each.get("checked") is None):
                continue
            if each.tag == "select":
                chosen = each.xpath(".//option[@selected]") or each.xpath(".//option")[:1]
                value = chosen[0].get("value") if chosen else ""
            elif each.tag == "textarea":
                value = (each.text or "").removeprefix("\n")
            else:
                value = each.get("value") or ""
            sent.setdefault(name, []).append(value)
        return sent

    def press(self, button: str, **typed: Any) -> "Page":
        """Type, then press the button with these words."""
        found = [each for each in self.all("//button") if words(each) == button]
        assert len(found) == 1, [words(each) for each in self.all("//button")]
        named = {found[0].get("name"): found[0].get("value")}
        return self.house.post({**self.data(), **typed, **named})

    def send(self, **typed: Any) -> "Page":
        """Type, then send the form."""
        return self.house.post({**self.data(), **typed})


def words(element: Any) -> str:
    """The text of an element as one reads it."""
    return " ".join("".join(element.itertext()).split())
