"""Who may see and do what: role × organisation subtree × case team × sensitivity."""

from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

import pytest
import sqlalchemy as sa

from engine.errors import Invalid, NotAllowed, NotFound
from engine.people.access import GLASS_STAYS_BROKEN, access_of, break_glass, broken_glass, record_access
from engine.people.actor import SYSTEM
from engine.people.policy import (
    RolePowers,
    case_condition,
    check_may_administer,
    check_may_manage,
    check_may_see_case,
    check_may_start,
    check_may_work_on,
    load_powers,
    may_manage,
    may_start,
    may_unmask,
    opened_in_an_emergency,
    task_condition,
)
from engine.people.users import set_absence
from engine.store import tables as t
from engine.store.database import reading, writing
from tests.engine.people.conftest import NOW, POWERS, District

REASON = "服务对象昏倒送医，需联系家属"


def seen(district: District, login: str, now: object = NOW) -> set[str]:
    actor = district.as_(login, now)  # type: ignore[arg-type]
    with reading(district.database) as conn:
        return set(conn.execute(sa.select(t.case.c.number).where(case_condition(actor, POWERS))).scalars())


@pytest.fixture
def cases(district: District) -> dict[str, UUID]:
    """An ordinary, a protected and a restricted case in one community, one case in another street."""
    return {
        "A": district.open_case("A", "jinxing", responsible="li"),
        "P": district.open_case("P", "jinxing", sensitivity="protected"),
        "R": district.open_case("R", "jinxing", status="restricted"),
        "X": district.open_case("X", "chuanxin"),
    }


def test_each_sees_what_their_role_reaches(district: District, cases: dict[str, UUID]) -> None:
    assert seen(district, "wang") == {"A"}  # the community's ordinary cases
    assert seen(district, "zhao") == {"A", "P", "R"}  # the street, protected ones too
    assert seen(district, "sun") == {"A", "P", "R", "X"}  # the district
    assert seen(district, "wu") == {"X"}
    assert seen(district, "zhou") == set()
    assert seen(district, "chen") == set()  # a volunteer sees cases of their own team only


def test_the_team_sees_its_case_whatever_its_sensitivity(district: District, cases: dict[str, UUID]) -> None:
    district.join_case(cases["P"], login="chen")
    district.join_case(cases["R"], login="wu")
    assert seen(district, "chen") == {"P"}
    assert seen(district, "wu") == {"X", "R"}


def test_an_organisation_that_takes_part_sees_the_case_until_its_part_ends(
    district: District, cases: dict[str, UUID]
) -> None:
    district.join_case(cases["A"], organisation="agency")
    district.join_case(cases["P"], organisation="agency")  # protected: its named people only
    assert seen(district, "zhou") == {"A"}
    with writing(district.database) as conn:
        conn.execute(t.case_party.update().values(until=NOW))
    assert seen(district, "zhou") == set()


def test_a_substitute_sees_the_cases_of_the_absent(district: District, cases: dict[str, UUID]) -> None:
    with writing(district.database) as conn:
        set_absence(conn, district.users["li"], district.users["wu"], NOW, NOW + timedelta(days=7), now=NOW)
    assert seen(district, "wu") == {"X", "A"}
    assert seen(district, "wu", NOW + timedelta(days=8)) == {"X"}


def test_who_may_not_see_a_case_does_not_learn_that_it_exists(
    district: District, cases: dict[str, UUID]
) -> None:
    with reading(district.database) as conn:
        check_may_see_case(conn, district.as_("li"), POWERS, cases["A"])
        with pytest.raises(NotFound):
            check_may_see_case(conn, district.as_("zhou"), POWERS, cases["A"])
        check_may_see_case(conn, SYSTEM, POWERS, cases["P"])


def test_in_an_emergency_a_case_is_opened_with_a_reason_for_some_hours_and_reviewed(
    district: District, cases: dict[str, UUID]
) -> None:
    with writing(district.database) as conn:
        assert break_glass(conn, district.as_("wu"), POWERS, " P ", REASON, now=NOW) == cases["P"]
    assert seen(district, "wu", NOW + timedelta(minutes=1)) == {"X", "P"}
    assert seen(district, "li", NOW + timedelta(minutes=1)) == {"A"}  # she broke no glass
    assert seen(district, "wu", NOW + GLASS_STAYS_BROKEN) == {"X"}
    with reading(district.database) as conn:
        (review,) = broken_glass(conn, district.as_("zhao"), POWERS, since=NOW)
        assert (review.user, review.case_number, review.reason) == ("吴社工", "P", REASON)
        assert broken_glass(conn, district.as_("li"), POWERS, since=NOW) == []
        assert len(broken_glass(conn, SYSTEM, POWERS, since=NOW)) == 1
        assert broken_glass(conn, SYSTEM, POWERS, since=NOW + timedelta(days=1)) == []


def test_the_pane_is_not_broken_without_need(district: District, cases: dict[str, UUID]) -> None:
    with writing(district.database) as conn:
        with pytest.raises(NotAllowed):
            break_glass(conn, district.as_("chen"), POWERS, "P", REASON, now=NOW)
        with pytest.raises(Invalid) as refusal:
            break_glass(conn, district.as_("wu"), POWERS, "P", "急   急   急", now=NOW)
        assert "reason" in refusal.value.fields
        with pytest.raises(NotFound):
            break_glass(conn, district.as_("wu"), POWERS, "P-1", REASON, now=NOW)


def test_looking_is_on_record(district: District, cases: dict[str, UUID]) -> None:
    with writing(district.database) as conn:
        record_access(conn, district.as_("li"), "unmasked", "case", cases["A"], now=NOW, reason="核对证件")
        record_access(conn, SYSTEM, "export", "case", cases["A"], now=NOW + timedelta(seconds=1))
        rows = access_of(conn, "case", cases["A"])
    assert [(row["user"], row["action"]) for row in rows] == [(None, "export"), ("李敏", "unmasked")]


