"""What shows, what is demanded, what is worked out."""

from datetime import date
from decimal import Decimal

import pytest

from engine.errors import Invalid
from tests.engine.forms.given import field, form_of, said, submit

WISH = form_of(
    field("wants_service", "yes_no", "愿意接受服务", "Wants the service", required=True),
    field("reason", "long_text", "原因", "Reason", visible_when="wants_service = false", required=True),
)


def test_a_refusal_asks_for_its_reason() -> None:
    assert said(WISH, {"wants_service": "no"}) == {"reason": ["请填写原因"]}


def test_what_is_hidden_is_neither_demanded_nor_kept() -> None:
    result = submit(WISH, {"wants_service": "yes", "reason": "改变主意前写的"})
    assert result.ok
    assert result.values == {"wants_service": True}


def test_a_later_round_clears_the_variable_of_a_hidden_field() -> None:
    assert submit(WISH, {"wants_service": "yes"}).variables == {"wants_service": True, "reason": None}


def test_an_unanswered_condition_hides() -> None:
    assert said(WISH, {}) == {"wants_service": ["请回答“愿意接受服务”"]}


def test_a_hidden_field_counts_as_empty_for_those_behind_it() -> None:
    form = form_of(
        field("last", "text", "三", "Third", visible_when='middle = "b"', required=True),
        field("middle", "choice", "二", "Second", options=["a", "b"], visible_when='first = "x"'),
        field("first", "choice", "一", "First", options=["x", "y"]),
    )
    assert submit(form, {"first": "y", "middle": "b"}).ok
    assert said(form, {"first": "x", "middle": "b"}) == {"last": ["请填写三"]}


def test_required_may_depend_on_another_answer() -> None:
    form = form_of(
        field("decision", "choice", "决定", "Decision", options=["pass", "return"], required=True),
        field("advice", "long_text", "意见", "Advice", required='decision = "return"'),
    )
    assert submit(form, {"decision": "pass"}).ok
    assert said(form, {"decision": "return"}) == {"advice": ["请填写意见"]}


def test_a_section_hides_all_its_fields() -> None:
    form = form_of(
        components=None,
        sections=[
            {"key": "a", "title": "危险", "components": [field("danger", "yes_no", "有危险", "Danger")]},
            {
                "key": "b",
                "title": "处置",
                "visible_when": "danger = true",
                "components": [field("police", "yes_no", "已报警", "Police called", required=True)],
            },
        ],
    )
    assert submit(form, {"danger": "no"}).values == {"danger": False}
    assert said(form, {"danger": "yes"}) == {"police": ["请回答“已报警”"]}


def test_the_risk_score_adds_up_six_domains() -> None:
    domains = ["body", "mind", "family", "money", "housing", "support"]
    scores = [field(key, "score", key, key, required=True) for key in domains]
    form = form_of(
        *scores,
        field("risk_score", "computed", "风险分", "Risk score", formula=f"sum([{', '.join(domains)}])"),
        field("plan", "text", "安全计划", "Safety plan", visible_when="risk_score >= 16", required=True),
    )
    low = submit(form, dict.fromkeys(domains, "2") | {"risk_score": "30"})
    assert low.variables["risk_score"] == Decimal(12), "what was sent for a computed field counts for nothing"
    high = said(form, dict.fromkeys(domains, "5"))
    assert high == {"plan": ["请填写安全计划"]}


def test_age_is_worked_out_of_the_identity_number() -> None:
    form = form_of(
        field("document", "identity_document", "证件", "Document", required=True),
        field(
            "age",
            "computed",
            "年龄",
            "Age",
            formula="years and months duration(document.birth_date, today()).years",
        ),
        field("guardian", "person", "监护人", "Guardian", visible_when="age < 14", required=True),
    )
    child = submit(form, {"document": {"kind": "id_card", "number": "53010320130512002X"}})
    assert child.messages == {"guardian": ["请填写监护人"]}
    elder = submit(form, {"document": {"kind": "id_card", "number": "530103195203080030"}})
    assert elder.variables == {"age": Decimal(73)}


def test_conditions_that_chase_each_other_come_to_rest() -> None:
    form = form_of(
        field("a", "text", "甲", "A", visible_when="b = null"),
        field("b", "text", "乙", "B", visible_when="a = null"),
    )
    assert len(submit(form, {"a": "1", "b": "2"}).values) <= 2


def test_what_the_caller_knows_is_seen_by_conditions_and_the_forms_own_fields_win() -> None:
    form = form_of(
        field("risk", "choice", "风险", "Risk", options=["red", "green"]),
        field("visit", "date", "上门日期", "Visit", visible_when='variables.level = "red"', required=True),
        field("call", "date", "电话日期", "Call", visible_when='risk = "red"', required=True),
    )
    context = {"variables": {"level": "red"}, "risk": "red"}
    assert said(form, {"risk": "green"}, context=context) == {"visit": ["请填写上门日期"]}


def test_a_rule_between_fields_speaks_at_its_field() -> None:
    form = form_of(
        field("start", "date", "开始", "Start", required=True),
        field(
            "end",
            "date",
            "结束",
            "End",
            checks=[
                {"rule": "end > start", "message": {"zh_Hans_CN": "结束应晚于开始", "en": "End after start"}}
            ],
        ),
    )
    assert said(form, {"start": "2026-03-01", "end": "2026-03-01"}, "en") == {"end": ["End after start"]}
    assert submit(form, {"start": "2026-03-01", "end": "2026-03-02"}).values["end"] == date(2026, 3, 2)
    assert submit(form, {"start": "2026-03-01"}).ok, "an empty field breaks no rule"


def test_a_rule_of_the_form_speaks_at_the_field_it_names_or_at_the_form() -> None:
    votes = [field(key, "number", zh, key, decimals=0) for key, zh in (("yes", "赞成"), ("no", "反对"))]
    form = form_of(
        *votes,
        checks=[
            {"rule": "yes > no", "message": "赞成未过半", "at": "yes"},
            {"rule": "yes + no >= 3", "message": "参加人数不足"},
        ],
    )
    assert said(form, {"yes": "1", "no": "1"}) == {"yes": ["赞成未过半"], "": ["参加人数不足"]}


def test_messages_come_in_the_order_of_the_page() -> None:
    form = form_of(*(field(key, "text", key, key, required=True) for key in ("c", "a", "b")))
    assert list(said(form, {})) == ["c", "a", "b"]


def test_an_unknown_field_is_refused_so_that_a_misspelt_one_is_noticed() -> None:
    assert said(WISH, {"wants_service": "yes", "resaon": "x"}) == {"resaon": ["表单里没有这一项"]}


@pytest.mark.parametrize("rule", ["x >", "1 +* 2", "", "a" * 3000])
def test_an_expression_that_is_no_feel_is_refused_with_its_place(rule: str) -> None:
    with pytest.raises(Invalid) as refused:
        form_of(field("x", "text", "字", "Word", visible_when=rule))
    assert list(refused.value.fields) == ["components[0].visible_when"]
