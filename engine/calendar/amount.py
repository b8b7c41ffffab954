"""How much time a deadline gives: the short text written in a diagram, and its meaning.

The grammar (spaces and letter case don't matter)::

    amount  := number unit | iso | rule | moment
    unit    := wd  working days        工作日, 个工作日, working days
             | wh  working hours       工作小时, working hours
             | h   hours               小时, hours           (90min, 30s likewise: 分钟, 秒)
             | d   calendar days       天, 日, days
             | w   weeks, m months, y years                  周, 个月, 年
    iso     := P3D | P2W | P1M | P1Y | PT2H | P1DT12H        (ISO 8601)
    rule    := day "@" ( quarter | month | coming | year )   day = 1…31 or "last"
    moment  := 2026-03-28 | 2026-03-28T10:00 | 2026-03-28T10:00+08:00 | 2026-03-28T10:00@Asia/Shanghai

``28@quarter`` is the 28th of the last month of the quarter, ``5@month`` the 5th of the month after the
start, ``5@coming`` the next 5th (the start's own day counts), ``20@year`` the 20th of December. Months and
years end on the same day of the month, or its last [民法典 202]. Only hours take a fraction (``1.5h``).
"""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Literal
from unicodedata import normalize
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from engine.calendar.working import SHANGHAI
from engine.errors import Invalid
from engine.text import Text

Unit = Literal[
    "working_days",
    "working_seconds",
    "seconds",
    "days",
    "months",
    "quarter",
    "month",
    "coming",
    "year",
    "moment",
]
#: Thirty years, in days: longer than any file is kept; a bound for hostile input.
_LONGEST_DAYS = 30 * 366
_LIMITS: dict[Unit, int] = {
    "working_days": 10 * 262,
    "working_seconds": 2000 * 3600,
    "seconds": _LONGEST_DAYS * 86400,
    "days": _LONGEST_DAYS,
    "months": 30 * 12,
}
#: Stands for the last day of a month in a rule.
LAST = 31

_NAMES: tuple[tuple[str, Unit, int], ...] = (
    ("wd 工作日 个工作日 workingday workingdays workday workdays", "working_days", 1),
    ("wh 工作小时 个工作小时 workinghour workinghours", "working_seconds", 3600),
    ("h 小时 个小时 hour hours", "seconds", 3600),
    ("min 分钟 分 minute minutes", "seconds", 60),
    ("s 秒 second seconds", "seconds", 1),
    ("d 天 日 个自然日 自然日 day days", "days", 1),
    ("w 周 个星期 星期 week weeks", "days", 7),
    ("m 个月 月 month months", "months", 1),
    ("y 年 year years", "months", 12),
)
_UNITS = {name: (unit, factor) for names, unit, factor in _NAMES for name in names.split()}

_RULES: dict[str, Unit] = {
    "quarter": "quarter",
    "month": "month",
    "coming": "coming",
    "year": "year",
}
_PLAIN = re.compile(r"([0-9]{1,9}(?:\.[0-9]{1,4})?)([a-z\u4e00-\u9fff]+)")
_RULE = re.compile(r"([0-9]{1,2}|last)@(quarter|month|coming|year)")
_ISO = re.compile(
    r"p(?=[0-9t])(?:([0-9]{1,6})y)?(?:([0-9]{1,6})m)?(?:([0-9]{1,6})w)?(?:([0-9]{1,6})d)?"
    r"(?:t(?=[0-9])(?:([0-9]{1,9})h)?(?:([0-9]{1,9})m)?(?:([0-9]{1,9})s)?)?"
)


@dataclass(frozen=True, slots=True)
class DeadlineAmount:
    """So much time: ``count`` of ``unit``; for a rule the day of the month; for a moment ``at`` and 0."""

    count: int
    unit: Unit
    at: date | datetime | None = None

    @staticmethod
    def parse(text: str) -> "DeadlineAmount":
        """Read the text form. Raises :class:`Invalid` (``deadline_amount``) saying what is wrong."""
        if len(text) > 60:
            raise _not_understood(text)
        tidy = normalize("NFKC", text).strip()  # full-width digits, as an input method gives them
        plain = "".join(tidy.split()).lower()
        return _plain(plain, text) or _rule(plain, text) or _iso(plain, text) or _moment(tidy, text)

    @staticmethod
    def of(value: object) -> "DeadlineAmount":
        """What an expression gave: a text, a date, a date and time, or a duration."""
        match value:
            case DeadlineAmount():
                return value
            case str():
                return DeadlineAmount.parse(value)
            case datetime():
                aware = value if value.tzinfo else value.replace(tzinfo=SHANGHAI)
                return DeadlineAmount(0, "moment", aware)
            case date():
                return DeadlineAmount(0, "moment", value)
            case timedelta():
                if value.seconds or value.microseconds:
                    return _bounded(int(value.total_seconds()), "seconds", str(value))
                return _bounded(value.days, "days", str(value))
            case None:
                raise _not_understood("null")
            case _:
                return DeadlineAmount.parse(str(value))

    @property
    def in_hours(self) -> bool:
        """Whether it runs by the clock, at once, instead of ending with a day [民法典 201]."""
        return self.unit in ("seconds", "working_seconds") or isinstance(self.at, datetime)

    def __str__(self) -> str:
        """The text form again."""
        match self.unit:
            case "working_days":
                return f"{self.count}wd"
            case "days":
                return f"{self.count}d"
            case "months":
                return f"{self.count}m"
            case "working_seconds":
                return f"{Decimal(self.count) / 3600:f}wh"
            case "seconds":
                size, name = in_largest_unit(self.count)
                return f"{size}{name}"
            case "moment":
                assert self.at is not None  # noqa: S101 - set wherever a moment is made
                return self.at.isoformat()
            case _:
                return f"{'last' if self.count == LAST else self.count}@{self.unit}"


