"""One person has one open case."""

from uuid import UUID

import pytest
import sqlalchemy as sa

from engine.cases import close_case, find_open, join_case
from engine.errors import NotFound
from engine.people.persons import update_person
from engine.store import tables as t
from engine.store.database import writing
from tests.engine.cases.conftest import new_case
from tests.house import House

DOCUMENT = {"identity_document": {"kind": "id_card", "number": "530103195203080030"}}


def test_the_same_name_in_the_same_community_is_likely_the_same_person(house: House, case_id: UUID) -> None:
    with writing(house.engine.database) as conn:
        second = new_case(house, conn, "段阿婆")
        found = find_open(conn, second)
    assert found is not None
    assert (found.case_id, found.certain) == (case_id, False)


def test_the_same_name_elsewhere_is_somebody_else_unless_the_telephone_is_the_same(house: House) -> None:
    with writing(house.engine.database) as conn:
        new_case(house, conn, "王芳", mobile={"number": "13700000001"})
        other = new_case(house, conn, "王芳", at="bailongsi", mobile={"number": "13700000002"})
        assert find_open(conn, other) is None
        same = new_case(house, conn, "王芳", at="bailongsi", mobile={"number": "13700000001"})
        assert find_open(conn, same) is not None


def test_two_documents_are_two_persons_however_alike(house: House) -> None:
    with writing(house.engine.database) as conn:
        new_case(house, conn, "王芳", identity_document={"kind": "id_card", "number": "530103199001010016"})
        other = new_case(house, conn, "王芳", identity_document=DOCUMENT["identity_document"])
        assert find_open(conn, other) is None


def test_the_document_makes_it_certain(house: House, case_id: UUID) -> None:
    now = house.clock.now()
    with writing(house.engine.database) as conn:
        update_person(conn, house.engine.vault, _client(house, conn, case_id), DOCUMENT, source={}, now=now)
        second = new_case(house, conn, "段阿婆", at="bailongsi")
        client = _client(house, conn, second)
        update_person(conn, house.engine.vault, client, DOCUMENT, source={}, now=now)
        found = find_open(conn, second)
    assert found is not None
    assert found.certain


def test_a_closed_case_takes_nobody_in(house: House, case_id: UUID) -> None:
    with writing(house.engine.database) as conn:
        close_case(conn, case_id, "goals_met", house.clock.now())
        assert find_open(conn, new_case(house, conn, "段阿婆")) is None


def test_joining_closes_the_one_and_tells_the_other(house: House, case_id: UUID) -> None:
    now = house.clock.now()
    with writing(house.engine.database) as conn:
        second = new_case(house, conn, "段阿婆")
        found = find_open(conn, second)
        assert found is not None
        assert join_case(conn, second, found.number, now) == case_id
        with pytest.raises(NotFound):
            join_case(conn, second, "GA-1999-00001", now)
    joined = [event for event in house.rows(t.case_event) if event["kind"] == "joined"]
    assert [event["case_id"] for event in joined] == [case_id]


def _client(house: House, conn: sa.Connection, case_id: UUID) -> UUID:
    return UUID(
        str(conn.execute(t.case.select().where(t.case.c.id == case_id)).mappings().one()["client_id"])
    )
