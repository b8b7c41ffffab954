"""A case is passed on; until that is confirmed the sender answers for it."""

from uuid import UUID

import pytest
import sqlalchemy as sa

from engine.cases import (
    answer_transfer,
    approve_transfer,
    close_case,
    confirm_transfer,
    propose_transfer,
    redirect_transfer,
    set_responsible,
    withdraw_transfer,
)
from engine.errors import Conflict, NotFound
from engine.people.policy import may_see_case
from engine.store import tables as t
from engine.store.database import reading, writing
from tests.engine.cases.conftest import new_case
from tests.house import House


def propose(house: House, conn: sa.Connection, case_id: UUID, **changes: object) -> str:
    values = {
        "series": "ZJ",
        "kind": "full",
        "from_organisation_id": house.organisations["jinxing"],
        "to_organisation_id": house.organisations["agency"],
        "urgency": "routine",
        "shared_items": ["name"],
        "basis": "consent",
        "now": house.clock.now(),
        **changes,
    }
    return propose_transfer(conn, case_id, **values)  # type: ignore[arg-type]


def status(house: House, case_id: UUID) -> str:
    query = sa.select(t.transfer.c.status).where(t.transfer.c.case_id == case_id)
    with reading(house.engine.database) as conn:
        return str(conn.execute(query).scalar())


def receiver_sees(house: House, case_id: UUID) -> bool:
    receiver = house.as_("receiver")
    with reading(house.engine.database) as conn:
        return may_see_case(conn, receiver, house.engine.powers, case_id)


def test_the_receiver_sees_the_case_from_acceptance_on_and_answers_for_it_after_confirmation(
    house: House, case_id: UUID
) -> None:
    now = house.clock.now()
    with writing(house.engine.database) as conn:
        set_responsible(conn, case_id, house.users["worker"], now)
        number = propose(house, conn, case_id)
        approve_transfer(conn, case_id, number, now)
    assert not receiver_sees(house, case_id)
    with writing(house.engine.database) as conn:
        answer_transfer(conn, case_id, number, "accepted", now)
    assert receiver_sees(house, case_id)
    (case,) = house.rows(t.case)
    assert case["responsible_id"] == house.users["worker"]
    with writing(house.engine.database) as conn:
        confirm_transfer(conn, case_id, number, now, responsibility=True)
    (case,) = house.rows(t.case)
    assert case["responsible_id"] is None
    answering = [
        party["organisation_id"]
        for party in house.rows(t.case_party)
        if party["role"] == "responsible_organisation" and party["until"] is None
    ]
    assert answering == [house.organisations["agency"]]


def test_who_was_to_receive_loses_sight_when_it_comes_to_nothing(house: House, case_id: UUID) -> None:
    now = house.clock.now()
    with writing(house.engine.database) as conn:
        number = propose(house, conn, case_id)
        approve_transfer(conn, case_id, number, now)
        answer_transfer(conn, case_id, number, "accepted", now)
        withdraw_transfer(conn, case_id, number, now, reason="老人不愿意")
    assert not receiver_sees(house, case_id)
    assert status(house, case_id) == "withdrawn"


def test_a_transfer_that_was_changed_meanwhile_is_not_answered(house: House, case_id: UUID) -> None:
    now = house.clock.now()
    with writing(house.engine.database) as conn:
        number = propose(house, conn, case_id)
        with pytest.raises(Conflict, match="no longer"):
            answer_transfer(conn, case_id, number, "accepted", now)
        approve_transfer(conn, case_id, number, now)
        answer_transfer(conn, case_id, number, "declined", now, reason="没有名额")
        redirect_transfer(conn, case_id, number, house.organisations["civil_affairs"], now)
        with pytest.raises(Conflict):
            confirm_transfer(conn, case_id, number, now, responsibility=True)


def test_a_returned_proposal_keeps_its_number(house: House, case_id: UUID) -> None:
    with writing(house.engine.database) as conn:
        number = propose(house, conn, case_id)
        assert propose(house, conn, case_id, number=number, urgency="urgent") == number
    (row,) = house.rows(t.transfer)
    assert row["urgency"] == "urgent"


def test_a_transfer_of_another_case_is_not_found(house: House, case_id: UUID) -> None:
    with writing(house.engine.database) as conn:
        other = new_case(house, conn, "王大爷")
        number = propose(house, conn, case_id)
        with pytest.raises(NotFound):
            approve_transfer(conn, other, number, house.clock.now())


def test_closing_a_case_ends_its_transfers(house: House, case_id: UUID) -> None:
    with writing(house.engine.database) as conn:
        propose(house, conn, case_id)
        close_case(conn, case_id, "died", house.clock.now())
    assert status(house, case_id) == "withdrawn"
