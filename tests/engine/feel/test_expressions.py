"""What people write at gateways, timers and collections."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from engine.errors import Invalid
from engine.feel import FeelSyntaxError, compile_expression


def feel(text: str, /, **context: object) -> object:
    return compile_expression(text).evaluate(context, now=datetime(2026, 2, 12, 17, 0, tzinfo=UTC))


def test_a_gateway_compares_an_amount_and_an_urgency() -> None:
    condition = compile_expression('amount > 1000 and urgency = "crisis"')
    assert condition.evaluate({"amount": 1200, "urgency": "crisis"}) is True
    assert condition.evaluate({"amount": Decimal("999.99"), "urgency": "crisis"}) is False
    assert condition.names == {"amount", "urgency"}


def test_what_is_missing_is_null_and_null_is_neither_true_nor_false() -> None:
    assert feel("amount > 1000") is None
    assert feel("amount > 1000 and false") is False
    assert feel('if amount > 1000 then "big" else "small"') == "small"


def test_chinese_names_need_no_quoting() -> None:
    assert feel("客户.年龄 >= 60 and 客户.独居", 客户={"年龄": 71, "独居": True}) is True


def test_names_with_spaces_are_known_from_outside_or_from_the_expression() -> None:
    names = {"monthly income", "Student's bonus"}
    named = compile_expression("monthly income + Student's bonus", names=names)
    assert named.evaluate({"monthly income": 3, "Student's bonus": 4}) == 7
    assert feel("for the n in [1, 2] return the n * 2") == [2, 4]
    assert feel("{first part: 1, sum: first part + 1}.sum") == 2


def test_today_is_the_day_in_shanghai_at_the_injected_moment() -> None:
    assert feel("today()") == date(2026, 2, 13)
    assert feel('now() = date and time("2026-02-12T17:00:00Z")') is True


def test_a_mistake_is_told_with_line_and_column_in_both_languages() -> None:
    with pytest.raises(FeelSyntaxError) as caught:
        compile_expression("amount >\n  and 3")
    assert isinstance(caught.value, Invalid)
    assert (caught.value.line, caught.value.column, caught.value.position) == (2, 3, 11)
    assert caught.value.text.zh.startswith("第 2 行第 3 列")
    assert caught.value.text.en.startswith("Line 2, column 3")


def test_a_full_width_sign_is_named_as_the_slip_it_is() -> None:
    with pytest.raises(FeelSyntaxError, match="instead of the full-width"):
        compile_expression("金额 > 1000 and （紧急)")
