"""Words of the field for what the records keep as keys."""

from web.language import _
from web.rendering import said
from web.roles import role_name


def party_role(key: str) -> str:
    """What somebody is in a case."""
    words = {
        "client": _("Client"),
        "guardian": _("Guardian"),
        "informant": _("Informant"),
        "family": _("Family"),
        "responsible": _("Caseworker"),
        "caseworker": _("Caseworker"),
        "supervisor": _("Supervisor"),
        "receiving_worker": _("Worker at the receiving organisation"),
        "responsible_organisation": _("Organisation in charge"),
        "receiving": _("Receiving organisation"),
        "receiving_organisation": _("Receiving organisation"),
        "sending_organisation": _("Sending organisation"),
        "assisting_organisation": _("Assisting organisation"),
    }
    return words.get(key) or said(dict(role_name(key)))


def transfer_status(key: str) -> str:
    """How a referral stands."""
    words = {
        "proposed": _("proposed"),
        "approved": _("approved, waiting for the reply"),
        "accepted": _("accepted"),
        "declined": _("declined"),
        "confirmed": _("first contact confirmed"),
        "withdrawn": _("withdrawn"),
    }
    return words.get(key, key)
