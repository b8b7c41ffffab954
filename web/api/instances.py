"""Matters: start one, look at one."""

from typing import Any
from uuid import UUID

from flask import request

from engine import commands
from engine.queries import MatterView, matter_view
from web.api import schemas
from web.api.problems import make_blueprint
from web.api.tokens import actor
from web.extension import engine

blueprint = make_blueprint("instances", "Process instances")


@blueprint.route("/instances", methods=["POST"])
@blueprint.arguments(schemas.Start())
@blueprint.response(201, schemas.StartedInstance)
def start(sent: dict[str, Any]) -> commands.Started:
    """Start a process. With an ``Idempotency-Key`` a repeated request gives the first answer."""
    return commands.start(
        engine(),
        actor(),
        sent["process"],
        sent["values"],
        organisation_id=sent["organisation_id"],
        case_id=sent["case_id"],
        business_key=sent["business_key"],
        idempotency_key=request.headers.get("Idempotency-Key"),
    )


@blueprint.route("/instances/<uuid:instance_id>", methods=["GET"])
@blueprint.response(200, schemas.Instance)
def get(instance_id: UUID) -> MatterView:
    """How a matter stands: its steps, and who has it now."""
    return matter_view(engine(), actor(), instance_id)
