"""One task: fill in, check, send; take on, give back, hand over."""

from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from functools import partial
from typing import Any
from uuid import UUID, uuid4

from flask import Blueprint, Response, redirect, request

from engine import commands
from engine.errors import Conflict, Invalid, NotFound
from engine.forms import prefilled_share
from engine.queries import TaskView, task_view
from engine.queries.colleagues import candidates
from engine.queries.filling import Filling, task_filling, task_form
from engine.queries.outlook import has_part_in, outlook
from engine.text import Text
from web import dates
from web.extension import engine
from web.identity import actor, needs_sign_in
from web.language import _
from web.pages import filling, timeline
from web.pages.badges import badges
from web.pages.settling import let_it_settle
from web.pages.views import due_of, item_of, short_number
from web.pages.worklist import board
from web.rendering import link, render, said


def add_to(pages: Blueprint) -> None:
    pages.add_url_rule("/tasks/<uuid:task_id>", "task", show)
    pages.add_url_rule("/tasks/<uuid:task_id>", "task_send", send, methods=["POST"])
    pages.add_url_rule("/tasks/<uuid:task_id>/done", "task_done", done)
    pages.add_url_rule("/tasks/<uuid:task_id>/claim", "task_claim", claim, methods=["POST"])
    pages.add_url_rule("/tasks/<uuid:task_id>/release", "task_release", release, methods=["POST"])
    pages.add_url_rule("/tasks/<uuid:task_id>/assign", "task_assign", assign, methods=["POST"])


@needs_sign_in
def show(task_id: UUID) -> Response:
    """The task with its form as last saved; closed, what became of it."""
    view = task_view(engine(), actor(), task_id)
    if view.state != "open":
        return _closed(view, Text("", ""))
    with _filling(view) as at:
        return _form(view, at, view.raw, notice=_notice())


@needs_sign_in
def send(task_id: UUID) -> Response:
    """What the form's buttons do."""
    view = task_view(engine(), actor(), task_id)
    do, key = request.form.get("_do", ""), request.form.get("_key") or uuid4().hex
    if view.state != "open":
        # Sent twice: the second gets the answer of the first.
        return _complete(view, {}, key) if do == "send" else _too_late(view)
    raw, errors = filling.received(partial(_filling, view), view.prefilled)
    with _filling(view) as at:
        if at is not None and (row := filling.row_action()) is not None:
            changed = filling.changed_rows(at.form, raw, row, at.occasion)
            return _form(view, at, changed, errors=errors, key=key)
        if do == "show":
            return _form(view, at, raw, errors=errors, key=key)
        if do == "check" and at is not None:
            checked = filling.check(at.form, raw, at.occasion)
            problems = {**checked.errors, **errors}
            if problems:
                return _form(view, at, checked.raw, errors=problems, key=key, status=422)
            return _check(view, at, checked.raw, checked.values, key)
    if do in ("save", "keep"):
        return _save(view, raw, errors, quietly=do == "keep")
    return _complete(view, raw, key)


def _save(
    view: TaskView, raw: Mapping[str, Any], errors: Mapping[str, list[Text]], *, quietly: bool
) -> Response:
    commands.save_draft(engine(), actor(), view.id, raw)
    if quietly:
        return Response(_("Saved %(when)s", when=dates.clock(engine().clock.now())), mimetype="text/plain")
    if errors:
        with _filling(view) as at:
            return _form(view, at, raw, errors=errors, status=422)
    return redirect(link("task", task_id=view.id, saved=1))  # type: ignore[return-value]


def _complete(view: TaskView, raw: dict[str, Any], key: str) -> Response:
    known, shown = _share(view, raw)
    try:
        completed = commands.complete(
            engine(), actor(), view.id, raw, idempotency_key=key, shown=shown, prefilled=known
        )
    except Invalid as error:
        with _filling(view) as at:
            return _form(view, at, raw, errors=error.fields or {"": [error.text]}, key=key, status=422)
    except Conflict as error:
        return _too_late(view, error)
    let_it_settle(completed.instance_id)
    return redirect(link("task_done", task_id=view.id))  # type: ignore[return-value]


def _share(view: TaskView, raw: Mapping[str, Any]) -> tuple[int, int]:
    """Fields that were known before, and fields shown: one datum is asked for once, and this measures it."""
    if view.form is None:
        return 0, 0
    with _filling(view) as at:
        if at is None:
            return 0, 0
        return prefilled_share(filling.check(at.form, raw, at.occasion).reading, view.prefilled)


@needs_sign_in
def done(task_id: UUID) -> Response:
    """It was sent: the number, and what happens next."""
    view = task_view(engine(), actor(), task_id)
    if view.state == "open":
        return redirect(link("task", task_id=task_id))  # type: ignore[return-value]
    return confirmation(view.instance_id, _("%(name)s: sent", name=view.name), "worklist")


def confirmation(instance_id: UUID, headline: str, place: str) -> Response:
    """The page after something was sent."""
    person = actor()
    try:
        matter = outlook(engine(), person, instance_id)
    except NotFound:
        # It was sent, and became the business of others: that it arrived is all there is to say.
        if not has_part_in(engine(), person, instance_id):
            raise
        matter = None
    steps = [item_of(row, user_id=person.user_id) for row in matter.open_tasks] if matter else []
    return render(
        "wulian/done.html",
        place_of=place,
        badges=badges(),
        headline=headline,
        reference=(matter.case_number if matter else "") or short_number(instance_id),
        steps=steps,
        ended=matter is not None and matter.status != "active",
        seen=matter is not None,
        instance_id=instance_id,
    )


