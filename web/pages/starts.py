"""办事: what can be started, and starting it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from uuid import UUID, uuid4

from flask import Blueprint, Response, redirect, request

from engine import commands
from engine.errors import Invalid
from engine.forms import prefilled_share
from engine.queries import Startable, StartView, case_view, start_view, startable
from engine.queries.filling import Filling, start_filling
from engine.text import Text
from web.extension import engine
from web.identity import actor, needs_sign_in
from web.language import _
from web.pages import filling
from web.pages.badges import badges
from web.pages.settling import let_it_settle
from web.pages.tasks import confirmation
from web.rendering import link, render, said


@dataclass
class Group:
    """What one bundle of processes offers."""

    bundle: Mapping[str, str]
    items: list[Startable] = field(default_factory=list)


def add_to(pages: Blueprint) -> None:
    pages.add_url_rule("/start", "starts", overview)
    pages.add_url_rule("/start/<process>", "start", show)
    pages.add_url_rule("/start/<process>", "start_send", send, methods=["POST"])
    pages.add_url_rule("/matters/<uuid:instance_id>/started", "started", started)


@needs_sign_in
def overview() -> Response:
    """Everything this person may start."""
    groups: dict[str, Group] = {}
    for each in startable(engine(), actor()):
        if each.on:
            continue  # begun from what it is about
        groups.setdefault(said(dict(each.bundle)), Group(dict(each.bundle))).items.append(each)
    return render("wulian/starts.html", badges=badges(), groups=list(groups.values()))


@needs_sign_in
def show(process: str) -> Response:
    """The form that starts it."""
    case_id = _case_id()
    view = start_view(engine(), actor(), process, case_id)
    with start_filling(engine(), actor(), view.startable, case_id) as at:
        return _form(view, at, view.raw, case_id)


@needs_sign_in
def send(process: str) -> Response:
    """What the form's buttons do."""
    case_id = _case_id()
    view = start_view(engine(), actor(), process, case_id)
    do, key = request.form.get("_do", ""), request.form.get("_key") or uuid4().hex
    shares = (0, 0)
    opened = partial(start_filling, engine(), actor(), view.startable, case_id)
    raw, errors = filling.received(opened, view.prefilled)
    with opened() as at:
        if at is not None:
            if (row := filling.row_action()) is not None:
                return _form(
                    view,
                    at,
                    filling.changed_rows(at.form, raw, row, at.occasion),
                    case_id,
                    errors=errors,
                    key=key,
                )
            if do == "show":
                return _form(view, at, raw, case_id, errors=errors, key=key)
            checked = filling.check(at.form, raw, at.occasion)
            problems = {**checked.errors, **errors}
            if problems:
                return _form(view, at, checked.raw, case_id, errors=problems, key=key, status=422)
            if do != "send":
                return _check(view, at, checked.raw, checked.values, case_id, key)
            shares = prefilled_share(checked.reading, view.prefilled)
    try:
        begun = commands.start(
            engine(),
            actor(),
            process,
            raw,
            case_id=case_id,
            idempotency_key=key,
            prefilled=shares[0],
            shown=shares[1],
        )
    except Invalid as error:
        with start_filling(engine(), actor(), view.startable, case_id) as at:
            return _form(
                view, at, raw, case_id, errors=error.fields or {"": [error.text]}, key=key, status=422
            )
    let_it_settle(begun.instance_id)
    return redirect(link("started", instance_id=begun.instance_id))  # type: ignore[return-value]


@needs_sign_in
def started(instance_id: UUID) -> Response:
    """It has begun: the number, and what happens next."""
    return confirmation(instance_id, _("Sent: it has begun"), "start")


def _case_id() -> UUID | None:
    try:
        return UUID(request.args["case"]) if request.args.get("case") else None
    except ValueError:
        return None


def _goal(view: StartView, case_id: UUID | None) -> str:
    return link("start_send", process=view.startable.process, **({"case": case_id} if case_id else {}))


def _around(view: StartView, case_id: UUID | None) -> dict[str, Any]:
    return {
        "badges": badges(),
        "title": dict(view.startable.title),
        "bundle": dict(view.startable.bundle),
        "about_case": case_view(engine(), actor(), case_id).row if case_id is not None else None,
        "goal": _goal(view, case_id),
        "problems": {},
    }


def _form(
    view: StartView,
    at: Filling | None,
    raw: Mapping[str, Any],
    case_id: UUID | None,
    *,
    errors: Mapping[str, list[Text]] | None = None,
    key: str | None = None,
    status: int = 200,
) -> Response:
    if at is not None:
        goal = _goal(view, case_id)
        html = filling.form_html(
            at.form, raw, at.occasion, action=goal, errors=errors, prefilled=view.prefilled
        )
    else:
        html = filling.problems_html(errors or {})
    return render(
        "wulian/start.html",
        status=status,
        **{
            **_around(view, case_id),
            "problems": errors or {},
            "form_html": html,
            "has_fields": at is not None,
            "key": key or uuid4().hex,
            "submit_label": _("Check and send") if at is not None else _("Start it"),
        },
    )


def _check(
    view: StartView,
    at: Filling,
    raw: dict[str, Any],
    values: Mapping[str, object],
    case_id: UUID | None,
    key: str,
) -> Response:
    return render(
        "wulian/start_check.html",
        **{
            **_around(view, case_id),
            "answers_html": filling.answers_html(at.form, values, at.occasion),
            "pairs": filling.pairs(at.form, raw),
            "key": key,
            "submit_label": said(at.form.submit_label) or _("Send"),
        },
    )
