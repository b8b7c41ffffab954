"""Messages into running processes."""

from typing import Any

from engine import commands
from web.api import schemas
from web.api.problems import make_blueprint
from web.api.tokens import actor
from web.extension import engine

blueprint = make_blueprint("messages", "Messages into processes")


@blueprint.route("/messages", methods=["POST"])
@blueprint.arguments(schemas.Message())
@blueprint.response(200, schemas.DeliveredMessage)
def correlate(sent: dict[str, Any]) -> commands.Correlated:
    """Deliver a message to the one instance that waits for it, or start what it starts."""
    return commands.correlate(
        engine(), actor(), sent["name"], sent["key"], sent["payload"], instance_id=sent["instance_id"]
    )