def _plain(plain: str, text: str) -> DeadlineAmount | None:
    match = _PLAIN.fullmatch(plain)
    if match is None or match[2] not in _UNITS:
        return None
    unit, factor = _UNITS[match[2]]
    count = Decimal(match[1]) * factor
    if "." in match[1] and unit not in ("seconds", "working_seconds"):
        raise Invalid(
            Text(f"“{text}”：只有小时可以带小数。", f"“{text}”: only hours may have a fraction."),
            code="deadline_amount",
        )
    return _bounded(int(count), unit, text)


def _rule(plain: str, text: str) -> DeadlineAmount | None:
    match = _RULE.fullmatch(plain)
    if match is None:
        return None
    day = LAST if match[1] == "last" else int(match[1])
    if not 1 <= day <= 31:
        raise Invalid(
            Text(f"“{text}”：日期应为 1 到 31 或 last。", f"“{text}”: the day must be 1 to 31, or last."),
            code="deadline_amount",
        )
    return DeadlineAmount(day, _RULES[match[2]])


def _iso(plain: str, text: str) -> DeadlineAmount | None:
    match = _ISO.fullmatch(plain)
    if match is None:
        return None
    years, months, weeks, days, hours, minutes, seconds = (int(part or 0) for part in match.groups())
    clock = hours * 3600 + minutes * 60 + seconds
    month_count, day_count = years * 12 + months, weeks * 7 + days
    if month_count and (day_count or clock):
        raise Invalid(
            Text(
                f"“{text}”：月、年不能与天、小时合用。",
                f"“{text}”: months and years cannot be combined with days or hours.",
            ),
            code="deadline_amount",
        )
    if month_count:
        return _bounded(month_count, "months", text)
    if "t" in plain:
        return _bounded(day_count * 86400 + clock, "seconds", text)
    return _bounded(day_count, "days", text)


def _moment(plain: str, text: str) -> DeadlineAmount:
    try:
        return DeadlineAmount(0, "moment", date.fromisoformat(plain))
    except ValueError:
        pass
    clock, _, zone = plain.partition("@")  # FEEL writes a named zone behind an @
    try:
        at = datetime.fromisoformat(clock)
        if zone or at.tzinfo is None:
            at = at.replace(tzinfo=ZoneInfo(zone) if zone else SHANGHAI)
    except (ValueError, ZoneInfoNotFoundError, OSError):
        raise _not_understood(text) from None
    return DeadlineAmount(0, "moment", at)


def _bounded(count: int, unit: Unit, text: str) -> DeadlineAmount:
    if not 0 <= count <= _LIMITS[unit]:
        raise Invalid(
            Text(f"“{text}”：期限过长或为负数。", f"“{text}”: the deadline is too long, or negative."),
            code="deadline_amount",
        )
    return DeadlineAmount(count, unit)


def _not_understood(text: str) -> Invalid:
    shown = text if len(text) <= 40 else text[:40] + "…"
    return Invalid(
        Text(
            f"看不懂期限“{shown}”。可以写 3wd（工作日）、2h（小时）、4wh（工作小时）、10d（天）、"
            "3m（月）、28@quarter（季末月 28 日）、2026-03-28。",
            f"“{shown}” is not a deadline. Write 3wd (working days), 2h (hours), 4wh (working hours), "
            "10d (days), 3m (months), 28@quarter (the 28th of the quarter's last month) or 2026-03-28.",
        ),
        code="deadline_amount",
    )


def in_largest_unit(seconds: int) -> tuple[int, Literal["h", "min", "s"]]:
    """Seconds in the largest unit that leaves no remainder: 7200 → (2, "h")."""
    if seconds % 3600 == 0:
        return seconds // 3600, "h"
    return (seconds // 60, "min") if seconds % 60 == 0 else (seconds, "s")
