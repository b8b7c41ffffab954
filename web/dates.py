"""Moments as people in China read them: Beijing time, in the language of the page."""

from datetime import date, datetime

from babel.dates import format_date, format_datetime, format_time

from engine.calendar.working import SHANGHAI, local
from web.language import locale


def day(value: date | datetime, today: date | None = None) -> str:
    """3月27日 周五 / Fri, Mar 27; with the year where it is another one than that of ``today``."""
    shown = local(value).date() if isinstance(value, datetime) else value
    if today is not None and shown.year != today.year:
        return full_day(shown)
    if locale() == "en":
        return str(format_date(shown, "EEE d MMM", locale="en"))
    return str(format_date(shown, "M月d日 EEE", locale="zh_Hans_CN"))


def full_day(value: date | datetime) -> str:
    """2026年3月27日 / 27 March 2026."""
    shown = local(value).date() if isinstance(value, datetime) else value
    return str(format_date(shown, "d MMMM y" if locale() == "en" else "y年M月d日", locale=locale()))


def moment(value: datetime, now: datetime | None = None) -> str:
    """3月27日 14:05 / 27 Mar, 14:05; today only the time, with the word."""
    here = local(value)
    if now is not None and here.date() == local(now).date():
        return ("Today " if locale() == "en" else "今天 ") + f"{here:%H:%M}"
    pattern = "d MMM y, HH:mm" if locale() == "en" else "y年M月d日 HH:mm"
    if now is not None and here.year == local(now).year:
        pattern = "d MMM, HH:mm" if locale() == "en" else "M月d日 HH:mm"
    return str(format_datetime(here, pattern, tzinfo=SHANGHAI, locale=locale()))


def clock(value: datetime) -> str:
    """14:05."""
    return str(format_time(local(value), "HH:mm", tzinfo=SHANGHAI, locale=locale()))


__all__ = ["clock", "day", "full_day", "moment"]
