"""消息: what one was told."""

from flask import Blueprint, Response, redirect, request

from engine.commands.notices import mark_read
from engine.queries import Notice, inbox
from web.extension import engine
from web.identity import actor, needs_sign_in
from web.language import _
from web.pages.badges import badges
from web.rendering import link, render

_PAGE = 50


def add_to(pages: Blueprint) -> None:
    pages.add_url_rule("/inbox", "inbox", show)
    pages.add_url_rule("/inbox/read", "inbox_read", read, methods=["POST"])


@needs_sign_in
def show() -> Response:
    """Messages, the newest first."""
    after = request.args.get("after", "")
    offset = int(after) if after.isdecimal() and len(after) < 7 else 0
    found = inbox(engine(), actor(), limit=_PAGE + 1, offset=offset)
    numbers = badges()
    return render(
        "wulian/inbox.html",
        badges=numbers,
        unread=numbers.unread,
        more=offset + _PAGE if len(found) > _PAGE else None,
        messages=[
            {"read": each.read, "text": each.text, "at": each.at, "kind": _kind(each), "goal": _goal(each)}
            for each in found[:_PAGE]
        ],
    )


@needs_sign_in
def read() -> Response:
    """All of it has been seen."""
    mark_read(engine(), actor())
    return redirect(link("inbox"))  # type: ignore[return-value]


def _kind(notice: Notice) -> str:
    words = {
        "assigned": _("New task"),
        "reminder": _("Reminder"),
        "escalation": _("Escalation"),
        "information": _("Information"),
    }
    return words.get(notice.kind, "")


def _goal(notice: Notice) -> str:
    if notice.task_id is not None and notice.kind in ("assigned", "reminder"):
        return link("task", task_id=notice.task_id)
    if notice.instance_id is not None:
        return link("matter", instance_id=notice.instance_id)
    return link("case", case_id=notice.case_id) if notice.case_id is not None else ""
