"""Cases: found, read along one timeline, closed to others save in an emergency."""

from uuid import UUID

import pytest
from flask import Flask

from engine.cases import give_consent, open_case, set_responsible, withdraw_consent
from engine.people.persons import upsert_person
from engine.people.policy import load_powers
from engine.store.database import writing
from tests.house import POWERS, House
from tests.web.conftest import Visitor

NUMBER = "530103199001010016"


@pytest.fixture
def case(house: House) -> UUID:
    """王建国's case in 金星社区."""
    station = {"sees": "subtree", "manage": True, "unmask": True, "break_glass": True}
    house.engine.powers = {**POWERS, **load_powers({"supervisor": station})}
    now = house.clock.now()
    known = {
        "name": "王建国",
        "identity_document": {"kind": "id_card", "number": NUMBER},
        "mobile": {"number": "13888880001"},
    }
    with writing(house.engine.database) as conn:
        client = upsert_person(conn, house.engine.vault, known, source={"form": "test"}, now=now)
        return open_case(
            conn,
            series="GA",
            kind="casework",
            title="王某",
            organisation_id=house.organisations["jinxing"],
            client_id=client,
            by=house.users["worker"],
            now=now,
        ).id


def signed_in(app: Flask, login: str) -> Visitor:
    visitor = Visitor(app.test_client())
    visitor.sign_in(login)
    return visitor


def test_a_case_is_found_by_name_number_and_the_tail_of_the_identity_number(
    worker: Visitor, case: UUID
) -> None:
    for search in ("王建", "GA-2026", NUMBER[-4:]):
        worker.go(f"/cases?q={search}")
        assert f"/cases/{case}" in worker.text, search
    worker.go("/cases?q=李四")
    assert "没有找到" in worker.text


def test_the_case_page_shows_client_consent_and_what_happened(
    worker: Visitor, case: UUID, house: House
) -> None:
    now = house.clock.now()
    with writing(house.engine.database) as conn:
        given = {"text_version": "1", "items": ["姓名"], "sensitive": False, "given_at": now, "now": now}
        give_consent(conn, case, purposes=["个案服务"], **given)  # type: ignore[arg-type]
    worker.go(f"/cases/{case}")
    assert "王建国" in worker.text
    assert NUMBER in worker.text
    assert "个案服务" in worker.text
    assert "有效" in worker.text
    assert "个案立案" in worker.text
    with writing(house.engine.database) as conn:
        set_responsible(conn, case, house.users["worker"], now)  # restricted now: only the team still sees it
        withdraw_consent(conn, case, reason="本人要求", now=now)
    worker.go(f"/cases/{case}")
    assert "已撤回" in worker.text


def test_who_may_see_but_not_know_reads_masked_names_and_numbers(app: Flask, case: UUID) -> None:
    coordinator = signed_in(app, "coordinator")
    coordinator.go("/cases")
    assert "王**" in coordinator.text
    assert "王建国" not in coordinator.text
    coordinator.go(f"/cases/{case}")
    assert NUMBER not in coordinator.text
    assert "13888880001" not in coordinator.text
    assert "王建国" not in coordinator.text


def test_another_communitys_case_is_neither_listed_nor_opened(app: Flask, case: UUID) -> None:
    stranger = signed_in(app, "stranger")
    stranger.go("/cases?q=王建国")
    assert str(case) not in stranger.text
    assert stranger.go(f"/cases/{case}").status_code == 404
    assert "王" not in stranger.text


def test_in_an_emergency_a_case_opens_with_a_reason_that_goes_on_record(
    app: Flask, case: UUID, house: House
) -> None:
    with writing(house.engine.database) as conn:
        from engine.people.users import add_membership, remove_membership

        remove_membership(
            conn, house.users["supervisor"], house.organisations["jinchen_station"], "supervisor"
        )
        add_membership(conn, house.users["supervisor"], house.organisations["qingyun"], "supervisor")
    supervisor = signed_in(app, "supervisor")
    assert supervisor.go(f"/cases/{case}").status_code == 404
    supervisor.go("/cases/emergency")
    page = supervisor.send("/cases/emergency", number="GA-2026-00001", reason="急")
    assert page.status_code == 422
    assert "急</textarea>" in supervisor.text
    supervisor.send("/cases/emergency", number="GA-2026-00001", reason="邻居报告老人疑似走失，需联系家属。")
    assert supervisor.path == f"/cases/{case}"
    assert "您正在紧急查阅" in supervisor.text


def test_only_some_roles_may_break_the_glass(worker: Visitor, case: UUID) -> None:
    assert worker.go("/cases/emergency").status_code == 403
    worker.go("/cases")
    assert "紧急查阅" not in worker.text
