"""Accounts, roles, and who stands in for whom."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from engine.errors import Conflict, Invalid, NotAllowed, NotFound
from engine.ids import new_id
from engine.people.actor import load_actor
from engine.people.places import members_of
from engine.people.policy import check_may_work_on
from engine.people.tokens import actor_of_token, issue_token, revoke_token, tokens_of
from engine.people.users import (
    absences_of,
    add_membership,
    add_user,
    close_account,
    end_absence,
    remove_membership,
    set_absence,
    set_locale,
)
from tests.engine.people.conftest import NOW, District

WEEK = timedelta(days=7)


def test_a_login_is_taken_once_in_whatever_letters(conn: sa.Connection, district: District) -> None:
    with pytest.raises(Conflict) as refusal:
        add_user(conn, login=" LI ", name="另一人", now=NOW)
    assert refusal.value.code == "login_taken"
    assert add_user(conn, login="li2", name="另一人", now=NOW)  # the transaction still works


@pytest.mark.parametrize(
    ("login", "name"), [("", "a"), ("a b", "a"), ("x" * 101, "a"), ("ok", " "), ("ok", "x" * 101)]
)
def test_an_account_needs_a_login_and_a_name(
    conn: sa.Connection, district: District, login: str, name: str
) -> None:
    with pytest.raises(Invalid) as refusal:
        add_user(conn, login=login, name=name, now=NOW)
    assert refusal.value.fields


def test_roles_are_given_once_and_taken_away(conn: sa.Connection, district: District) -> None:
    li, where = district.users["li"], district.organisations["yinxing"]
    for _ in range(2):
        add_membership(conn, li, where, "supervisor")
    assert load_actor(conn, li, NOW).roles == {"social_worker", "supervisor"}
    remove_membership(conn, li, where, "supervisor")
    assert load_actor(conn, li, NOW).roles == {"social_worker"}


def test_who_leaves_loses_roles_and_tokens_but_keeps_the_name(
    conn: sa.Connection, district: District
) -> None:
    li = district.users["li"]
    token = issue_token(conn, li, "报表", NOW)
    close_account(conn, li)
    assert actor_of_token(conn, token, NOW) is None
    with pytest.raises(NotAllowed):
        load_actor(conn, li, NOW)
    assert members_of(conn, district.organisations["jinxing"], "social_worker", NOW) == [
        district.users["wang"]
    ]
    with pytest.raises(NotFound):
        close_account(conn, new_id())


def test_a_person_reads_the_language_they_chose(conn: sa.Connection, district: District) -> None:
    set_locale(conn, district.users["li"], "en")
    assert load_actor(conn, district.users["li"], NOW).locale == "en"


def test_the_substitute_works_on_an_absent_colleagues_tasks_meanwhile(
    conn: sa.Connection, district: District
) -> None:
    li, wu = district.users["li"], district.users["wu"]
    set_absence(conn, li, wu, NOW, NOW + WEEK, now=NOW, reason="病假")
    task = {"role": "social_worker", "organisation_id": district.organisations["jinxing"], "assignee_id": li}
    offered = {**task, "assignee_id": None}
    meanwhile, afterwards = load_actor(conn, wu, NOW), load_actor(conn, wu, NOW + WEEK)
    assert meanwhile.substitutes_for == (li,)
    check_may_work_on(meanwhile, task)
    check_may_work_on(meanwhile, offered)
    for each in (task, offered):
        with pytest.raises(NotAllowed):
            check_may_work_on(afterwards, each)
    where = district.organisations["jinxing"]
    assert set(members_of(conn, where, "social_worker", NOW)) == {li, wu, district.users["wang"]}
    assert set(members_of(conn, where, "social_worker", NOW + WEEK)) == {li, district.users["wang"]}


def test_a_substitute_who_left_is_not_offered_work(conn: sa.Connection, district: District) -> None:
    li, wu = district.users["li"], district.users["wu"]
    set_absence(conn, li, wu, NOW, None, now=NOW)
    close_account(conn, wu)
    assert wu not in members_of(conn, district.organisations["jinxing"], "social_worker", NOW)


def test_an_absence_makes_sense_or_is_refused(conn: sa.Connection, district: District) -> None:
    li, wang = district.users["li"], district.users["wang"]
    for substitute, start, end in (
        (li, NOW, NOW + WEEK),  # oneself
        (wang, NOW, NOW),
        (wang, NOW - 2 * WEEK, NOW - WEEK),
    ):
        with pytest.raises(Invalid):
            set_absence(conn, li, substitute, start, end, now=NOW)
    set_absence(conn, wang, li, NOW + WEEK, NOW + 2 * WEEK, now=NOW)
    with pytest.raises(Invalid):  # away herself at that time
        set_absence(conn, li, wang, NOW, None, now=NOW)
    set_absence(conn, li, wang, NOW, NOW + WEEK, now=NOW)


def test_an_absence_ends_when_one_is_back(conn: sa.Connection, district: District) -> None:
    li, wu = district.users["li"], district.users["wu"]
    running = set_absence(conn, li, wu, NOW, None, now=NOW)
    planned = set_absence(conn, li, wu, NOW + 9 * WEEK, None, now=NOW, reason="年假")
    assert [each.id for each in absences_of(conn, li, NOW)] == [running, planned]
    assert absences_of(conn, li, NOW)[1].substitute == "吴社工"
    later = NOW + timedelta(days=1)
    end_absence(conn, li, running, later)
    end_absence(conn, li, planned, later)
    assert absences_of(conn, li, later) == ()
    assert load_actor(conn, wu, later).substitutes_for == ()
    with pytest.raises(NotFound):
        end_absence(conn, wu, running, later)


def test_a_program_acts_for_a_person_by_token(conn: sa.Connection, district: District) -> None:
    li = district.users["li"]
    token = issue_token(conn, li, "报表", NOW, expires_at=NOW + WEEK)
    assert load_actor(conn, li, NOW) == actor_of_token(conn, token, NOW)
    assert actor_of_token(conn, token, NOW + WEEK) is None
    assert actor_of_token(conn, token + "x", NOW) is None
    (listed,) = tokens_of(conn, li)
    assert listed.name == "报表"
    with pytest.raises(NotFound):
        revoke_token(conn, district.users["wang"], listed.id)
    revoke_token(conn, li, listed.id)
    assert actor_of_token(conn, token, NOW) is None
