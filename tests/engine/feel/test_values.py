"""How values are kept as JSON, and what is taken from outside."""

import json
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from enum import IntEnum, StrEnum
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.errors import Invalid
from engine.feel import Function, Range, YearsMonths, compile_expression
from engine.feel.values import from_json, load, to_json

MOMENTS = st.datetimes(
    timezones=st.sampled_from([None, UTC, timezone(timedelta(hours=8)), ZoneInfo("Asia/Shanghai")])
)
SCALARS = (
    st.none()
    | st.booleans()
    | st.text()
    | st.integers(-(10**20), 10**20)
    | st.decimals(allow_nan=False, allow_infinity=False)
    | st.dates()
    | MOMENTS
    | st.times()
    | st.timedeltas()
    | st.builds(YearsMonths, st.integers(-10_000, 10_000))
    | st.builds(Range, st.integers(), st.integers(), st.booleans(), st.booleans())
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.text(max_size=5) | st.sampled_from(["$date", "$", "$$", "$x"]), inner, max_size=4
        )
    ),
    max_leaves=12,
)


@settings(max_examples=300, deadline=None)
@given(VALUES)
def test_what_is_kept_comes_back_the_same(value: object) -> None:
    kept = json.loads(json.dumps(to_json(value)))
    back = from_json(kept)
    assert back == value
    assert to_json(back) == kept


def test_whole_numbers_stay_json_numbers_and_money_keeps_its_cents() -> None:
    assert to_json(Decimal(12)) == 12
    assert to_json(Decimal("12.30")) == {"$decimal": "12.30"}
    assert str(from_json({"$decimal": "12.30"})) == "12.30"
    assert to_json(10**30) == 10**30


def test_dates_are_tagged_as_people_write_them() -> None:
    assert to_json({"due": date(2026, 2, 12)}) == {"due": {"$date": "2026-02-12"}}
    assert to_json(time(10, 30, tzinfo=UTC)) == {"$time": "10:30:00Z"}
    assert to_json(timedelta(days=3)) == {"$duration": "P3D"}
    assert to_json(datetime(2026, 2, 12, 2, tzinfo=UTC)) == {"$datetime": "2026-02-12T02:00:00Z"}


def test_a_function_cannot_be_kept() -> None:
    with pytest.raises(Invalid):
        to_json({"f": Function((), lambda run, arguments: None)})


def test_numbers_from_outside_become_decimal() -> None:
    assert compile_expression("a + b").evaluate({"a": 1, "b": 0.1}) == Decimal("1.1")
    assert load((1, [2.5], {"x": float("nan")})) == [1, [Decimal("2.5")], {"x": None}]


class Urgency(StrEnum):
    CRISIS = "crisis"


class Grade(IntEnum):
    HIGH = 3


def test_members_of_enums_are_their_values() -> None:
    condition = compile_expression('urgency = "crisis" and grade = 3')
    assert condition.evaluate({"urgency": Urgency.CRISIS, "grade": Grade.HIGH}) is True


def test_a_value_feel_has_no_type_for_is_a_mistake_of_the_program() -> None:
    with pytest.raises(TypeError, match="object"):
        compile_expression("a").evaluate({"a": object()})


def test_values_given_are_never_changed() -> None:
    given_list: list[object] = [3, 1, 2]
    compile_expression("[append(l, 4), sort(l, function(x, y) x < y), reverse(l)]").evaluate(
        {"l": given_list}
    )
    assert given_list == [3, 1, 2]
