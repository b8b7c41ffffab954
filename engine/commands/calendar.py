"""What administrators do with the working calendar: set days, enter a published year, see first what it
would move.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

import sqlalchemy as sa

from engine.assembly.process_engine import ProcessEngine
from engine.assembly.working_days import CONFIRMED_YEARS, confirmed_years, read_calendar
from engine.calendar import CalendarName, DayKind, DayOverride, WorkingCalendar, published_years
from engine.calendar.days import FIRST_YEAR, LAST_YEAR, statutory_days
from engine.commands.moved_deadlines import Move, moves, plan_recounts, recount_job, remembered
from engine.commands.run_jobs import run_job
from engine.errors import Invalid
from engine.ids import new_id
from engine.people.actor import Actor
from engine.people.policy import check_may_administer
from engine.store import tables as t
from engine.store.database import reading, writing
from engine.text import Text

MOST_DAYS = 1000
#: Other processes keep calendars for some seconds; what they counted meanwhile is looked at again then.
SECOND_LOOK = timedelta(minutes=1)
_Key = tuple[object, str, str | None]


@dataclass(frozen=True, slots=True)
class DaySetting:
    """What a day is to be. ``kind`` None takes an earlier setting back. ``place`` is an organisation's code:
    the setting holds there and below; None means everywhere. A public holiday touches the ``office``
    calendar only, a storm the ``facility`` as well.
    """

    date: date
    kind: DayKind | None
    place: str | None = None
    calendars: tuple[CalendarName, ...] = ("office",)


def preview_days(
    engine: ProcessEngine, actor: Actor, days: Sequence[DaySetting], *, year: int | None = None
) -> tuple[Move, ...]:
    """The open deadlines that :func:`set_days` (with ``year``: :func:`publish_year`) would move, by their new
    date. Nothing is changed. Raises as those do.
    """
    check_may_administer(actor, engine.powers)
    with reading(engine.database) as conn:
        _check(conn, days, year)
        without, more = _keys(days), _overrides(days, "")
        confirmed = () if year is None else (year,)

        def calendar(organisation_id: UUID | None) -> WorkingCalendar:
            return read_calendar(conn, organisation_id, more=more, without=without, confirmed=confirmed)

        return moves(conn, remembered(calendar), engine.clock.now())


def set_days(
    engine: ProcessEngine, actor: Actor, days: Sequence[DaySetting], reason: str
) -> tuple[Move, ...]:
    """Set days of the calendar and count open deadlines again. Gives those that moved: each has its history
    entry, its reminders and escalations follow, and whoever does the task was told.

    Raises NotAllowed for anybody but an administrator, Invalid (fields ``days.0.date``, ``reason`` …).
    """
    if not days:
        raise _invalid("days", "请至少选择一天。", "Choose at least one day.")
    return _set(engine, actor, days, reason, None)


def publish_year(
    engine: ProcessEngine, actor: Actor, year: int, days: Sequence[DaySetting], reason: str
) -> tuple[Move, ...]:
    """Enter the State Council's notice for a year: its rest days and make-up working days, laid over plain
    weeks. The year is no guess from then on, and deadlines are counted again as in :func:`set_days`.

    Raises Invalid also where a statutory holiday of the year would be a working day.
    """
    return _set(engine, actor, days, reason, year)


def _set(
    engine: ProcessEngine, actor: Actor, days: Sequence[DaySetting], reason: str, year: int | None
) -> tuple[Move, ...]:
    check_may_administer(actor, engine.powers)
    reason = " ".join(reason.split())[:300]
    if not reason:
        raise _invalid("reason", "请写明依据或理由。", "Give the notice or the reason.")
    with writing(engine.database) as conn:
        now = engine.clock.now()
        places = _check(conn, days, year)
        for each in days:
            _write(conn, each, places.get(each.place), reason)
        if year is not None:
            _confirm(conn, year)
        moved = moves(conn, remembered(lambda origin: read_calendar(conn, origin)), now)
        by = str(actor.user_id or "")
        jobs = plan_recounts(conn, by, reason, now)
        payload = json.dumps({"by": by, "reason": reason}, ensure_ascii=False)
        conn.execute(t.job.insert(), recount_job(payload, now + SECOND_LOOK, now))
    engine.forget()
    for job_id in jobs:
        run_job(engine, job_id)
    return moved


def _write(conn: sa.Connection, setting: DaySetting, organisation_id: UUID | None, reason: str) -> None:
    day = t.calendar_day.c
    for calendar in setting.calendars:
        conn.execute(
            t.calendar_day.delete().where(
                day.day == setting.date,
                day.calendar == calendar,
                day.organisation_id.is_not_distinct_from(organisation_id),
            )
        )
        if setting.kind is not None:
            row = {"id": new_id(), "day": setting.date, "calendar": calendar, "kind": setting.kind}
            conn.execute(
                t.calendar_day.insert(), {**row, "organisation_id": organisation_id, "reason": reason}
            )


def _confirm(conn: sa.Connection, year: int) -> None:
    setting = t.setting
    conn.execute(sa.select(setting).where(setting.c.key == CONFIRMED_YEARS).with_for_update())
    years = sorted(confirmed_years(conn) | {year})
    changed = conn.execute(setting.update().where(setting.c.key == CONFIRMED_YEARS).values(value=years))
    if not changed.rowcount:
        conn.execute(setting.insert(), {"key": CONFIRMED_YEARS, "value": years})


def _check(conn: sa.Connection, days: Sequence[DaySetting], year: int | None) -> dict[str | None, UUID]:
    """The ids of the organisations named. Raises Invalid with a sentence beside every wrong day."""
    if len(days) > MOST_DAYS:
        raise _invalid("days", f"一次最多 {MOST_DAYS} 天。", f"At most {MOST_DAYS} days at a time.")
    wanted = {each.place for each in days if each.place is not None}
    org = t.organisation.c
    places: dict[str | None, UUID] = {
        row.code: row.id for row in conn.execute(sa.select(org.code, org.id).where(org.code.in_(wanted)))
    }
    wrong: dict[str, list[Text]] = {}
    seen: set[_Key] = set()
    for number, each in enumerate(days):
        text, field = _wrong(each, year, places, seen)
        if text is not None:
            wrong[f"days.{number}.{field}"] = [text]
        seen |= _keys([each])
    if wrong:
        raise Invalid(
            Text("有的日期需要更正。", "Some of the days need to be corrected."),
            fields=wrong,
            code="days_invalid",
        )
    if year is not None:
        _check_year(conn, days, year)
    return places


def _wrong(
    each: DaySetting, year: int | None, places: dict[str | None, UUID], seen: set[_Key]
) -> tuple[Text | None, str]:
    if not FIRST_YEAR <= each.date.year <= LAST_YEAR:
        words = f"日期应在 {FIRST_YEAR}—{LAST_YEAR} 年之间。", f"A day between {FIRST_YEAR} and {LAST_YEAR}."
        return Text(*words), "date"
    if year is not None and each.date.year != year:
        return Text(f"这一天不在 {year} 年。", f"This day is not in {year}."), "date"
    if _keys([each]) & seen:
        return Text(f"{each.date} 填了两次。", f"{each.date} is given twice."), "date"
    if each.kind not in (None, "working", "resting", "half"):
        return Text("应为上班、休息或半天。", "Working, resting or half a day."), "kind"
    if not each.calendars or set(each.calendars) - {"office", "facility"}:
        words = "请选择机关日历或场所日历。", "Choose the office or the facility calendar."
        return Text(*words), "calendars"
    if each.place is not None and each.place not in places:
        return Text(f"没有机构「{each.place}」。", f"There is no organisation “{each.place}”."), "place"
    if year is not None and (each.place is not None or each.calendars != ("office",)):
        words = "放假安排适用于全国机关日历。", "A year's notice holds everywhere, for the office calendar."
        return Text(*words), "place"
    return None, ""


def _check_year(conn: sa.Connection, days: Sequence[DaySetting], year: int) -> None:
    """A notice never takes a statutory holiday away: a list that does is incomplete or of another year."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise _invalid("year", "年份超出范围。", "The year is out of range.")
    if year in published_years():
        return
    after = read_calendar(conn, None, more=_overrides(days, ""), without=_keys(days), confirmed=(year,))
    missing = [f"{day:%m-%d}" for day in sorted(statutory_days(year)) if after.is_working_day(day)]
    if missing:
        listed = "、".join(missing)
        raise _invalid(
            "days",
            f"{year} 年的法定节假日 {listed} 没有列为休息日，请核对放假通知。",
            f"These statutory holidays of {year} would be working days: {listed}. Check the notice.",
        )


def _keys(days: Sequence[DaySetting]) -> set[_Key]:
    return {(each.date, calendar, each.place) for each in days for calendar in each.calendars}


def _overrides(days: Sequence[DaySetting], reason: str) -> list[DayOverride]:
    return [
        DayOverride(each.date, each.kind, scope=each.place, reason=reason, calendars=each.calendars)
        for each in days
        if each.kind is not None
    ]


def _invalid(field: str, zh: str, en: str) -> Invalid:
    text = Text(zh, en)
    return Invalid(text, fields={field: [text]}, code="days_invalid")
