"""个案: finding a case, and the case with its one timeline."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, request

from engine.calendar.working import local
from engine.people.policy import may_break_glass
from engine.queries import CaseView, case_view, cases, startable
from engine.queries.cases import CaseRow
from web.extension import engine
from web.identity import actor, needs_sign_in
from web.language import _
from web.pages import timeline
from web.pages.badges import badges
from web.pages.views import item_of
from web.pages.words import party_role, transfer_status
from web.rendering import render, said

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
        may_break_glass=may_break_glass(actor(), it.powers),
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
        emergency=view.emergency,
        tasks=[
            item_of(row, user_id=person.user_id, reachable=row.organisation_id in mine)
            for row in view.open_tasks
        ],
        events=[timeline.line(each) for each in reversed(view.timeline)],
        startables=_next(view.row),
        parties=[*_client(view), *map(_party, _others(view))],
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
    """What goes on from a case: first what is only done there, then what may be started anywhere."""
    offered = [each for each in startable(engine(), actor()) if each.on]
    if case.status == "closed":
        return [each for each in offered if each.on == "case"]
    return sorted(offered, key=lambda each: each.on != "case")


def _others(view: CaseView) -> list[Mapping[str, Any]]:
    return [each for each in view.parties if each["until"] is None and each["role"] != "client"]


def _client(view: CaseView) -> list[Party]:
    """The client as far as this person may see: masked, unless their role lifts the mask on this case."""
    if not view.client:
        return []
    document, mobile, address = (view.client.get(key) for key in ("identity_document", "mobile", "address"))
    shown = [part.get("number") for part in (document, mobile) if isinstance(part, Mapping)]
    if isinstance(address, Mapping):
        shown.append("".join(str(address[part]) for part in ("detail",) if address.get(part)))
    details = " · ".join(str(each) for each in shown if each)
    return [Party(_("Client"), str(view.client.get("name") or view.row.client), details)]


def _party(row: Mapping[str, Any]) -> Party:
    name, organisation = row["name"] or "", row["organisation"] or ""
    return Party(party_role(row["role"]), name or organisation, organisation if name else "")


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
    at = row["confirmed_at"] or row["answered_at"] or row["proposed_at"]
    return Transfer(row["number"], row["to_organisation"], transfer_status(row["status"]), at)
