"""What happened, as sentences."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from web.language import _
from web.rendering import said
from web.roles import role_name

if TYPE_CHECKING:
    from engine.queries.rows import Moment


@dataclass(frozen=True)
class Line:
    """One line of a timeline. ``tone``: done, bad or nothing in particular."""

    text: str
    detail: str
    at: datetime
    who: str
    for_whom: str
    tone: str


def line(moment: "Moment") -> Line:
    """A history entry in words."""
    kind = moment.kind
    text = (
        _of_case(kind.removeprefix("case."), moment.data) if kind.startswith("case.") else _of_matter(moment)
    )
    return Line(
        text=text,
        detail=_detail(moment.data),
        at=moment.at,
        who=moment.by or ("" if kind in _BY_NOBODY else _("the system")),
        for_whom=moment.on_behalf_of,
        tone="bad" if kind in _BAD else "done" if kind in _DONE else "",
    )


_BY_NOBODY = {"ended"}
_BAD = {"escalated", "incident", "service_error", "cancelled", "case.consent_withdrawn"}
_DONE = {"started", "completed", "ended", "case.opened", "case.closed", "case.consent_given"}


def _of_matter(moment: "Moment") -> str:
    name, data = moment.name, moment.data
    match moment.kind:
        case "started":
            return _("Started")
        case "completed":
            return _("%(name)s: done", name=name)
        case "claimed":
            return _("%(name)s: taken on", name=name)
        case "released":
            return _("%(name)s: given back to the team", name=name)
        case "assigned":
            return _("%(name)s: handed over", name=name)
        case "reminded":
            return _("%(name)s: reminder sent", name=name)
        case "escalated":
            return _(
                "%(name)s: overdue, told to the %(role)s",
                name=name,
                role=said(role_name(str(data.get("to", "")))),
            )
        case "timer":
            return _("%(name)s: the time came", name=name) if name else _("A set time came")
        case "message" | "correlated":
            return _("%(name)s: received", name=name) if name else _("A message came in")
        case "signal":
            return _("%(name)s: a signal came", name=name) if name else _("A signal came")
        case "incident" | "service_error":
            return _("Stuck at “%(name)s”", name=name) if name else _("Stuck")
        case "cancelled":
            return _("Ended before its time")
        case "ended":
            return _("Finished")
        case other:
            return name or other


def _of_case(kind: str, data: Mapping[str, Any]) -> str:
    words = {
        "opened": _("Case opened"),
        "closed": _("Case closed"),
        "reopened": _("Case opened again"),
        "joined": _("Another lead joined to this case"),
        "updated": _("Case data changed"),
        "status": _("Case status changed"),
        "risk": _("Risk assessed anew"),
        "sensitivity": _("Who may see the case was changed"),
        "responsible": _("The caseworker changed"),
        "party_added": _("Person added to the case"),
        "consent_given": _("Consent given"),
        "consent_withdrawn": _("Consent withdrawn"),
        "transfer_proposed": _("Referral proposed"),
        "transfer_approved": _("Referral approved"),
        "transfer_redirected": _("Referral goes to another organisation"),
        "transfer_accepted": _("Referral accepted"),
        "transfer_declined": _("Referral declined"),
        "transfer_more_information": _("Receiving organisation asks for more"),
        "transfer_confirmed": _("Referral confirmed: first contact made"),
        "transfer_withdrawn": _("Referral withdrawn"),
        "note": _("Note added"),
        "handed_over": _("Case handed over"),
        "sent": _("Sent to another body"),
        "statutory_ground": _("Goes on without consent, on a statutory ground"),
    }
    return words.get(kind, kind)


def _detail(data: Mapping[str, Any]) -> str:
    """What a person wrote as the reason; nothing else of the data is for reading, codes least of all."""
    for key in ("reason", "text"):
        value = data.get(key)
        if isinstance(value, str) and value and not (value.isascii() and value.isidentifier()):
            return value
    return ""
