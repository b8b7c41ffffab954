"""个案: finding a case, and the case with its one timeline."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, request

from engine.calendar.working import local
from engine.queries import CaseView, case_view, cases, startable
from engine.queries.cases import CaseRow
from web.extension import engine
from web.identity import actor, needs_sign_in
from web.language import _
from web.pages import timeline
from web.pages.badges import badges
from web.pages.views import item_of
from web.rendering import render, said
from web.roles import role_name

_PAGE = 50


@dataclass(frozen=True)
class Party:
    role: str
    name: str
    detail: str


@dataclass(frozen=True)
class Consent:
    """``valid``: neither withdrawn nor expired."""

    valid: bool
    given_at: datetime
    expires_at: datetime | None
    withdrawn_at: datetime | None
    purposes: tuple[str, ...]


@dataclass(frozen=True)
class Transfer:
    number: str
    to: str
    status: str
    at: datetime


def add_to(pages: Blueprint) -> None:
    pages.add_url_rule("/cases", "cases", overview)
    pages.add_url_rule("/cases/<uuid:case_id>", "case", show)


@needs_sign_in
def overview() -> Response:
    """Cases this person may see, found by name, number or the last four of the identity number."""
    search = request.args.get("q", "").strip()[:100]
    which = "all" if request.args.get("which") == "all" or search else "open"
    after = request.args.get("after", "")
    offset = int(after) if after.isdecimal() and len(after) < 7 else 0
    it = engine()
    status = "open" if which == "open" else ""
    found = cases(it, actor(), search=search, status=status, limit=_PAGE + 1, offset=offset)
    return render(
        "wulian/cases.html",
        badges=badges(),
        search=search,
        which=which,
        cases=found[:_PAGE],
        more=offset + _PAGE if len(found) > _PAGE else None,
        today=local(it.clock.now()).date(),
    )


@needs_sign_in
def show(case_id: UUID) -> Response:
    """Everything this person may know of a case."""
    it, person = engine(), actor()
    view = case_view(it, person, case_id)
    mine = {member.organisation_id for member in person.members}
    return render(
        "wulian/case.html",
        badges=badges(),
        case=view.row,
        tasks=[
            item_of(row, user_id=person.user_id, reachable=row.organisation_id in mine)
            for row in view.open_tasks
        ],
        events=[timeline.line(each) for each in reversed(view.timeline)],
        startables=_next(view.row),
        parties=[*_client(view), *(_party(each) for each in view.parties if each["until"] is None)],
        consents=[_consent(each) for each in view.consents],
        transfers=[_transfer(each) for each in view.transfers],
        matters=[
            {
                "id": each.id,
                "title": each.title or each.process,
                "status": each.status,
                "process": each.process,
                "started_at": each.started_at,
            }
            for each in view.matters
        ],
    )


def _next(case: CaseRow) -> list[Any]:
    """What goes on from a case: first what is about a case, then whatever else may be started for its client."""
    offered = startable(engine(), actor())
    if case.status == "closed":
        return [each for each in offered if each.on == "case"]
    return sorted(offered, key=lambda each: each.on != "case")


def _client(view: CaseView) -> list[Party]:
    """The client as far as this person may see: masked, unless their role lifts the mask."""
    if not view.client:
        return []
    shown = [str(view.client[key]) for key in ("document", "mobile") if view.client.get(key)]
    return [Party(_("Client"), str(view.client.get("name") or view.row.client), " · ".join(shown))]


def _party(row: Mapping[str, Any]) -> Party:
    return Party(
        said(dict(role_name(row["role"]))),
        row["name"] or row["organisation"] or "",
        row["organisation"] or "",
    )


def _consent(row: Mapping[str, Any]) -> Consent:
    now = engine().clock.now()
    expired = row["expires_at"] is not None and row["expires_at"] <= now
    return Consent(
        valid=row["withdrawn_at"] is None and not expired,
        given_at=row["given_at"],
        expires_at=row["expires_at"],
        withdrawn_at=row["withdrawn_at"],
        purposes=tuple(said(each) if isinstance(each, dict) else str(each) for each in row["purposes"] or ()),
    )


def _transfer(row: Mapping[str, Any]) -> Transfer:
    words = {
        "proposed": _("proposed"),
        "approved": _("approved, waiting for the reply"),
        "accepted": _("accepted"),
        "declined": _("declined"),
        "confirmed": _("first contact confirmed"),
        "withdrawn": _("withdrawn"),
    }
    at = row["confirmed_at"] or row["answered_at"] or row["proposed_at"]
    return Transfer(row["number"], row["to_organisation"], words.get(row["status"], row["status"]), at)