@needs_sign_in
def claim(task_id: UUID) -> Response:
    """Take a task of the team."""
    commands.claim(engine(), actor(), task_id)
    return redirect(link("task", task_id=task_id))  # type: ignore[return-value]


@needs_sign_in
def release(task_id: UUID) -> Response:
    """Give it back to the team; what was typed stays with the task."""
    commands.release(engine(), actor(), task_id)
    return redirect(link("worklist", scope="team"))  # type: ignore[return-value]


@needs_sign_in
def assign(task_id: UUID) -> Response:
    """Hand it to a colleague."""
    chosen = request.form.get("user", "")
    try:
        user_id = UUID(chosen)
    except ValueError:
        raise Invalid(Text("请选择同事。", "Choose a colleague.")) from None
    commands.assign(engine(), actor(), task_id, user_id)
    return redirect(link("worklist"))  # type: ignore[return-value]


def _filling(view: TaskView, *, keeps: bool = False) -> "AbstractContextManager[Filling | None]":
    if "complete" not in view.can:
        return nullcontext(None)
    return task_filling(engine(), actor(), view.id, keeps=keeps)


def _notice() -> str:
    return _("Saved. You can go on whenever you like.") if request.args.get("saved") else ""


def _beside(view: TaskView) -> dict[str, Any]:
    """What every page of a task shows round its work."""
    it, person = engine(), actor()
    try:
        around = outlook(it, person, view.instance_id)
    except NotFound:
        around = None  # a colleague was first, and what went on from there is not this person's business
    return {
        "board": board(),
        "badges": badges(),
        "task": {
            "id": view.id,
            "name": view.name,
            "due": due_of(view),
            "level": view.level,
            "holder": view.assignee or view.organisation,
            "since": view.created_at,
        },
        "matter": {"id": view.instance_id, "title": view.title or view.process, "seen": around is not None},
        "case": around.case if around else None,
        "number": around.case_number if around else "",
        "history": [timeline.line(each) for each in around.history[:6]] if around else [],
        "problems": {},
    }


def _form(
    view: TaskView,
    at: Filling | None,
    raw: Mapping[str, Any],
    *,
    errors: Mapping[str, list[Text]] | None = None,
    key: str | None = None,
    notice: str = "",
    status: int = 200,
) -> Response:
    form = None if at is None else at.form
    if at is not None:
        goal = link("task_send", task_id=view.id)
        html = filling.form_html(
            at.form, raw, at.occasion, action=goal, errors=errors, prefilled=view.prefilled
        )
    else:
        html = filling.problems_html(errors or {})
    label = said(form.submit_label) if form is not None and form.submit_label else ""
    return render(
        "wulian/task_form.html",
        status=status,
        **{
            **_beside(view),
            "problems": errors or {},
            "can": {name: name in view.can for name in ("claim", "release", "assign", "complete")},
            "colleagues": candidates(engine(), actor(), view.role, view.organisation_id, view.assignee_id)
            if "assign" in view.can
            else (),
            "form_html": html,
            "has_fields": form is not None,
            "key": key or uuid4().hex,
            "submit_label": _("Check and send") if form is not None else (label or _("Done")),
            "saved_at": None,
            "notice": notice,
        },
    )


def _check(
    view: TaskView, at: Filling, raw: dict[str, Any], values: Mapping[str, object], key: str
) -> Response:
    # Kept before anything binding, so that a closed window loses nothing.
    commands.save_draft(engine(), actor(), view.id, raw)
    return render(
        "wulian/task_check.html",
        **{
            **_beside(view),
            "answers_html": filling.answers_html(at.form, values, at.occasion),
            "pairs": filling.pairs(at.form, raw),
            "key": key,
            "goal": link("task_send", task_id=view.id),
            "submit_label": said(at.form.submit_label) or _("Send"),
        },
    )


def _closed(view: TaskView, text: Text, status: int = 200, answers: str = "") -> Response:
    return render(
        "wulian/closed.html",
        status=status,
        **{
            **_beside(view),
            "closed": {
                "text": text if text.zh else _what_became(view),
                "who": view.closed_by,
                "at": view.closed_at,
            },
            "pairs": bool(answers),
            "answers_html": answers,
            "form_html": "",
        },
    )


def _too_late(view: TaskView, error: Conflict | None = None) -> Response:
    """Somebody else was first: who and when, and what had been typed, to copy from."""
    view = task_view(engine(), actor(), view.id)
    text = error.text if error is not None else _what_became(view)
    form = task_form(engine(), view)
    answers = filling.typed_html(form, filling.sent(form)) if form is not None else ""
    return _closed(view, text, status=409, answers=answers)


def _what_became(view: TaskView) -> Text:
    if view.state == "completed":
        return Text("这项任务已经办结。", "This task is completed.")
    return Text("这项任务已撤回，不需要再办。", "This task was withdrawn; nothing is left to do.")
