"""The short texts for deadlines in diagrams."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.calendar import SHANGHAI, DeadlineAmount, amount_words
from engine.errors import Invalid


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("3wd", "3wd"),
        (" 3 WD ", "3wd"),
        ("３个工作日", "3wd"),
        ("28＠quarter", "28@quarter"),
        ("3个工作日", "3wd"),
        ("3 工作日", "3wd"),
        ("3 working days", "3wd"),
        ("2h", "2h"),
        ("2小时", "2h"),
        ("1.5h", "90min"),
        ("30min", "30min"),
        ("30 分钟", "30min"),
        ("90s", "90s"),
        ("4wh", "4wh"),
        ("0.5wh", "0.5wh"),
        ("10d", "10d"),
        ("10 天", "10d"),
        ("2w", "14d"),
        ("2 周", "14d"),
        ("3m", "3m"),
        ("3个月", "3m"),
        ("1y", "12m"),
        ("P3D", "3d"),
        ("P2W", "14d"),
        ("P1Y6M", "18m"),
        ("PT2H", "2h"),
        ("PT90M", "90min"),
        ("P1DT12H", "36h"),
        ("28@quarter", "28@quarter"),
        ("5 @ month", "5@month"),
        ("5@coming", "5@coming"),
        ("last@month", "last@month"),
        ("31@year", "last@year"),
        ("2026-03-28", "2026-03-28"),
        ("2026-03-28T10:00", "2026-03-28T10:00:00+08:00"),
        ("2026-03-28 10:00", "2026-03-28T10:00:00+08:00"),
        ("2026-03-28T10:00:00@Asia/Shanghai", "2026-03-28T10:00:00+08:00"),
        ("2026-03-28T02:00:00Z", "2026-03-28T02:00:00+00:00"),
    ],
)
def test_an_amount_is_read_and_written(text: str, canonical: str) -> None:
    amount = DeadlineAmount.parse(text)
    assert str(amount) == canonical
    assert DeadlineAmount.parse(canonical) == amount


@pytest.mark.parametrize(
    "text",
    [
        "",
        "  ",
        "3",
        "wd",
        "-3wd",
        "3 moons",
        "P",
        "PT",
        "P1M3D",
        "0@month",
        "32@month",
        "5@decade",
        "2.5wd",
        "99999999wd",
        "999999y",
        "9" * 5000,
        "1e5h",
        "٣wd",
        "2026-13-01",
        "2026-03-01T10:00@../etc/passwd",
        "2026-03-01T10:00@Nowhere/City",
        "=3wd",
        "1wd\x00",
        "999999999999h",
    ],
)
def test_what_is_not_a_deadline_is_refused_in_both_languages(text: str) -> None:
    with pytest.raises(Invalid) as refusal:
        DeadlineAmount.parse(text)
    assert refusal.value.code == "deadline_amount"
    assert refusal.value.text.zh
    assert refusal.value.text.en
    assert len(refusal.value.text.zh) < 300


@given(st.text(max_size=12))
def test_any_text_is_either_read_or_refused(text: str) -> None:
    try:
        amount = DeadlineAmount.parse(text)
    except Invalid:
        return
    assert DeadlineAmount.parse(str(amount)) == amount


def test_an_expression_may_give_a_text_a_duration_a_date_or_a_moment() -> None:
    assert DeadlineAmount.of("3wd") == DeadlineAmount(3, "working_days")
    assert DeadlineAmount.of(timedelta(days=3)) == DeadlineAmount(3, "days")
    assert DeadlineAmount.of(timedelta(hours=2)) == DeadlineAmount(7200, "seconds")
    assert DeadlineAmount.of(date(2026, 3, 28)).at == date(2026, 3, 28)
    moment = datetime(2026, 3, 28, 10, tzinfo=SHANGHAI)
    assert DeadlineAmount.of(moment).at == moment
    assert DeadlineAmount.of(moment.replace(tzinfo=None)).at == moment
    assert DeadlineAmount.of(DeadlineAmount(1, "days")) == DeadlineAmount(1, "days")


@pytest.mark.parametrize("value", [None, 3, True, [], timedelta(days=-1), timedelta(days=99999)])
def test_an_expression_that_gives_something_else_is_refused(value: object) -> None:
    with pytest.raises(Invalid):
        DeadlineAmount.of(value)


@pytest.mark.parametrize(
    ("text", "zh", "en"),
    [
        ("1wd", "1 个工作日", "1 working day"),
        ("3wd", "3 个工作日", "3 working days"),
        ("2h", "2 小时", "2 hours"),
        ("30min", "30 分钟", "30 minutes"),
        ("0.5wh", "0.5 个工作小时", "0.5 working hours"),
        ("10d", "10 天", "10 days"),
        ("3m", "3 个月", "3 months"),
        ("28@quarter", "季度末月 28 日前", "by day 28 of the quarter's last month"),
        ("last@month", "次月最后一日前", "by the last day of the next month"),
        ("2026-03-28", "2026-03-28 前", "by 2026-03-28"),
        ("2026-03-28T10:00", "2026-03-28 10:00 前", "by 2026-03-28 10:00"),
    ],
)
def test_an_amount_is_said_in_words(text: str, zh: str, en: str) -> None:
    assert amount_words(DeadlineAmount.parse(text)) == (zh, en)
