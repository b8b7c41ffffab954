"""When timers are due. Local times are those of China."""

from datetime import UTC, date, datetime, timedelta

import pytest

from engine.bpmn.graph import EventDefinition, TimerKind, Trigger
from engine.errors import Invalid
from engine.execution import first_firing, next_firing
from engine.feel import compile_expression
from tests.bpmn_builder import Process
from tests.engine.execution.play import Play

NOW = datetime(2026, 1, 31, 4, tzinfo=UTC)  # 12:00 on 31 January in China
KINDS = {"date": TimerKind.DATE, "duration": TimerKind.DURATION, "cycle": TimerKind.CYCLE}


def timer(text: str, kind: str) -> EventDefinition:
    written = compile_expression(text[1:]) if text.startswith("=") else text
    return EventDefinition(Trigger.TIMER, timer_kind=KINDS[kind], timer=written)


def due(text: str, kind: str, **context: object) -> datetime:
    moment, cycle = first_firing(timer(text, kind), context, NOW)
    assert cycle is None
    return moment


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("PT36H", NOW + timedelta(hours=36)),
        ("P2D", NOW + timedelta(days=2)),
        ("P1W", NOW + timedelta(days=7)),
        ("PT0.5S", NOW + timedelta(seconds=0.5)),
        ("P1M", datetime(2026, 2, 28, 4, tzinfo=UTC)),
        ("P1Y2M3DT4H", datetime(2027, 4, 3, 8, tzinfo=UTC)),
        ("-PT1H", NOW - timedelta(hours=1)),
        ('=duration("P3D")', NOW + timedelta(days=3)),
        ('=duration("P2M")', datetime(2026, 3, 31, 4, tzinfo=UTC)),
        ('="PT" + string(hours) + "H"', NOW + timedelta(hours=5)),
    ],
)
def test_durations_run_from_now(text: str, expected: datetime) -> None:
    assert due(text, "duration", hours=5) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-02-12T10:00:00Z", datetime(2026, 2, 12, 10, tzinfo=UTC)),
        ("2026-02-12T10:00:00+08:00", datetime(2026, 2, 12, 2, tzinfo=UTC)),
        ("2026-02-12T10:00:00", datetime(2026, 2, 12, 2, tzinfo=UTC)),
        ("2026-02-12T10:00", datetime(2026, 2, 12, 2, tzinfo=UTC)),
        ("20260212T100000Z", datetime(2026, 2, 12, 10, tzinfo=UTC)),
        ("2026-02-12", datetime(2026, 2, 11, 16, tzinfo=UTC)),
        ("=visit_day", datetime(2026, 2, 11, 16, tzinfo=UTC)),
        ('=visit_day + duration("P1D")', datetime(2026, 2, 12, 16, tzinfo=UTC)),
        ("=moment", datetime(2026, 2, 12, 1, tzinfo=UTC)),
        ('=date and time("2026-02-12T10:00:00@Europe/Berlin")', datetime(2026, 2, 12, 9, tzinfo=UTC)),
        ('=now() + duration("PT1H")', NOW + timedelta(hours=1)),
    ],
)
def test_dates_are_moments_in_utc(text: str, expected: datetime) -> None:
    found = due(text, "date", visit_day=date(2026, 2, 12), moment=datetime(2026, 2, 12, 1, tzinfo=UTC))
    assert found == expected
    assert found.tzinfo is UTC


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("soon", "duration"),
        ("P", "duration"),
        ("PT", "duration"),
        ("P1H", "duration"),
        ("=null", "duration"),
        ("=3", "duration"),
        ("=[1]", "date"),
        ("2026-02-30", "date"),
        ("P99999999D", "duration"),
        ("P999999Y", "duration"),
        ("R", "cycle"),
        ("R0/PT1H", "cycle"),
        ("R3/PT0S", "cycle"),
        ("R3/-PT1H", "cycle"),
        ("R/P0D", "cycle"),
        ("R3/P1D/2026-01-01T00:00:00Z", "cycle"),
        ("R3/2026-01-02T00:00:00Z/2026-01-01T00:00:00Z", "cycle"),
        ("R1/2/3/4", "cycle"),
        ("R9999999999/PT1H", "cycle"),
        ("R/" + "P1D" * 1000, "cycle"),
    ],
)
def test_what_is_no_time_is_said_to_be_none(text: str, kind: str) -> None:
    with pytest.raises(Invalid) as refused:
        first_firing(timer(text, kind), {}, NOW)
    assert refused.value.code == "timer"


