"""The built-in functions, by their names in the standard (DMN 1.5, 10.3.4)."""

from datetime import UTC, datetime

import pytest

from engine.feel import compile_expression
from engine.feel.functions import BUILTINS

NOW = datetime(2026, 2, 12, 17, 0, tzinfo=UTC)


def feel(text: str, /, **context: object) -> object:
    return compile_expression(text).evaluate(context, now=NOW)


CASES = [
    # conversion
    ('string(["a", 1, {b: @"P1D"}])', '["a", 1, {b: P1D}]'),
    ('number("1 234,5", " ", ",")', "1234.5"),
    ('number("12x")', None),
    ('date("2026-02-12")', "2026-02-12"),
    ("date(2026, 2, 12)", "2026-02-12"),
    ('date and time("2026-02-12T10:00:00")', "2026-02-12T10:00:00"),
    ('date and time(@"2026-02-12", @"10:00:00")', "2026-02-12T10:00:00"),
    ('time(10, 30, 0, @"PT8H")', "10:30:00+08:00"),
    ('duration("P1DT25H")', "P2DT1H"),
    ('years and months duration(@"2024-03-15", @"2026-02-12")', "P1Y10M"),
    ('range("[1..10)")', "[1..10)"),
    ('context([{key: "a", value: 1}])', "{a: 1}"),
    # strings
    ('substring("社区工作者", 3)', "工作者"),
    ('substring("社区工作者", -3, 2)', "工作"),
    ('string length("社区")', "2"),
    ('upper case("ab")', "AB"),
    ('lower case("AB")', "ab"),
    ('substring before("a-b", "-")', "a"),
    ('substring after("a-b", "-")', "b"),
    ('contains("社区", "区")', "true"),
    ('starts with("社区", "社")', "true"),
    ('ends with("社区", "社")', "false"),
    ('matches("13800138000", "^1[3-9]\\d{9}$")', "true"),
    ('replace("2026-02-12", "(\\d+)-(\\d+)-(\\d+)", "$1年$2月$3日")', "2026年02月12日"),
    ('split("a;b", ";")', '["a", "b"]'),
    ('string join(["a", null, "b"], "、")', "a、b"),
    # numbers
    ("decimal(2.5, 0)", "2"),
    ("round half up(2.5, 0)", "3"),
    ("round half down(2.5, 0)", "2"),
    ("round up(2.01, 0)", "3"),
    ("round down(2.99, 1)", "2.9"),
    ("floor(-1.5)", "-2"),
    ("ceiling(1.21, 1)", "1.3"),
    ("abs(-3)", "3"),
    ("modulo(-7, 3)", "2"),
    ("sqrt(16)", "4"),
    ("round half up(log(exp(2)), 6)", "2.000000"),
    ("odd(3)", "true"),
    ("even(3)", "false"),
    ("not(true)", "false"),
    # lists
    ("list contains([1, null], null)", "true"),
    ("count([1, 2])", "2"),
    ("min(3, 1, 2)", "1"),
    ("max([3, 1, 2])", "3"),
    ("sum(1, 2, 3)", "6"),
    ("mean([1, 2, 6])", "3"),
    ("median(8, 2, 5, 3, 4)", "4"),
    ("stddev([2, 4, 7, 5]) > 2", "true"),
    ("mode([6, 1, 9, 6, 1])", "[1, 6]"),
    ("product([2, 3, 4])", "24"),
    ("all([true, null])", None),
    ("any([false, true])", "true"),
    ("sublist([4, 5, 6], 1, 2)", "[4, 5]"),
    ("append([1], 2, 3)", "[1, 2, 3]"),
    ("concatenate([1], [2])", "[1, 2]"),
    ("insert before([4, 6], 2, 5)", "[4, 5, 6]"),
    ("remove([4, 5], -1)", "[4]"),
    ("list replace([1, 2], 2, 9)", "[1, 9]"),
    ("list replace([1, 5], function(item, new) item < new, 3)", "[3, 5]"),
    ("reverse([1, 2])", "[2, 1]"),
    ("index of([1, 2, 1], 1)", "[1, 3]"),
    ("union([1, 2], [2, 3])", "[1, 2, 3]"),
    ("distinct values([1, 1.0, null, null])", "[1, null]"),
    ("flatten([1, [2, [3]]])", "[1, 2, 3]"),
    ("sort([3, 1, 2], function(x, y) x > y)", "[3, 2, 1]"),
    # contexts
    ('get value({a: 1}, "a")', "1"),
    ("get entries({a: 1})", '[{key: "a", value: 1}]'),
    ('context put({a: 1}, "b", 2)', "{a: 1, b: 2}"),
    ('context put({a: {b: 1}}, ["a", "b"], 2)', "{a: {b: 2}}"),
    ("context merge([{a: 1}, {b: 2}])", "{a: 1, b: 2}"),
    # time
    ("today()", "2026-02-13"),
    ("now()", "2026-02-13T01:00:00@Asia/Shanghai"),
    ('day of week(@"2026-02-12")', "Thursday"),
    ('day of year(@"2026-02-12")', "43"),
    ('week of year(@"2026-02-12")', "7"),
    ('month of year(@"2026-02-12")', "February"),
    ('is(@"P1Y", @"P12M")', "true"),
    # ranges
    ("before([1..5), [5..8])", "true"),
    ("after(6, [1..5])", "true"),
    ("meets([1..5], [5..8])", "true"),
    ("met by([5..8], [1..5])", "true"),
    ("overlaps([1..5], [3..8])", "true"),
    ("overlaps before([1..5], [3..8])", "true"),
    ("overlaps after([3..8], [1..5])", "true"),
    ("finishes(5, [1..5])", "true"),
    ("finished by([1..5], [3..5])", "true"),
    ("includes([1..5], 5)", "true"),
    ("during(5, [1..5))", "false"),
    ("starts([1..3], [1..5])", "true"),
    ("started by([1..5], 1)", "true"),
    ("coincides([1..5], [1..5])", "true"),
]


@pytest.mark.parametrize(("text", "written"), CASES)
def test_function(text: str, written: str | None) -> None:
    value = feel(text)
    assert (None if value is None else feel("string(v)", v=value)) == written


def test_every_function_of_the_standard_is_tried() -> None:
    tried = {name for name in BUILTINS if any(f"{name}(" in text for text, _ in CASES)}
    assert set(BUILTINS) == tried


def test_arguments_may_be_named_and_a_wrong_name_is_null() -> None:
    assert feel('substring(string: "abc", start position: 2)') == "bc"
    assert feel('substring(string: "abc", position: 2)') is None
    assert feel('string join(delimiter: "-", list: ["a", "b"])') == "a-b"


def test_a_single_value_stands_for_a_list_and_a_list_of_one_for_its_value() -> None:
    assert feel("count(7)") == 1
    assert feel('upper case(["a"])') == "A"


def test_functions_from_outside_are_called_by_position_or_name() -> None:
    def working_days(start: object, days: object = None) -> object:
        return f"{start}+{days}"

    expression = compile_expression(
        'working days("今天", 3) = working days(start: "今天", days: 3)', names={"working days"}
    )
    assert expression.evaluate({}, functions={"working days": working_days}) is True
    assert expression.functions == {"working days"}


def test_a_variable_may_have_the_name_of_a_function() -> None:
    assert feel("count([1, 2]) + count", count=40) == 42