def test_identifiers_are_uncovered_by_the_role_that_covers_the_case_or_for_its_team(
    district: District, cases: dict[str, UUID]
) -> None:
    powers = {**POWERS, **load_powers({"volunteer": {"sees": "own", "unmask": True}})}

    def uncovered(login: str, case: str, now: datetime = NOW) -> bool:
        with reading(district.database) as conn:
            return may_unmask(conn, district.as_(login, now), powers, cases[case])

    assert uncovered("zhao", "A")
    assert uncovered("zhao", "P")
    assert not uncovered("zhao", "X")  # of another street: her role does not reach there
    assert not uncovered("sun", "A")  # sees all, lifts no mask
    assert not uncovered("chen", "A")  # lifts masks, but of his own cases only
    district.join_case(cases["X"], login="zhao")
    district.join_case(cases["A"], login="chen")
    assert uncovered("zhao", "X")
    assert uncovered("chen", "A")
    with reading(district.database) as conn:
        assert may_unmask(conn, SYSTEM, POWERS, cases["A"])


def test_the_pane_broken_by_one_role_does_not_lift_the_masks_of_another(
    district: District, cases: dict[str, UUID]
) -> None:
    with writing(district.database) as conn:
        break_glass(conn, district.as_("wu"), POWERS, "P", REASON, now=NOW)
    later = district.as_("wu", NOW + timedelta(minutes=1))
    lifting = {**POWERS, **load_powers({"social_worker": {"break_glass": True, "unmask": True}})}
    with reading(district.database) as conn:
        assert opened_in_an_emergency(conn, later, cases["P"])
        assert not may_unmask(conn, later, POWERS, cases["P"])
        assert may_unmask(conn, later, lifting, cases["P"])
        assert not may_unmask(conn, later, lifting, cases["A"])


def test_one_manages_ones_own_subtree(district: District) -> None:
    zhao = district.as_("zhao")
    check_may_manage(zhao, POWERS, "/panlong/lianmeng/jinxing/")
    check_may_manage(zhao, POWERS, "/panlong/lianmeng/")
    assert may_manage(SYSTEM, POWERS, "/")
    for path in ("/panlong/", "/panlong/lianmeng-2/", "/panlong/jinchen/chuanxin/"):
        with pytest.raises(NotAllowed):
            check_may_manage(zhao, POWERS, path)
    with pytest.raises(NotAllowed):
        check_may_manage(district.as_("li"), POWERS, "/panlong/lianmeng/jinxing/")


def test_only_an_administrator_administers(district: District) -> None:
    check_may_administer(district.as_("sun"), POWERS)
    check_may_administer(SYSTEM, POWERS)
    with pytest.raises(NotAllowed):
        check_may_administer(district.as_("zhao"), POWERS)


def test_a_process_is_started_by_its_roles_or_by_anyone(district: District) -> None:
    chen = district.as_("chen")
    assert may_start(chen, ["anyone"])
    assert may_start(chen, ["social_worker", "volunteer"])
    with pytest.raises(NotAllowed):
        check_may_start(chen, ["social_worker"])
    with pytest.raises(NotAllowed):
        check_may_start(chen, [])
    check_may_start(SYSTEM, [])


def test_a_task_is_for_its_assignee_or_for_its_role_at_its_place(district: District) -> None:
    here = {
        "role": "social_worker",
        "organisation_id": district.organisations["jinxing"],
        "assignee_id": None,
    }
    check_may_work_on(district.as_("li"), here)
    for login in ("wu", "chen", "zhao"):  # another place, another role, the one in charge
        with pytest.raises(NotAllowed):
            check_may_work_on(district.as_(login), here)
    hers = {"role": None, "organisation_id": None, "assignee_id": district.users["li"]}
    check_may_work_on(district.as_("li"), hers)
    with pytest.raises(NotAllowed):
        check_may_work_on(district.as_("wang"), hers)
    check_may_work_on(district.as_("chen"), {"role": "anyone", "organisation_id": None, "assignee_id": None})
    check_may_work_on(SYSTEM, hers)


def test_the_worklist_holds_what_one_may_work_on(district: District) -> None:
    jinxing = district.organisations["jinxing"]
    offered = district.add_task("offered", role="social_worker", organisation_id=jinxing)
    taken = district.add_task(
        "taken", role="social_worker", organisation_id=jinxing, assignee_id=district.users["wang"]
    )
    district.add_task("elsewhere", role="social_worker", organisation_id=district.organisations["chuanxin"])
    district.add_task("another role", role="volunteer", organisation_id=jinxing)
    assert tasks_of(district, "li", "team") == {offered}
    assert tasks_of(district, "li", "mine") == set()
    assert tasks_of(district, "wang", "mine") == {taken}
    assert tasks_of(district, "sun", "team") == set()


def tasks_of(district: District, login: str, scope: Literal["mine", "team"]) -> set[UUID]:
    with reading(district.database) as conn:
        return set(
            conn.execute(sa.select(t.task.c.id).where(task_condition(district.as_(login), scope))).scalars()
        )


def test_powers_come_from_data_and_unknown_words_are_refused() -> None:
    powers = load_powers({"a": {}, "b": {"sees": "all", "break_glass": True}})
    assert powers["a"] == RolePowers()
    assert powers["b"].break_glass
    for wrong in ({"sees": "everything"}, {"fly": True}):
        with pytest.raises(ValueError, match="unknown"):
            RolePowers.from_dict(wrong)
