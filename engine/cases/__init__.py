"""Case files: opened, numbered, their parties, consents, transfers, notes and timeline.

All functions take a connection and run inside the transaction of a command or of a service. Which kinds,
roles and statuses of a field there are is data of its bundles; the engine only knows what follows from
them.
"""

from engine.cases.consents import give_consent, withdraw_consent
from engine.cases.duplicates import Duplicate, find_open, join_case
from engine.cases.files import (
    Opened,
    close_case,
    open_case,
    record_event,
    reopen_case,
    set_responsible,
    set_risk,
    set_sensitivity,
    set_status,
)
from engine.cases.handovers import hand_over
from engine.cases.links import link_instance
from engine.cases.notes import Note, add_note, notes
from engine.cases.numbers import next_number
from engine.cases.parties import add_party, end_party
from engine.cases.services import HANDLERS
from engine.cases.transfers import (
    answer_transfer,
    approve_transfer,
    confirm_transfer,
    propose_transfer,
    redirect_transfer,
    withdraw_transfer,
)

__all__ = [
    "HANDLERS",
    "Duplicate",
    "Note",
    "Opened",
    "add_note",
    "add_party",
    "answer_transfer",
    "approve_transfer",
    "close_case",
    "confirm_transfer",
    "end_party",
    "find_open",
    "give_consent",
    "hand_over",
    "join_case",
    "link_instance",
    "next_number",
    "notes",
    "open_case",
    "propose_transfer",
    "record_event",
    "redirect_transfer",
    "reopen_case",
    "set_responsible",
    "set_risk",
    "set_sensitivity",
    "set_status",
    "withdraw_consent",
    "withdraw_transfer",
]
