"""Administrators set days and enter years; what is due moves with them, and whoever does the work is told."""

import json
from datetime import date

import pytest
import sqlalchemy as sa

from engine.calendar.days import statutory_days
from engine.commands import DaySetting, claim, complete, preview_days, publish_year, run_job, set_days, start
from engine.commands.history import verify_chain
from engine.commands.moved_deadlines import plan_recounts
from engine.errors import Invalid, NotAllowed
from engine.ids import new_id
from engine.queries import calendar_year, inbox
from engine.store import tables as t
from engine.store.database import reading, writing
from tests.bpmn_builder import Process, diagram
from tests.house import House, local

NOTICE = "国务院办公厅关于2027年部分节假日安排的通知"


def rest(*days: str, **more: object) -> list[DaySetting]:
    return [DaySetting(date.fromisoformat(day), "resting", **more) for day in days]  # type: ignore[arg-type]


def visits(due: str = "3wd", **more: object) -> bytes:
    p = Process("P")
    p.start("s").user(
        "visit",
        name="入户",
        role="social_worker",
        due=due,
        remind=[{"before": "1wd", "at": "09:00"}],
        escalate=[
            {"after": "0h", "to": "supervisor", "at": "social_work_station", "level": "yellow"},
            {"after": "1wd", "to": "coordinator", "at": "district", "level": "red"},
        ],
        **more,
    ).end("e")
    p.flow("s", "visit", "e")
    return diagram(p)


def begin(house: House, at: str, due: str = "3wd", **more: object) -> None:
    house.clock.move_to(local(at))
    house.deploy(visits(due, **more), starts=[{"process": "P", "roles": ["anyone"]}])
    start(house.engine, house.as_("worker"), "P")


def due(house: House) -> str:
    (task,) = house.rows(t.task)
    return str(task["due_at"].astimezone(local("2026-03-02 09:00").tzinfo).isoformat())[:16]


def steps(house: House) -> list[tuple[str, str]]:
    (job,) = house.rows(t.job, t.job.c.kind == "deadline")
    return [(step["key"], step["at"][:16]) for step in json.loads(job["payload"])["steps"]]


def kinds(house: House, login: str) -> list[str]:
    return [note.kind for note in reversed(inbox(house.engine, house.as_(login)))]


def test_a_reminder_goes_out_when_the_doors_are_open(house: House) -> None:
    p = Process("P")
    p.start("s").user("visit", role="social_worker", due="3wd", remind=[{"before": "16h"}]).end("e")
    p.flow("s", "visit", "e")
    house.deploy(diagram(p), starts=[{"process": "P", "roles": ["anyone"]}])
    start(
        house.engine, house.as_("worker"), "P"
    )  # due on Thursday at 17:00: 16 hours earlier is one at night
    house.move_to("2026-03-05 08:59")
    assert kinds(house, "worker") == []
    house.move_to("2026-03-05 09:00")
    assert kinds(house, "worker") == ["reminder"]


def test_an_emergency_reminds_at_night_and_so_does_what_is_due_before_the_doors_open(house: House) -> None:
    house.clock.move_to(local("2026-03-02 22:00"))
    p = Process("P")
    half = [{"before": "50%"}]
    p.start("s").parallel("f")
    p.user("rescue", role="social_worker", due="2h", calendar="always", remind=half)
    p.user("answer", role="social_worker", due="2h", remind=half)
    p.end("e").flow("s", "f", "rescue", "e").flow("f", "answer", "e")
    house.deploy(diagram(p), starts=[{"process": "P", "roles": ["anyone"]}])
    start(house.engine, house.as_("worker"), "P")
    house.move_to("2026-03-02 23:00")
    assert kinds(house, "worker") == ["reminder", "reminder"]


def test_a_facility_counts_its_own_days_for_reminders(house: House) -> None:
    begin(house, "2026-03-06 10:00", "2wd", calendar="facility")  # a Friday; due on Sunday
    assert due(house) == "2026-03-08T09:00"
    assert steps(house)[0] == ("r0", "2026-03-07T01:00")  # Saturday at nine


