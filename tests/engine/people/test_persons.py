"""One datum once: the records of persons."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

import pytest
import sqlalchemy as sa

from engine.errors import Conflict, NotFound
from engine.ids import new_id
from engine.people.persons import (
    create_person,
    find_by_document,
    find_by_mobile,
    find_by_tail,
    person_sources,
    person_view,
    reseal,
    update_person,
    upsert_person,
)
from engine.people.vault import Vault
from engine.store import tables as t
from engine.store.database import writing
from tests.engine.people.conftest import NOW, District

NUMBER = "530103199001010016"
SOURCE = {"form": "intake", "by": "li", "at": NOW.isoformat()}
ZHANG = {
    "person": {"name": "张小红", "relation": "self"},
    "identity_document": {
        "kind": "id_card",
        "number": NUMBER,
        "gender": "female",
        "birth_date": date(1990, 1, 1),
    },
    "mobile": {"number": "13812345678", "contact_name": "张大明", "contact_number": "13987654321"},
    "address": {"street": "lianmeng", "community": "jinxing", "grid": "3", "detail": "5幢2单元301"},
    "health.note": "糖尿病",
    "monthly_income": Decimal("1250.50"),
}


def enter(conn: sa.Connection, district: District, values: dict[str, object], **more: object) -> UUID:
    return upsert_person(conn, district.vault, values, source=SOURCE, now=NOW, **more)  # type: ignore[arg-type]


def test_a_form_reads_what_an_earlier_form_wrote(conn: sa.Connection, district: District) -> None:
    person = enter(conn, district, ZHANG)
    view = person_view(conn, district.vault, person, unmask=True)
    assert view is not None
    assert view["name"] == "张小红"
    assert view["person"] == {
        "name": "张小红",
        "gender": "female",
        "birth_date": date(1990, 1, 1),
        "relation": "self",
        "mobile": "13812345678",
    }
    assert view["identity_document"] == {**ZHANG["identity_document"]}  # type: ignore[dict-item]
    assert view["mobile"] == ZHANG["mobile"]
    assert view["address"] == ZHANG["address"]
    assert view["health"] == {"note": "糖尿病"}
    assert view["monthly_income"] == Decimal("1250.50")
    assert view["id"] == str(person)


def test_masked_it_tells_enough_to_recognise(conn: sa.Connection, district: District) -> None:
    person = enter(conn, district, {**ZHANG, "aid_category": "低保"}, public=["aid_category"])
    view = person_view(conn, district.vault, person, unmask=False)
    assert view is not None
    assert view["name"] == "张**"
    assert view["birth_date"] is None
    assert view["identity_document"]["number"] == "530***********0016"  # type: ignore[index]
    assert view["mobile"] == {
        "number": "138****5678",
        "contact_name": "张**",
        "contact_number": "139****4321",
    }
    assert view["address"]["detail"] == "***"  # type: ignore[index]
    assert view["aid_category"] == "低保"
    assert not {"health", "monthly_income"} & view.keys()
    assert "13812345678" not in str(view)


def test_nothing_that_identifies_is_readable_in_the_table(conn: sa.Connection, district: District) -> None:
    person = enter(conn, district, ZHANG)
    row = str(dict(conn.execute(sa.select(t.person).where(t.person.c.id == person)).mappings().one()))
    for secret in (NUMBER, "0016", "13812345678", "13987654321", "张大明", "5幢", "糖尿病", "1250.50"):
        assert secret not in row
    assert "jinxing" in row  # where people live, by community, is needed for statistics


def test_a_person_is_found_by_document_telephone_and_tail(conn: sa.Connection, district: District) -> None:
    person = enter(conn, district, ZHANG)
    child = enter(conn, district, {"name": "张小小", "mobile": "13812345678"})
    vault = district.vault
    assert find_by_document(conn, vault, "id_card", "53010319900101 0016") == person
    assert find_by_document(conn, vault, "passport", NUMBER) is None
    assert find_by_mobile(conn, vault, "138 1234 5678") == sorted([person, child])
    assert find_by_tail(conn, vault, "0016") == [person]
    assert find_by_tail(conn, vault, "0017") == []


def test_an_x_at_the_end_may_be_typed_small(conn: sa.Connection, district: District) -> None:
    person = enter(
        conn,
        district,
        {"name": "a", "identity_document": {"kind": "id_card", "number": "53010320130512002x"}},
    )
    assert find_by_document(conn, district.vault, "id_card", "53010320130512002X") == person
    assert find_by_tail(conn, district.vault, "002x") == [person]


def test_the_same_document_is_the_same_person(conn: sa.Connection, district: District) -> None:
    first = enter(conn, district, ZHANG)
    again = enter(conn, district, {**ZHANG, "mobile": {"number": "13700000000"}})
    assert again == first
    view = person_view(conn, district.vault, first, unmask=True)
    assert view is not None
    assert view["mobile"] == {"number": "13700000000"}


def test_what_a_form_left_empty_stays_as_it_was(conn: sa.Connection, district: District) -> None:
    person = enter(conn, district, ZHANG)
    empty = {
        "name": "",
        "mobile": None,
        "identity_document": {"number": ""},
        "health.note": "",
        "address": {},
    }
    update_person(conn, district.vault, person, empty, source=SOURCE, now=NOW)
    view = person_view(conn, district.vault, person, unmask=True)
    assert view is not None
    assert view["name"] == "张小红"
    assert view["mobile"] == ZHANG["mobile"]
    assert view["health"] == {"note": "糖尿病"}


def test_every_field_knows_where_it_is_from(conn: sa.Connection, district: District) -> None:
    person = enter(conn, district, ZHANG)
    later = {"form": "review", "by": "wang", "at": (NOW + timedelta(days=90)).isoformat()}
    update_person(conn, district.vault, person, {"mobile": "13700000000"}, source=later, now=NOW)
    sources = person_sources(conn, person)
    assert sources["mobile"] == later
    assert sources["identity_document"] == SOURCE


def test_a_lead_whose_document_is_on_record_turns_out_to_be_that_person(
    conn: sa.Connection, district: District
) -> None:
    known = enter(conn, district, ZHANG)
    lead = enter(conn, district, {"person": {"name": "张小红"}, "mobile": "13612345678"})
    case_id = new_id()
    case = {"id": case_id, "number": "GA-1", "kind": "case", "title": "", "client_id": lead, "status": "open"}
    conn.execute(
        t.case.insert(),
        {**case, "organisation_id": district.organisations["jinxing"], "attributes": {}, "opened_at": NOW},
    )
    found = {"identity_document": {"kind": "id_card", "number": NUMBER}}
    stays = update_person(conn, district.vault, lead, found, source=SOURCE, now=NOW)
    assert stays == known
    assert conn.execute(sa.select(t.case.c.client_id).where(t.case.c.id == case_id)).scalar() == known
    assert person_view(conn, district.vault, lead, unmask=True) is None


def test_two_windows_that_enter_the_same_person_at_once_make_one_record(district: District) -> None:
    def enter_at_window(_number: int) -> UUID:
        with writing(district.database) as conn:
            return enter(conn, district, ZHANG)

    with ThreadPoolExecutor(6) as pool:
        assert len(set(pool.map(enter_at_window, range(6)))) == 1


def test_a_document_of_somebody_with_another_name_is_refused(conn: sa.Connection, district: District) -> None:
    enter(conn, district, ZHANG)
    lead = enter(conn, district, {"name": "刘强"})
    with pytest.raises(Conflict) as refusal:
        update_person(
            conn, district.vault, lead, {"identity_document": {"number": NUMBER}}, source=SOURCE, now=NOW
        )
    assert refusal.value.code == "document_in_use"
    assert "张小红" not in refusal.value.text.zh


def test_somebody_who_is_not_there_cannot_be_written(conn: sa.Connection, district: District) -> None:
    with pytest.raises(NotFound):
        update_person(conn, district.vault, new_id(), {"name": "x"}, source=SOURCE, now=NOW)
    assert person_view(conn, district.vault, new_id(), unmask=True) is None


def test_a_field_cannot_pose_as_the_records_own(conn: sa.Connection, district: District) -> None:
    person = create_person(
        conn, district.vault, {"name": "张小红", "id": "forged", "name.first": "x"}, source=SOURCE, now=NOW
    )
    view = person_view(conn, district.vault, person, unmask=True)
    assert view is not None
    assert view["id"] == str(person)
    assert view["name"] == "张小红"


def test_after_a_change_of_keys_records_are_sealed_again(district: District) -> None:
    with writing(district.database) as conn:
        person = enter(conn, district, ZHANG)
        enter(conn, district, {"name": "无证件"})
    rotated = Vault({"1": bytes(range(32)), "2": bytes(range(32, 64))}, "2")
    with writing(district.database) as conn:
        assert reseal(conn, rotated) == 1
        assert reseal(conn, rotated) == 0
        view = person_view(conn, rotated, person, unmask=True)
        assert view is not None
        assert view["mobile"] == ZHANG["mobile"]
        assert find_by_document(conn, rotated, "id_card", NUMBER) == person
