"""What a diagram may ask of the case file: the ``case.*`` service types.

Every handler works inside the transaction that completes its service task. Inputs and outputs are named in
each docstring; an input that is missing or null counts as not given. Unless it says otherwise, a handler
needs a matter that belongs to a case.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from engine.cases import consents, duplicates, files, handovers, inputs, notes, notices, parties, transfers
from engine.cases.inputs import Call
from engine.errors import Invalid
from engine.text import Text

Handler = Callable[[Any], Mapping[str, object] | None]


def open_(call: Call) -> dict[str, object]:
    """``case.open``: ``series``, ``kind``, ``title``, ``organisation`` (code or id; else the matter's),
    ``attributes``, ``sensitivity``, ``client`` (the record whose bound fields, from the matter's forms,
    become the client). Gives ``case_number``. A matter that belongs to a case already keeps it.
    """
    conn, now = call.transaction, call.now
    if call.case_id is not None:
        return {"case_number": files.case_row(conn, call.case_id)["number"]}
    organisation_id = (
        inputs.organisation(conn, call.inputs.get("organisation")) or call.instance.organisation_id
    )
    if organisation_id is None:
        raise inputs.missing("organisation")
    title = inputs.text(call, "title")
    opened = files.open_case(
        conn,
        series=inputs.text(call, "series", needed=True),
        kind=inputs.text(call, "kind", needed=True),
        title=title,
        organisation_id=organisation_id,
        client_id=inputs.client(call, organisation_id),
        attributes=inputs.mapping(call, "attributes"),
        sensitivity=inputs.text(call, "sensitivity") or "normal",
        by=call.instance.started_by,
        now=now,
    )
    call.update_instance(
        case_id=opened.id,
        organisation_id=organisation_id,
        title=f"{opened.number} {title}".strip()[:300],
        business_key=opened.number,
    )
    return {"case_number": opened.number}


def find_open(call: Call) -> dict[str, object]:
    """``case.find_open``: gives ``number`` of another open case of the same person, null without one, and
    whether it is ``certain``.
    """
    found = duplicates.find_open(call.transaction, inputs.case_of(call))
    return {
        "number": None if found is None else found.number,
        "certain": found is not None and found.certain,
    }


def join(call: Call) -> None:
    """``case.join``: ``into`` is the number of the case that takes this one in; whoever answers for it is
    told.
    """
    conn = call.transaction
    into = inputs.text(call, "into", needed=True)
    other = duplicates.join_case(conn, inputs.case_of(call), into, call.now)
    words = Text(
        f"个案 {into} 的服务对象有新的线索，已并入。", f"There is a new lead about the client of {into}."
    )
    notices.tell_responsible(conn, other, words, call.now)


def update(call: Call) -> None:
    """``case.update``: any of ``status`` with ``reason``, ``sensitivity``, ``risk``, ``responsible`` (id)."""
    conn, case_id, now = call.transaction, inputs.case_of(call), call.now
    if responsible := inputs.text(call, "responsible"):
        files.set_responsible(conn, case_id, UUID(responsible), now)
    if sensitivity := inputs.text(call, "sensitivity"):
        files.set_sensitivity(conn, case_id, sensitivity, now)
    if risk := inputs.text(call, "risk"):
        files.set_risk(conn, case_id, risk, now)
    if status := inputs.text(call, "status"):
        files.set_status(conn, case_id, status, now, reason=inputs.text(call, "reason"))


def risk(call: Call) -> None:
    """``case.risk``: ``level``; where it is another than before, ``tell`` (list of ``{role, at}``) are
    told.
    """
    conn, case_id = call.transaction, inputs.case_of(call)
    level = inputs.text(call, "level", needed=True)
    if not files.set_risk(conn, case_id, level, call.now):
        return
    number = files.case_row(conn, case_id)["number"]
    words = Text(f"个案 {number} 的风险等级变更，请关注。", f"The risk level of {number} has changed.")
    told = call.inputs.get("tell")
    for each in told if isinstance(told, list) else []:
        if isinstance(each, Mapping):
            notices.tell_role(
                conn, case_id, str(each.get("role")), str(each.get("at")), words, call.now, level=level
            )


def party(call: Call) -> None:
    """``case.party``: ``role`` and one of ``user``, ``organisation``, ``person`` (ids; an organisation also
    by code).
    """
    parties.add_party(
        call.transaction,
        inputs.case_of(call),
        inputs.text(call, "role", needed=True),
        call.now,
        user_id=inputs.id_of(call, "user"),
        person_id=inputs.id_of(call, "person"),
        organisation_id=inputs.organisation(call.transaction, call.inputs.get("organisation")),
    )


def note(call: Call) -> None:
    """``case.note``: ``text``, ``kind``."""
    text = inputs.text(call, "text", needed=True)
    kind = inputs.text(call, "kind") or "note"
    notes.add_note(call.transaction, call.engine.vault, inputs.case_of(call), text, call.now, kind=kind)


def consent(call: Call) -> None:
    """``case.consent``: ``consent`` as a form's consent field gives it, ``purposes`` and ``items`` (lists
    of words). Where there was no agreement, ``basis`` is the ground that stands in its place, and goes on
    the timeline.
    """
    conn, case_id = call.transaction, inputs.case_of(call)
    given = call.inputs.get("consent")
    if not isinstance(given, Mapping) or given.get("agreed") is not True:
        data = {"basis": inputs.text(call, "basis", needed=True)}
        files.record_event(conn, case_id, "statutory_ground", call.now, data=data)
        return
    given_at = given.get("given_at")
    consents.give_consent(
        conn,
        case_id,
        text_version=str(given.get("version") or ""),
        purposes=inputs.words(call, "purposes"),
        items=inputs.words(call, "items"),
        sensitive=given.get("sensitive_agreed") is True,
        given_at=given_at if isinstance(given_at, datetime) else call.now,
        now=call.now,
    )


def withdraw_consent(call: Call) -> None:
    """``case.withdraw_consent``: ``reason``. Doing it twice changes nothing."""
    consents.withdraw_consent(
        call.transaction, inputs.case_of(call), call.now, reason=inputs.text(call, "reason")
    )


def transfer(call: Call) -> dict[str, object]:
    """``case.transfer``: ``series``, ``kind``, ``organisation`` (id or code), ``urgency``,
    ``shared_items``, ``basis``; with ``number`` an earlier proposal is changed. Gives ``number``.
    """
    conn, case_id = call.transaction, inputs.case_of(call)
    number = transfers.propose_transfer(
        conn,
        case_id,
        series=inputs.text(call, "series", needed=True),
        kind=inputs.text(call, "kind"),
        from_organisation_id=files.case_row(conn, case_id)["organisation_id"],
        to_organisation_id=inputs.wanted_organisation(call),
        urgency=inputs.text(call, "urgency"),
        shared_items=inputs.words(call, "shared_items"),
        basis=inputs.text(call, "basis", needed=True),
        now=call.now,
        number=inputs.text(call, "number") or None,
    )
    return {"number": number}


def transfer_approve(call: Call) -> None:
    """``case.transfer_approve``: ``number``."""
    transfers.approve_transfer(
        call.transaction, inputs.case_of(call), inputs.text(call, "number", needed=True), call.now
    )


def transfer_redirect(call: Call) -> dict[str, object]:
    """``case.transfer_redirect``: ``number``, ``organisation``. Gives ``organisation`` (id)."""
    to = inputs.wanted_organisation(call)
    number = inputs.text(call, "number", needed=True)
    transfers.redirect_transfer(call.transaction, inputs.case_of(call), number, to, call.now)
    return {"organisation": str(to)}


def transfer_answer(call: Call) -> None:
    """``case.transfer_answer``: ``number``, ``answer`` (``accepted``, ``declined``), ``reason``."""
    answer = inputs.text(call, "answer", needed=True)
    if answer not in ("accepted", "declined"):
        raise Invalid(Text(f"不认识的答复“{answer}”。", f"“{answer}” is no answer to a transfer."))
    transfers.answer_transfer(
        call.transaction,
        inputs.case_of(call),
        inputs.text(call, "number", needed=True),
        answer,
        call.now,
        reason=inputs.text(call, "reason"),
    )


def transfer_confirm(call: Call) -> None:
    """``case.transfer_confirm``: ``number``, ``responsibility`` (true: it passes to the receiving
    organisation).
    """
    transfers.confirm_transfer(
        call.transaction,
        inputs.case_of(call),
        inputs.text(call, "number", needed=True),
        call.now,
        responsibility=call.inputs.get("responsibility") is True,
    )


def transfer_withdraw(call: Call) -> None:
    """``case.transfer_withdraw``: ``number``, ``reason``."""
    transfers.withdraw_transfer(
        call.transaction,
        inputs.case_of(call),
        inputs.text(call, "number", needed=True),
        call.now,
        reason=inputs.text(call, "reason"),
    )


def close(call: Call) -> None:
    """``case.close``: ``reason``."""
    files.close_case(
        call.transaction, inputs.case_of(call), inputs.text(call, "reason", needed=True), call.now
    )


def reopen(call: Call) -> None:
    """``case.reopen``: ``reason``."""
    files.reopen_case(call.transaction, inputs.case_of(call), inputs.text(call, "reason"), call.now)


def hand_over(call: Call) -> dict[str, object]:
    """``case.hand_over``: ``to`` (user id), ``organisation`` (id or code, where the case moves). Gives
    ``tasks``, how many open tasks went along.
    """
    organisation_id = inputs.organisation(call.transaction, call.inputs.get("organisation"))
    to = UUID(inputs.text(call, "to", needed=True))
    moved = handovers.hand_over(
        call.transaction, inputs.case_of(call), to, call.now, organisation_id=organisation_id
    )
    if organisation_id is not None:
        call.update_instance(organisation_id=organisation_id)
    for task in moved:
        call.hand_on(task.instance_id, task.id, task.node, task.former_id, to)
    return {"tasks": len(moved)}


def move_matter(call: Call) -> None:
    """``matter.move``: ``organisation`` (id or code). The matter goes on there; its case stays."""
    call.update_instance(organisation_id=inputs.wanted_organisation(call))


def tell(call: Call) -> None:
    """``case.tell``: ``role``, ``at`` (level, kind or id), ``zh``, ``en``, ``level``."""
    words = Text(inputs.text(call, "zh", needed=True), inputs.text(call, "en") or inputs.text(call, "zh"))
    role, at = inputs.text(call, "role", needed=True), inputs.text(call, "at", needed=True)
    notices.tell_role(
        call.transaction, inputs.case_of(call), role, at, words, call.now, level=inputs.text(call, "level")
    )


def tell_process(call: Call) -> dict[str, object]:
    """``case.tell_process``: ``message`` and ``data`` for the matter that waits for it with the case's
    number as key. Gives ``heard``: false where none does.
    """
    message = inputs.text(call, "message", needed=True)
    data = inputs.mapping(call, "data")
    heard = notices.tell_process(
        call.transaction, inputs.case_of(call), message, data, call.now, sender_id=call.instance.id
    )
    return {"heard": heard}


def send(call: Call) -> None:
    """``case.send``: ``to``, ``matter`` and ``data`` for somebody outside, by way of the outbox."""
    to, matter = inputs.text(call, "to", needed=True), inputs.text(call, "matter", needed=True)
    notices.send_outside(
        call.transaction, inputs.case_of(call), to, matter, inputs.mapping(call, "data"), call.now
    )


#: Handlers by service type; all are transactional.
HANDLERS: Mapping[str, Handler] = {
    "case.open": open_,
    "case.find_open": find_open,
    "case.join": join,
    "case.update": update,
    "case.risk": risk,
    "case.party": party,
    "case.note": note,
    "case.consent": consent,
    "case.withdraw_consent": withdraw_consent,
    "case.transfer": transfer,
    "case.transfer_approve": transfer_approve,
    "case.transfer_redirect": transfer_redirect,
    "case.transfer_answer": transfer_answer,
    "case.transfer_confirm": transfer_confirm,
    "case.transfer_withdraw": transfer_withdraw,
    "case.close": close,
    "case.reopen": reopen,
    "case.hand_over": hand_over,
    "matter.move": move_matter,
    "case.tell": tell,
    "case.tell_process": tell_process,
    "case.send": send,
}