def test_a_day_set_moves_what_is_due_with_its_reminders_and_tells_whoever_does_it(house: House) -> None:
    begin(house, "2026-03-02 10:00")
    claim(house.engine, house.as_("worker"), house.task("worker", "visit").id)
    closed = rest("2026-03-04")
    (told,) = preview_days(house.engine, house.as_("admin"), closed)
    assert due(house) == "2026-03-05T09:00"
    (moved,) = set_days(house.engine, house.as_("admin"), closed, "停电")
    assert moved == told
    assert (moved.name, moved.old, moved.new) == (
        "入户",
        local("2026-03-05 17:00"),
        local("2026-03-06 17:00"),
    )
    assert due(house) == "2026-03-06T09:00"
    assert steps(house) == [
        ("r0", "2026-03-05T01:00"),
        ("e0", "2026-03-06T09:00"),
        ("e1", "2026-03-09T09:00"),
    ]
    (note,) = inbox(house.engine, house.as_("worker"))
    assert "由 2026-03-05 17:00 改为 2026-03-06 17:00（停电）" in note.text.zh
    (entry,) = house.rows(t.event, t.event.c.kind == "deadline_moved")
    data = json.loads(entry["data"])
    assert (data["old"], data["new"]) == ("2026-03-05T09:00:00+00:00", "2026-03-06T09:00:00+00:00")
    assert entry["actor_id"] == house.users["admin"]
    with reading(house.engine.database) as conn:
        assert verify_chain(conn, moved.instance_id) is None
    house.move_to("2026-03-09 17:00")
    assert kinds(house, "worker") == ["information", "reminder"]
    assert kinds(house, "coordinator") == ["escalation"]


def test_what_was_said_is_not_said_again(house: House) -> None:
    begin(house, "2026-03-02 10:00")
    house.move_to("2026-03-04 10:00")  # reminded an hour ago
    set_days(house.engine, house.as_("admin"), rest("2026-03-05"), "停电")
    assert [key for key, _ in steps(house)] == ["e0", "e1"]
    house.move_to("2026-03-06 16:00")
    assert kinds(house, "worker") == ["reminder", "information"]


def test_a_year_that_is_published_ends_the_guessing(house: House) -> None:
    begin(house, "2026-12-30 10:00", "10wd")
    (task,) = house.rows(t.task)
    assert task["due_provisional"]
    before = due(house)
    assert calendar_year(house.engine, 2027).provisional
    assert calendar_year(house.engine, 2027).awaiting == 1
    notice = rest(*(day.isoformat() for day in statutory_days(2027)), "2027-01-04")
    notice.append(DaySetting(date(2027, 1, 9), "working"))
    assert len(preview_days(house.engine, house.as_("admin"), notice, year=2027)) == 0
    publish_year(
        house.engine, house.as_("admin"), 2027, notice, NOTICE
    )  # a rest day, made up for on Saturday
    (task,) = house.rows(t.task)
    assert due(house) == before
    assert not task["due_provisional"]
    assert kinds(house, "worker") == []
    view = calendar_year(house.engine, 2027)
    assert (view.provisional, view.confirmed, view.warning, view.awaiting) == (False, True, None, 0)
    assert {day.reason for day in view.set_days} == {NOTICE}
    assert len(view.set_days) == len(notice)


def test_a_notice_without_a_statutory_holiday_is_refused(house: House) -> None:
    days = rest(*(day.isoformat() for day in statutory_days(2027) if (day.month, day.day) != (10, 1)))
    with pytest.raises(Invalid) as refused:
        publish_year(house.engine, house.as_("admin"), 2027, days, NOTICE)
    assert "10-01" in refused.value.fields["days"][0].zh
    assert house.rows(t.calendar_day) == []
    assert not calendar_year(house.engine, 2027).confirmed


def test_a_date_that_has_passed_meanwhile_is_told_and_marked(house: House) -> None:
    set_days(house.engine, house.as_("admin"), rest("2026-03-04"), "停电")
    begin(house, "2026-03-02 10:00")
    assert due(house) == "2026-03-06T09:00"
    house.move_to("2026-03-06 08:00")
    again = [DaySetting(date(2026, 3, 4), None)]
    (moved,) = set_days(house.engine, house.as_("admin"), again, "来电，照常上班")
    assert moved.passed
    (task,) = house.rows(t.task)
    assert task["level"] == "yellow"
    note = inbox(house.engine, house.as_("worker"))[0]
    assert note.level == "yellow"
    assert "新期限已过" in note.text.zh
    house.move_to("2026-03-06 08:00")
    assert kinds(house, "supervisor") == ["escalation"]


def test_a_lateness_that_was_none_is_taken_back_and_escalates_when_it_comes(house: House) -> None:
    begin(house, "2026-03-02 10:00")
    house.move_to("2026-03-05 17:00")
    (task,) = house.rows(t.task)
    assert task["level"] == "yellow"
    set_days(house.engine, house.as_("admin"), rest("2026-03-03"), "台风")
    (task,) = house.rows(t.task)
    assert task["level"] == ""
    assert [key for key, _ in steps(house)] == ["e0", "e1"]
    house.move_to("2026-03-06 17:00")
    (task,) = house.rows(t.task)
    assert task["level"] == "yellow"


