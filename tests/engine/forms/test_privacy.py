"""What goes to the process, what is encrypted, what is written back to a record."""

import pytest

from engine.errors import Invalid
from engine.forms import join
from tests.engine.forms.given import field, form_of, submit

INTAKE = form_of(
    field("client_name", "person", "姓名", "Name", required=True, binds="client.person"),
    field("mobile", "mobile", "手机", "Mobile", binds="client.mobile", to_variable=False),
    field("document", "identity_document", "证件", "Document", binds="client.identity_document"),
    field(
        "age",
        "computed",
        "年龄",
        "Age",
        formula="years and months duration(document.birth_date, today()).years",
    ),
    field("category", "choice", "救助类别", "Category", options=["low"], to_variable="aid_category"),
    field("narrative", "long_text", "经过", "Narrative", sensitivity="sensitive"),
    field(
        "household",
        "repeated_group",
        "家庭成员",
        "Household",
        components=[field("name", "person", "姓名", "Name"), field("income", "money", "收入", "Income")],
    ),
)
RAW = {
    "client_name": {"name": "张桂兰"},
    "mobile": {"number": "13800138000"},
    "document": {"kind": "id_card", "number": "530103195203080030"},
    "category": "low",
    "narrative": "独居，三天未出门。",
    "household": [{"name": {"name": "张伟"}, "income": "1800"}],
}


def test_the_process_gets_no_identifier() -> None:
    variables = submit(INTAKE, RAW).variables
    assert set(variables) == {"age", "aid_category", "household"}
    everything = repr(variables)
    assert not any(secret in everything for secret in ("张桂兰", "张伟", "13800138000", "5301031952"))


def test_personal_and_sensitive_values_are_set_apart_and_can_be_joined_again() -> None:
    result = submit(INTAKE, RAW)
    assert set(result.open) == {"age", "category", "household"}
    assert set(result.sensitive) == {"client_name", "mobile", "document", "narrative", "household"}
    assert "张伟" not in repr(result.open)
    assert join(result.open, result.sensitive) == result.values


def test_bound_fields_are_written_back_to_their_record() -> None:
    bound = submit(INTAKE, RAW).bound
    assert set(bound) == {"client.person", "client.mobile", "client.identity_document"}
    assert bound["client.mobile"] == {"number": "13800138000", "contact_name": None, "contact_number": None}


def test_a_sensitive_value_may_not_become_a_variable() -> None:
    with pytest.raises(Invalid) as refused:
        form_of(field("document", "identity_document", "证件", "Document", to_variable=True))
    assert list(refused.value.fields) == ["components[0].to_variable"]


def test_a_personal_value_becomes_a_variable_only_where_the_form_says_so() -> None:
    form = form_of(field("name", "person", "姓名", "Name", to_variable="attendee"))
    assert set(submit(form, {"name": {"name": "李梅"}}).variables) == {"attendee"}


def test_nobody_can_call_an_identity_number_public() -> None:
    with pytest.raises(Invalid):
        form_of(field("document", "identity_document", "证件", "Document", sensitivity="public"))


def test_nothing_is_given_out_of_a_form_with_errors() -> None:
    result = submit(INTAKE, {**RAW, "category": "none"})
    assert (result.values, result.variables, result.bound, result.sensitive) == ({}, {}, {}, {})
    assert result.raw["narrative"] == RAW["narrative"]