def firings(text: str, count: int, kind: str = "cycle", late: timedelta = timedelta()) -> list[str]:
    """The due moments in local time when every one is fired ``late``."""
    moment, cycle = first_firing(timer(text, kind), {}, NOW)
    found = [moment]
    while cycle is not None and len(found) < count:
        again = next_firing(cycle, moment, moment + late)
        assert again is not None
        moment, cycle = again
        found.append(moment)
    return [f"{one + timedelta(hours=8):%m-%d %H:%M}" for one in found]


def test_a_cycle_fires_as_often_as_it_says() -> None:
    assert firings("R3/PT10H", 9) == ["01-31 22:00", "02-01 08:00", "02-01 18:00"]
    assert firings("R1/PT10H", 9) == ["01-31 22:00"]
    assert firings("PT6H", 3) == ["01-31 18:00", "02-01 00:00", "02-01 06:00"]


def test_an_endless_cycle_goes_on() -> None:
    assert firings("R/P1D", 3) == ["02-01 12:00", "02-02 12:00", "02-03 12:00"]
    assert firings("R-1/P1D", 2) == ["02-01 12:00", "02-02 12:00"]


def test_a_cycle_with_a_start_begins_there() -> None:
    assert firings("R2/2026-02-10T09:00:00+08:00/P7D", 9) == ["02-10 09:00", "02-17 09:00"]
    assert firings("R/2026-02-10T09:00:00+08:00/2026-02-11T09:00:00+08:00", 2) == [
        "02-10 09:00",
        "02-11 09:00",
    ]


def test_a_cycle_whose_start_has_passed_goes_on_on_its_grid() -> None:
    assert firings("R/2020-01-01T09:00:00+08:00/P1D", 2) == ["02-01 09:00", "02-02 09:00"]


def test_a_monthly_cycle_keeps_its_day_of_the_month() -> None:
    assert firings("R/2026-01-31T09:00:00+08:00/P1M", 4) == [
        "02-28 09:00",
        "03-31 09:00",
        "04-30 09:00",
        "05-31 09:00",
    ]


def test_firing_a_little_late_does_not_move_the_grid() -> None:
    assert firings("R/P1D", 3, late=timedelta(minutes=7)) == ["02-01 12:00", "02-02 12:00", "02-03 12:00"]


def test_what_was_missed_fires_once_and_then_goes_on_from_now() -> None:
    moment, cycle = first_firing(timer("R/PT1H", "cycle"), {}, NOW)
    assert cycle is not None
    back = NOW + timedelta(days=3, minutes=30)
    assert next_firing(cycle, moment, back) == (NOW + timedelta(days=3, hours=1), cycle)
    months = "R/2020-01-31T01:00:00Z/P1M"
    again = next_firing(months, NOW, datetime(2026, 12, 31, 1, tzinfo=UTC))
    assert again == (datetime(2027, 1, 31, 1, tzinfo=UTC), months)


def test_a_cycle_of_seconds_that_began_long_ago_is_found_at_once() -> None:
    moment, _ = first_firing(timer("R/0001-01-02T00:00:00Z/PT1S", "cycle"), {}, NOW)
    assert moment == NOW + timedelta(seconds=1)


def test_a_timer_that_is_none_is_an_incident_on_its_token() -> None:
    p = Process("process")
    p.start().user("visit").catch("later", timer="= when").end().boundary("late", on="visit", timer="= when")
    p.boundary("asked", on="visit", message="asked")
    p.flow("start", "visit", "later", "end").flow("late", "end").flow("asked", "end")
    play = Play(p).start(variables={"when": "whenever"})
    assert play.incident.node == "visit"
    assert play.incident.code == "timer"
    assert "whenever" in play.incident.text.zh
    assert play.open == []
    assert play.subscriptions == []


def test_a_cycle_at_an_intermediate_event_lets_one_token_pass_each_time() -> None:
    p = Process("process")
    p.start().catch("weekly", cycle="R3/P7D").user("call").end().flow("start", "weekly", "call", "end")
    play = Play(p).start()
    play.wait(timedelta(days=7))
    assert play.open == ["call"]
    play.wait(timedelta(days=30))
    assert play.open == ["call", "call", "call"]
    for _ in range(3):
        play.complete("call")
    assert play.status == "completed"


def test_a_timer_may_use_a_function_of_the_house() -> None:
    p = Process("process")
    p.start().catch("later", timer='= deadline("3wd")').end().flow("start", "later", "end")
    play = Play(p, functions={"deadline": lambda amount: datetime(2026, 3, 5, 9, tzinfo=UTC)}).start()
    assert play.timers[0].due == datetime(2026, 3, 5, 9, tzinfo=UTC)
