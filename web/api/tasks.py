"""Tasks: list, look, claim, give back, hand over, keep a draft, complete."""

from typing import Any
from uuid import UUID

from flask import request

from engine import commands
from engine.queries import Page, TaskView, task_view, worklist
from web.api import schemas
from web.api.problems import make_blueprint
from web.api.tokens import actor
from web.extension import engine

blueprint = make_blueprint("tasks", "Work of people")


@blueprint.route("/tasks", methods=["GET"])
@blueprint.arguments(schemas.TaskQuery(), location="query")
@blueprint.response(200, schemas.TaskPage)
def get_all(sent: dict[str, Any]) -> Page:
    """Open tasks by due time: one's own, those one's roles may claim, or those one waits for."""
    return worklist(engine(), actor(), **sent)


@blueprint.route("/tasks/<uuid:task_id>", methods=["GET"])
@blueprint.response(200, schemas.OneTask)
def get(task_id: UUID) -> TaskView:
    """One task with its draft or what is known already."""
    return task_view(engine(), actor(), task_id)


@blueprint.route("/tasks/<uuid:task_id>/claim", methods=["POST"])
@blueprint.response(204)
def claim(task_id: UUID) -> None:
    """Take a task that is offered to one's role."""
    commands.claim(engine(), actor(), task_id)


@blueprint.route("/tasks/<uuid:task_id>/release", methods=["POST"])
@blueprint.response(204)
def release(task_id: UUID) -> None:
    """Give a task back to its role."""
    commands.release(engine(), actor(), task_id)


@blueprint.route("/tasks/<uuid:task_id>/assign", methods=["POST"])
@blueprint.arguments(schemas.Assignment())
@blueprint.response(204)
def assign(sent: dict[str, Any], task_id: UUID) -> None:
    """Hand a task to a person."""
    commands.assign(engine(), actor(), task_id, sent["user_id"], sent["reason"])


@blueprint.route("/tasks/<uuid:task_id>/draft", methods=["PUT"])
@blueprint.arguments(schemas.Values())
@blueprint.response(204)
def draft(sent: dict[str, Any], task_id: UUID) -> None:
    """Keep what was entered so far, unchecked."""
    commands.save_draft(engine(), actor(), task_id, sent["values"])


@blueprint.route("/tasks/<uuid:task_id>/complete", methods=["POST"])
@blueprint.arguments(schemas.Values())
@blueprint.response(200, schemas.CompletedTask)
def complete(sent: dict[str, Any], task_id: UUID) -> commands.Completed:
    """Complete a task. With an ``Idempotency-Key`` a repeated request gives the first answer."""
    return commands.complete(
        engine(), actor(), task_id, sent["values"], idempotency_key=request.headers.get("Idempotency-Key")
    )
