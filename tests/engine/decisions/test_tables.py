"""Decision tables: which rules hold, what the hit policy makes of them, and what history is told."""

from decimal import Decimal

import pytest

from engine.decisions import Decided, decide
from engine.errors import NotFound
from tests.engine.decisions.drawing import decision, model, table


def ask(
    policy: str, *rules: str, outputs: str = "level", given: dict[str, object], **options: str
) -> Decided:
    inputs = options.pop("inputs", "age alone")
    return decide(model(decision("risk", table(policy, inputs, outputs, *rules, **options))), "risk", given)


RISK = ('>= 80 | true => "red"', '>= 60 | - => "yellow"', '- | true => "green"')
OLD_AND_ALONE: dict[str, object] = {"age": 82, "alone": True}


def numbers(decided: Decided) -> list[int]:
    return [rule.number for rule in decided.matched[0].rules]


def test_unique_gives_the_one_rule_that_holds_and_says_which() -> None:
    decided = ask("UNIQUE", *RISK, given={"age": 65, "alone": False})
    assert decided.value == "yellow"
    assert decided.matched[0].decision == "risk"
    assert decided.matched[0].table == "t"
    assert [(rule.number, rule.id) for rule in decided.matched[0].rules] == [(2, "r2")]


def test_unique_with_two_rules_is_null_and_names_them() -> None:
    decided = ask("UNIQUE", *RISK, given=OLD_AND_ALONE)
    assert decided.value is None
    assert numbers(decided) == [1, 2, 3]
    assert decided.problems[0].element == "t"
    assert decided.problems[0].text.zh == "规则 1, 2, 3 同时成立,但只能有一条。"


def test_no_rule_is_null_or_the_default() -> None:
    assert ask("UNIQUE", "> 90 | - => 1", given=OLD_AND_ALONE).value is None
    decided = ask("UNIQUE", "> 90 | - => 1", given=OLD_AND_ALONE, default="0")
    assert decided.value == 0
    assert numbers(decided) == []


def test_any_wants_agreement() -> None:
    assert ask("ANY", '> 80 | - => "x"', '- | true => "x"', given=OLD_AND_ALONE).value == "x"
    decided = ask("ANY", '> 80 | - => "x"', '- | true => "y"', given=OLD_AND_ALONE)
    assert decided.value is None
    assert "不同" in decided.problems[0].text.zh


def test_first_gives_the_uppermost() -> None:
    decided = ask("FIRST", *RISK, given=OLD_AND_ALONE)
    assert decided.value == "red"
    assert numbers(decided) == [1]


def test_priority_goes_by_the_order_of_the_allowed_outputs() -> None:
    decided = ask("PRIORITY", *reversed(RISK), given=OLD_AND_ALONE, ranks='"red", "yellow", "green"')
    assert decided.value == "red"
    assert numbers(decided) == [3]


def test_rule_order_and_output_order_list_all() -> None:
    rules = tuple(reversed(RISK))
    assert ask("RULE ORDER", *rules, given=OLD_AND_ALONE).value == ["green", "yellow", "red"]
    ordered = ask("OUTPUT ORDER", *rules, given=OLD_AND_ALONE, ranks='"red", "yellow", "green"')
    assert ordered.value == ["red", "yellow", "green"]
    assert numbers(ordered) == [3, 2, 1]


@pytest.mark.parametrize(
    ("aggregation", "value"),
    [("", [30, 20, 20]), ("SUM", 70), ("MIN", 20), ("MAX", 30), ("COUNT", 3)],
)
def test_collect(aggregation: str, value: object) -> None:
    points = (">= 80 | - => 30", "- | true => 20", ">= 60 | true => 20", "< 18 | - => 50")
    assert ask("COLLECT", *points, given=OLD_AND_ALONE, aggregation=aggregation).value == value


def test_counting_nothing_is_zero() -> None:
    assert ask("COLLECT", "> 90 | - => 1", given=OLD_AND_ALONE, aggregation="COUNT").value == 0


def test_several_outputs_make_a_context() -> None:
    decided = ask("FIRST", '>= 80 | true => "red" | 7', given=OLD_AND_ALONE, outputs="level days")
    assert decided.value == {"level": "red", "days": Decimal(7)}


def test_cells_may_compute_with_what_the_decision_sees() -> None:
    decided = ask("FIRST", "> limit | - => age - limit", given={**OLD_AND_ALONE, "limit": 60})
    assert decided.value == 22


def test_an_input_outside_the_allowed_values_is_told() -> None:
    decided = ask(
        "FIRST", '"crisis" => 1', given={"urgency": "soon"}, inputs="urgency", allowed='"crisis", "urgent"'
    )
    assert decided.value is None
    assert "urgency" in decided.problems[0].text.en


def test_a_decision_is_found_by_id_or_name_and_an_unknown_one_is_said() -> None:
    read = model(decision("风险 等级", table("FIRST", "age", "level", '- => "red"'), id_="risk"))
    assert decide(read, "risk", {}).value == decide(read, "风险 等级", {}).value == "red"
    with pytest.raises(NotFound) as caught:
        decide(read, "none", {})
    assert caught.value.element == "none"
