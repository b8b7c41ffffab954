"""The state as text: small, exact, versioned."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from engine.errors import Invalid
from engine.execution import State, Status, decode, encode
from engine.feel.values import YearsMonths
from tests.bpmn_builder import Process, each
from tests.engine.execution.play import Play


def test_values_of_every_kind_come_back_exactly() -> None:
    values: dict[str, object] = {
        "number": Decimal("12.50"),
        "count": 3,
        "day": date(2026, 2, 12),
        "moment": datetime(2026, 2, 12, 1, tzinfo=UTC),
        "span": timedelta(days=3),
        "months": YearsMonths(5),
        "list": [Decimal("0.1"), {"$odd": [None, True, "文"]}],
        "$money": "not a tag",
        "text": 'with "$decimal" in it',
    }
    p = Process("process")
    p.start().user("visit", inputs={"copy": "day"}).end().flow("start", "visit", "end")
    play = Play(p).start(variables=values)
    again = decode(encode(play.state))
    assert again == play.state
    assert again.root.variables == values
    assert str(again.root.variables["number"]) == "12.50"


def test_everything_live_comes_back() -> None:
    p = Process("process")
    p.start().parallel("split").parallel("join").end()
    with p.sub("care", loop=each('["x", "y"]', "who", result="r", results="rs", sequential=True)) as care:
        care.start("cs").user("meals").end("ce").flow("cs", "meals", "ce")
        with care.event_sub("month") as m:
            m.start("ms", interrupting=False, message="m", key="who").end("me").flow("ms", "me")
    p.boundary("late", on="care", timer="P1D")
    p.flow("start", "split", "care", "join", "end").flow("split", "join").flow("late", "end")
    state = Play(p).start().state
    assert state.root.joins
    assert decode(encode(state)) == state


def test_a_medium_instance_is_small() -> None:
    p = Process("process")
    p.start().parallel("split").parallel("join").end().flow("start", "split")
    for number in range(5):
        p.user(f"task_number_{number}").boundary(f"late_{number}", on=f"task_number_{number}", timer="P1D")
        p.flow("split", f"task_number_{number}", "join").flow(f"late_{number}", "end")
    p.flow("join", "end")
    variables = {f"variable_{number}": f"value {number}" for number in range(20)}
    assert len(encode(Play(p).start(variables=variables).state).encode()) < 2000


def test_an_unknown_version_is_refused() -> None:
    with pytest.raises(Invalid) as refused:
        decode('[99,0,"active",[],[]]')
    assert refused.value.code == "state_version"


def test_a_state_not_yet_begun_comes_back() -> None:
    assert decode(encode(State())) == State()
    assert State().status is Status.ACTIVE
