"""Expressions written to hang, to eat memory or to get out. Each ends soon, with a sentence."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.errors import LimitExceeded, WulianError
from engine.feel import Limits, compile_expression, compile_unary_tests

DOUBLING = "{f: function(x, n) if n = 0 then x else f([x, x], n - 1), r: "
BOMBS = {
    "counting pairs": "some i in 1..9000, j in 1..9000 satisfies i * j = -1",
    "a long list": "for i in 1..10000000 return i",
    "a product of lists": "for i in 1..9000, j in 1..9000 return 1",
    "recursion": "{f: function(x) f(x), r: f(1)}.r",
    "recursion twice": "{f: function(x) f(x) + f(x), r: f(1)}.r",
    "a doubling string": '{f: function(x, n) if n = 0 then x else f(x + x, n - 1), r: f("啊", 60)}.r',
    "a doubling list": DOUBLING.replace("[x, x]", "concatenate(x, x)") + "f([1], 60)}.r",
    "a list of itself": DOUBLING + "f([1], 60)}.r",
    "comparing such lists": DOUBLING + "f(1, 60) = f(1, 60)}.r",
    "flattening one": DOUBLING + "flatten(f(1, 60))}.r",
    "writing one": DOUBLING + "string(f(1, 60))}.r",
    "partial results of partial results": "for i in 1..9000 return partial",
    "a deep result": "for i in 1..900 return [partial[-1]]",
    "a replacement that grows": f'replace("{"a" * 9000}", "a", "{"b" * 9000}")',
    "costly roots": "some i in 1..9000, j in 1..9000 satisfies sqrt(i + j) ** 0.5 = -1",
    "sorting with a slow order": "sort(1..3, function(x, y) x < y) = 1 or "
    "(some i in 1..9000 satisfies sort([9, 8, 7, 6, 5, 4, 3, 2, 1], function(x, y) x < y) = 1)",
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_stopped(name: str) -> None:
    text = BOMBS[name].replace("sort(1..3,", "sort([1, 2, 3],")
    with pytest.raises(LimitExceeded) as caught:
        compile_expression(text).evaluate({})
    assert caught.value.text.zh.endswith("。")


@pytest.mark.parametrize(
    "text",
    [
        "(" * 5000,
        "[" * 5000,
        "-" * 5000 + "1",
        "not(" * 5000,
        "{a:" * 5000,
        "if a then " * 1500,
        "a" + ".b" * 9000,
    ],
)
def test_nesting_is_bounded(text: str) -> None:
    with pytest.raises(LimitExceeded):
        compile_expression(text)


def test_nested_tests_are_read_once_and_a_ladder_of_else_if_is_not_deep() -> None:
    nested = "[1][item in (" * 25 + "1" + ")]" * 25
    assert compile_expression(nested).evaluate({}) == [1]
    ladder = "".join(f"if n = {number} then {number} else " for number in range(500)) + "-1"
    assert compile_expression(ladder).evaluate({"n": 499}) == 499


def test_length_is_bounded_but_a_long_flat_expression_is_fine() -> None:
    with pytest.raises(LimitExceeded):
        compile_expression("1" * 20_001)
    assert compile_expression("1" + " + 1" * 4_000).evaluate({}) == 4_001
    assert compile_expression(" and ".join(["true"] * 2_000)).evaluate({}) is True


def test_a_catastrophic_pattern_answers_at_once() -> None:
    assert compile_expression(f'matches("{"a" * 5000}!", "^(a+)+$")').evaluate({}) is False
    assert compile_expression('matches("aaaa", "(a{1000}){1000}")').evaluate({}) is None


@pytest.mark.parametrize(
    "text",
    [
        "x.__class__",
        "x.__class__.__mro__",
        "[].append",
        '"a".format',
        "(function(a) a).invoke",
        "d.tzinfo",
        "f.name",
    ],
)
def test_no_path_leads_to_python(text: str) -> None:
    from datetime import UTC, datetime

    value = compile_expression(text).evaluate({"x": 1, "d": datetime(2026, 2, 12, tzinfo=UTC)})
    assert value in (None, [])


@pytest.mark.parametrize("zone", ["../../etc/passwd", "/etc/passwd", "Asia", "posixrules/..", "A" * 64])
def test_a_zone_name_is_no_way_to_a_file(zone: str) -> None:
    assert compile_expression(f'date and time("2026-02-12T10:00:00@{zone}")').evaluate({}) is None


def test_limits_can_be_tighter() -> None:
    tight = Limits(max_iterations=50, max_list=5, max_string=150)
    with pytest.raises(LimitExceeded):
        compile_expression("for i in 1..6 return i").evaluate({}, limits=tight)
    with pytest.raises(LimitExceeded):
        compile_expression("some i in 1..5, j in 1..5 satisfies i + j + 1 > 100").evaluate({}, limits=tight)
    with pytest.raises(LimitExceeded):
        compile_expression("s + s").evaluate({"s": "啊" * 100}, limits=tight)


SPACED = (
    "( ) [ ] { } . , : + - * / < > = ? @ ' .. ** <= != 1 2.5 a 客户 if then else for in return some every "
    "satisfies and or between not instance of function external null true sum partial item （ ， "
    '" "a" \\ \x00 \ud800'
)
WORDS = [*SPACED.split(" "), "date and time", "string length", '@"2026-02-12"', '@"P1D"', "\n"]


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(WORDS), max_size=25).map(" ".join) | st.text(max_size=40))
def test_any_text_is_either_refused_with_a_sentence_or_runs(text: str) -> None:
    try:
        compile_expression(text).evaluate({"a": [1, {"b": "x"}]})
        compile_unary_tests(text).matches(1, {})
    except WulianError as error:
        refused = error
    else:
        return
    assert refused.text.zh
    assert refused.text.en
