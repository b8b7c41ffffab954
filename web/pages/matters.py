"""One matter: who has it now, since when, what comes next; its diagram and its history."""

from typing import Any
from uuid import UUID

from flask import Blueprint, Response

from engine.errors import NotFound
from engine.queries import MatterView, case_view, matter_view
from engine.queries.ahead import steps_ahead
from web import headers
from web.extension import engine
from web.identity import actor, needs_sign_in
from web.pages import timeline
from web.pages.badges import badges
from web.pages.views import item_of
from web.rendering import render


def add_to(pages: Blueprint) -> None:
    pages.add_url_rule("/matters/<uuid:instance_id>", "matter", show)
    pages.add_url_rule("/matters/<uuid:instance_id>/diagram.bpmn", "diagram", diagram)


@needs_sign_in
def show(instance_id: UUID) -> Response:
    """The matter in words, with its diagram beside them."""
    view = matter_view(engine(), actor(), instance_id)
    headers.allow_drawing()
    with_people = {row.node for row in view.open_tasks}
    return render(
        "wulian/matter.html",
        badges=badges(),
        matter={
            "id": view.id,
            "title": view.title or next((row.about for row in view.open_tasks if row.about), view.process),
            "process": view.process,
            "status": view.status,
            "ended_at": view.ended_at,
        },
        case=_case(view),
        incidents=[each.text for each in view.incidents],
        current=_current(view),
        steps=view.steps,
        done=sorted(view.done | view.flows),
        current_ids=sorted(view.current, key=lambda node: (node not in with_people, node)),
        events=[timeline.line(each) for each in reversed(view.timeline)],
    )


@needs_sign_in
def diagram(instance_id: UUID) -> Response:
    """The diagram this matter runs on."""
    view = matter_view(engine(), actor(), instance_id)
    return Response(view.diagram, mimetype="application/xml")


def _case(view: MatterView) -> Any:
    if view.case_id is None:
        return None
    try:
        return case_view(engine(), actor(), view.case_id).row
    except NotFound:
        return None


def _current(view: MatterView) -> list[dict[str, Any]]:
    """Open tasks with their holders; then other waits, which have no holder."""
    person = actor()
    mine = {member.organisation_id for member in person.members}
    ahead = steps_ahead(engine(), view.id, view.current)
    now = []
    for row in view.open_tasks:
        item = item_of(row, user_id=person.user_id, reachable=row.organisation_id in mine)
        now.append(
            {
                "name": item.name,
                "holder": item.holder,
                "since": item.since,
                "due": item.due,
                "task_id": item.id if item.reachable else None,
                "next": ahead.get(row.node, ()),
            }
        )
    tasks = {row.node for row in view.open_tasks}
    for step in view.steps:
        if step.state == "current" and step.id not in tasks:
            now.append(
                {
                    "name": step.name,
                    "holder": step.who,
                    "since": step.since,
                    "due": None,
                    "task_id": None,
                    "next": ahead.get(step.id, ()),
                }
            )
    return now