def test_a_day_of_one_street_leaves_the_others_alone(house: House) -> None:
    begin(house, "2026-03-02 10:00")
    admin = house.as_("admin")
    assert preview_days(house.engine, admin, rest("2026-03-04", place="qingyun")) == ()
    assert len(preview_days(house.engine, admin, rest("2026-03-04", place="jinchen"))) == 1
    assert set_days(house.engine, admin, rest("2026-03-04", calendars=("facility",)), "停水") == ()
    set_days(house.engine, admin, rest("2026-03-04", place="jinchen"), "街道活动")
    assert due(house) == "2026-03-06T09:00"
    assert [day.place_name for day in calendar_year(house.engine, 2026).set_days] == ["", "金辰街道"]


def test_a_day_set_twice_is_one_day(house: House) -> None:
    admin = house.as_("admin")
    set_days(house.engine, admin, rest("2026-03-04"), "停电")
    set_days(house.engine, admin, [DaySetting(date(2026, 3, 4), "half")], "下午停电")
    (day,) = house.rows(t.calendar_day)
    assert (day["kind"], day["reason"]) == ("half", "下午停电")


def test_what_a_breakdown_interrupts_is_done_later_and_once(house: House) -> None:
    begin(house, "2026-03-02 10:00")
    with writing(
        house.engine.database
    ) as conn:  # the days are set and the work is planned; then the power fails
        conn.execute(
            t.calendar_day.insert(),
            {"id": new_id(), "day": date(2026, 3, 4), "calendar": "office", "kind": "resting"},
        )
        (job,) = plan_recounts(conn, "", "停电", house.clock.now())
    assert due(house) == "2026-03-05T09:00"
    house.pass_(minutes=1)
    assert due(house) == "2026-03-06T09:00"
    assert not run_job(house.engine, job)
    assert len(house.rows(t.event, t.event.c.kind == "deadline_moved")) == 1


def test_what_another_process_counted_by_an_old_calendar_is_counted_again(house: House) -> None:
    set_days(house.engine, house.as_("admin"), rest("2026-03-04"), "停电")
    begin(house, "2026-03-02 10:00")
    with writing(house.engine.database) as conn:
        conn.execute(sa.update(t.task).values(due_at=local("2026-03-05 17:00")))
    house.pass_(minutes=2)
    assert due(house) == "2026-03-06T09:00"


def test_a_closed_task_keeps_its_date(house: House) -> None:
    begin(house, "2026-03-02 10:00")
    complete(house.engine, house.as_("worker"), house.task("worker", "visit").id, {})
    assert set_days(house.engine, house.as_("admin"), rest("2026-03-04"), "停电") == ()
    assert due(house) == "2026-03-05T09:00"


def test_only_administrators_set_days(house: House) -> None:
    supervisor, days = house.as_("supervisor"), rest("2026-03-04")
    with pytest.raises(NotAllowed):
        set_days(house.engine, supervisor, days, "停电")
    with pytest.raises(NotAllowed):
        publish_year(house.engine, supervisor, 2027, [], NOTICE)
    with pytest.raises(NotAllowed):
        preview_days(house.engine, supervisor, days)


@pytest.mark.parametrize(
    ("days", "field"),
    [
        ([DaySetting(date(1900, 1, 1), "resting")], "days.0.date"),
        ([*rest("2026-03-04"), *rest("2026-03-04")], "days.1.date"),
        (rest("2026-03-04", place="nowhere"), "days.0.place"),
        (rest("2026-03-04", calendars=("always",)), "days.0.calendars"),
        ([DaySetting(date(2026, 3, 4), "festive")], "days.0.kind"),  # type: ignore[arg-type]
        ([], "days"),
    ],
)
def test_a_wrong_day_is_told_beside_it_and_nothing_is_set(
    house: House, days: list[DaySetting], field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        set_days(house.engine, house.as_("admin"), days, "停电")
    assert list(refused.value.fields) == [field]
    assert house.rows(t.calendar_day) == []
    with pytest.raises(Invalid) as refused:
        set_days(house.engine, house.as_("admin"), rest("2026-03-04"), "  ")
    assert list(refused.value.fields) == ["reason"]


def test_a_published_year_moves_what_was_guessed_wrong_for_each_matter(house: House) -> None:
    begin(house, "2026-12-30 10:00", "3wd")
    for _ in range(2):
        start(house.engine, house.as_("worker"), "P")
    notice = rest(*(day.isoformat() for day in statutory_days(2027)), "2027-01-04")
    expected = preview_days(house.engine, house.as_("admin"), notice, year=2027)
    assert len(expected) == 3
    assert publish_year(house.engine, house.as_("admin"), 2027, notice, NOTICE) == expected
    assert {(task["due_at"], task["due_provisional"]) for task in house.rows(t.task)} == {
        (local("2027-01-06 17:00"), False)
    }
    assert len(house.rows(t.event, t.event.c.kind == "deadline_moved")) == 3
