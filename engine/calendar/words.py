"""Deadlines in the words people use, with the level of alarm that goes with them."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Literal, NamedTuple

from engine.calendar.amount import LAST, DeadlineAmount, in_largest_unit
from engine.calendar.days import CalendarName
from engine.calendar.working import SHANGHAI, WorkingCalendar, local
from engine.text import Text

#: ``soon`` is the last working day before, or less than a day by the clock. Never shown by colour alone.
Level = Literal["calm", "soon", "today", "late"]


class DueWords(NamedTuple):
    """还剩 2 个工作日 and how loudly to say it."""

    text: Text
    level: Level


def due_words(
    due: datetime, now: datetime, calendar: WorkingCalendar, kind: CalendarName = "office"
) -> DueWords:
    """How much time is left until ``due``, or how long it has been over; both aware.

    Working days are counted for the office, plain days otherwise; hours and minutes where the deadline runs
    by the clock, which shows in its not ending with a day.
    """
    due_here, here = local(due), local(now)
    day, today = due_here.date(), here.date()
    if now > due:
        return DueWords(_overdue(now - due, (today - day).days), "late")
    by_clock = due != calendar.closing(day, kind)
    if by_clock and due - now < timedelta(hours=24):
        return DueWords(_left(due - now), "today" if day == today else "soon")
    if day == today:
        return DueWords(Text("今天到期", "due today"), "today")
    working = calendar.count(today, day, kind) if kind == "office" else 0
    if working > 0:
        text = Text(f"还剩 {working} 个工作日", f"{_some(working, 'working day')} left")
    else:
        days = (day - today).days
        text = Text(f"还剩 {days} 天", f"{_some(days, 'day')} left")
    soon = working <= 1 if kind == "office" else (day - today).days <= 1
    return DueWords(text, "soon" if soon else "calm")


def amount_words(amount: DeadlineAmount) -> Text:
    """An amount as people say it: 3 个工作日 / 3 working days."""
    n = amount.count
    match amount.unit:
        case "working_days":
            return Text(f"{n} 个工作日", _some(n, "working day"))
        case "days":
            return Text(f"{n} 天", _some(n, "day"))
        case "months":
            return Text(f"{n} 个月", _some(n, "month"))
        case "working_seconds":
            hours = Decimal(n) / 3600
            return Text(f"{hours:f} 个工作小时", _some(hours, "working hour"))
        case "seconds":
            size, name = in_largest_unit(n)
            zh, en = {"h": ("小时", "hour"), "min": ("分钟", "minute"), "s": ("秒", "second")}[name]
            return Text(f"{size} {zh}", _some(size, en))
        case "moment":
            return _moment(amount.at)
        case "quarter":
            return _rule(n, "季度末月", "of the quarter's last month")
        case "month":
            return _rule(n, "次月", "of the next month")
        case "coming":
            return _rule(n, "本月（已过则次月）", "of this month, or of the next if past")
        case "year":
            return _rule(n, "12 月", "of December")


def _overdue(span: timedelta, days: int) -> Text:
    if days >= 1:
        return Text(f"逾期 {days} 天", f"{_some(days, 'day')} overdue")
    if span >= timedelta(hours=1):
        hours = span // timedelta(hours=1)
        return Text(f"逾期 {hours} 小时", f"{_some(hours, 'hour')} overdue")
    minutes = max(1, span // timedelta(minutes=1))
    return Text(f"逾期 {minutes} 分钟", f"{_some(minutes, 'minute')} overdue")


def _left(span: timedelta) -> Text:
    if span >= timedelta(hours=1):
        hours = span // timedelta(hours=1)
        return Text(f"还剩 {hours} 小时", f"{_some(hours, 'hour')} left")
    minutes = max(1, span // timedelta(minutes=1))
    return Text(f"还剩 {minutes} 分钟", f"{_some(minutes, 'minute')} left")


def _some(count: int | Decimal, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def _moment(at: date | datetime | None) -> Text:
    shown = f"{at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}" if isinstance(at, datetime) else str(at)
    return Text(f"{shown} 前", f"by {shown}")


def _rule(day: int, zh: str, en: str) -> Text:
    if day == LAST:
        return Text(f"{zh}最后一日前", f"by the last day {en}")
    return Text(f"{zh} {day} 日前", f"by day {day} {en}")
