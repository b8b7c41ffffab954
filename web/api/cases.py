"""Cases, as far as the token's owner may see them."""

from typing import Any
from uuid import UUID

from engine.queries import CaseView, case_view, cases
from web.api import schemas
from web.api.problems import make_blueprint
from web.api.tokens import actor
from web.extension import engine

blueprint = make_blueprint("cases", "Cases")


@blueprint.route("/cases", methods=["GET"])
@blueprint.arguments(schemas.CaseQuery(), location="query")
@blueprint.response(200, schemas.CasePage)
def get_all(sent: dict[str, Any]) -> dict[str, Any]:
    """Cases, the newest first."""
    offset, limit = int(sent["after"] or 0), sent["limit"]
    found = cases(
        engine(), actor(), search=sent["search"], status=sent["status"], limit=limit + 1, offset=offset
    )
    return {"items": found[:limit], "after": str(offset + limit) if len(found) > limit else None}


@blueprint.route("/cases/<uuid:case_id>", methods=["GET"])
@blueprint.response(200, schemas.OneCase)
def get(case_id: UUID) -> CaseView:
    """One case with its matters and open tasks."""
    return case_view(engine(), actor(), case_id)
