"""The case file: status, risk, who answers for it; each change stands on its timeline."""

from uuid import UUID

import sqlalchemy as sa

from engine.cases import (
    add_note,
    add_party,
    close_case,
    end_party,
    give_consent,
    notes,
    reopen_case,
    set_responsible,
    set_risk,
    set_status,
    withdraw_consent,
)
from engine.store import tables as t
from engine.store.database import reading, writing
from tests.house import House


def timeline(house: House, case_id: UUID) -> list[str]:
    event = t.case_event.c
    query = sa.select(event.kind).where(event.case_id == case_id).order_by(event.at, event.id)
    with reading(house.engine.database) as conn:
        return list(conn.execute(query).scalars())


def case(house: House, case_id: UUID) -> sa.RowMapping:
    with reading(house.engine.database) as conn:
        return conn.execute(sa.select(t.case).where(t.case.c.id == case_id)).mappings().one()


def test_a_case_opens_with_its_client_and_its_organisation_as_parties(house: House, case_id: UUID) -> None:
    parties = [(party["role"], party["until"]) for party in house.rows(t.case_party)]
    assert sorted(parties) == [("client", None), ("responsible_organisation", None)]
    assert timeline(house, case_id) == ["opened"]


def test_the_same_change_twice_is_one_event(house: House, case_id: UUID) -> None:
    now = house.clock.now()
    with writing(house.engine.database) as conn:
        assert set_risk(conn, case_id, "red", now)
        assert not set_risk(conn, case_id, "red", now)
        set_responsible(conn, case_id, house.users["worker"], now)
        set_responsible(conn, case_id, house.users["worker"], now)
    assert timeline(house, case_id) == ["opened", "risk", "responsible"]


def test_only_one_user_answers_for_a_case(house: House, case_id: UUID) -> None:
    now = house.clock.now()
    with writing(house.engine.database) as conn:
        set_responsible(conn, case_id, house.users["worker"], now)
        set_responsible(conn, case_id, house.users["colleague"], now)
    party = t.case_party.c
    with reading(house.engine.database) as conn:
        team = (
            conn.execute(sa.select(party.user_id).where(party.role == "responsible", party.until.is_(None)))
            .scalars()
            .all()
        )
    assert team == [house.users["colleague"]]


def test_a_closed_case_opens_again_under_its_number(house: House, case_id: UUID) -> None:
    now = house.clock.now()
    number = case(house, case_id)["number"]
    with writing(house.engine.database) as conn:
        close_case(conn, case_id, "goals_met", now)
    closed = case(house, case_id)
    assert (closed["status"], closed["attributes"]["close_reason"]) == ("closed", "goals_met")
    with writing(house.engine.database) as conn:
        reopen_case(conn, case_id, "relapse", now)
    opened = case(house, case_id)
    assert (opened["number"], opened["status"], opened["closed_at"]) == (number, "open", None)
    assert "close_reason" not in opened["attributes"]


def test_after_consent_is_withdrawn_the_case_stays_restricted_whatever_follows(
    house: House, case_id: UUID
) -> None:
    now = house.clock.now()
    with writing(house.engine.database) as conn:
        give_consent(
            conn,
            case_id,
            text_version="1",
            purposes=["个案服务"],
            items=["家庭"],
            sensitive=True,
            given_at=now,
            now=now,
        )
        assert withdraw_consent(conn, case_id, now, reason="不愿意了")
        assert not withdraw_consent(conn, case_id, now)
        set_status(conn, case_id, "watch", now)
        close_case(conn, case_id, "withdrawn", now)
        reopen_case(conn, case_id, "", now)
    assert case(house, case_id)["status"] == "restricted"
    (consent,) = house.rows(t.consent)
    assert consent["withdrawn_reason"] == "不愿意了"


def test_notes_are_sealed_at_rest(house: House, case_id: UUID) -> None:
    with writing(house.engine.database) as conn:
        add_note(conn, house.engine.vault, case_id, "老人说儿子很久没来电话。", house.clock.now())
    (row,) = house.rows(t.case_note)
    assert "儿子".encode() not in bytes(row["sealed"])
    with reading(house.engine.database) as conn:
        assert [note.text for note in notes(conn, house.engine.vault, case_id)] == [
            "老人说儿子很久没来电话。"
        ]


def test_taking_part_twice_is_taking_part_once(house: House, case_id: UUID) -> None:
    now, agency = house.clock.now(), house.organisations["agency"]
    with writing(house.engine.database) as conn:
        assert add_party(conn, case_id, "receiving", now, organisation_id=agency)
        assert not add_party(conn, case_id, "receiving", now, organisation_id=agency)
        end_party(conn, case_id, "receiving", now, organisation_id=agency)
        assert add_party(conn, case_id, "receiving", now, organisation_id=agency)
