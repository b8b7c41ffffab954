"""Forms come from people we don't know; what is wrong with one is said at its place."""

import json
from typing import Any

import pytest

from engine.errors import Invalid
from engine.forms import field_types, read_form, read_form_text
from tests.engine.forms.given import documented_example, field, form_of


def places(data: dict[str, Any]) -> list[str]:
    """Where a form is wrong."""
    with pytest.raises(Invalid) as refused:
        read_form(data)
    return list(refused.value.fields)


def one(component: dict[str, Any]) -> list[str]:
    return places({"form": "a", "title": "表单", "components": [component]})


def test_the_example_of_the_reference_is_a_form() -> None:
    form = read_form(documented_example())
    assert [section.key for section in form.pages] == ["client", "wish"]
    assert "household.relation" in dict(form.fields())


def test_the_reference_names_every_field_type(documentation: str) -> None:
    for name in field_types():
        assert f"`{name}`" in documentation


def test_every_problem_is_told_at_once_with_its_place() -> None:
    data = {
        "form": "1st",
        "title": {"en": "No Chinese"},
        "colour": "red",
        "components": [
            {"key": "a-b", "type": "text", "label": "甲"},
            {"key": "b", "type": "poem", "label": "乙"},
            {"key": "c", "type": "choice", "label": "丙"},
            {"key": "c", "type": "text", "label": "丁", "requierd": True},
            {"key": "d", "type": "number", "label": "戊", "min": "1 +"},
        ],
    }
    assert places(data) == [
        "form",
        "title",
        "components[0].key",
        "components[1].type",
        "components[2].options",
        "components[3].requierd",
        "components[3].key",
        "components[4].min",
        "colour",
    ]


@pytest.mark.parametrize(
    ("more", "place"),
    [
        ({"type": "text", "max_length": 100_000}, "max_length"),
        ({"type": "text", "pattern": "(?=a)"}, "pattern"),
        ({"type": "number", "decimals": -1}, "decimals"),
        ({"type": "score", "min": 0, "max": 100}, "max"),
        ({"type": "score", "anchors": {"9": "九"}}, "anchors.9"),
        ({"type": "text", "binds": "client"}, "binds"),
        ({"type": "text", "sensitivity": "secret"}, "sensitivity"),
        ({"type": "text", "required": "yes please"}, "required"),
        ({"type": "choice", "options": []}, "options"),
        ({"type": "choice", "options": ["a", "a"]}, "options[1]"),
        ({"type": "choice", "options": [{"value": "a"}]}, "options[0].label"),
        ({"type": "photo", "accept": ["exe"]}, "accept"),
        ({"type": "identity_document", "kinds": ["library_card"]}, "kinds"),
        ({"type": "repeated_group", "components": [], "max_rows": 1}, "components"),
        ({"type": "repeated_group", "max_rows": 100_000}, "components"),
        ({"type": "consent", "version": "1"}, "text"),
        ({"type": "signature", "prefill": "client.signature"}, "prefill"),
        ({"type": "table", "columns": [{"key": "a"}], "rows": "[]"}, "columns[0].label"),
        ({"type": "computed"}, "formula"),
        ({"type": "text", "checks": [{"rule": "1 = 1"}]}, "checks[0].message"),
        ({"type": "text", "default": {"a": {"b": {"c": {"d": {"e": {"f": 1}}}}}}}, "default"),
        ({"type": "text", "autocomplete": "cc-number"}, "autocomplete"),
    ],
)
def test_a_wrong_property_is_named(more: dict[str, Any], place: str) -> None:
    assert f"components[0].{place}" in one({"key": "x", "label": "字", **more})


def test_prefills_stand_at_the_repeated_group_and_not_in_its_rows() -> None:
    rows = field(
        "r", "repeated_group", "行", "Rows", components=[field("x", "text", "字", "Word", prefill="1")]
    )
    assert one(rows) == ["components[0].components[0].prefill"]


def test_a_form_has_a_bounded_size() -> None:
    many = [field(f"x{n}", "text", "字", "Word") for n in range(301)]
    with pytest.raises(Invalid):
        form_of(*many)
    nested = field("x", "text", "字", "Word")
    for _ in range(5):
        nested = field("x", "group", "组", "Group", components=[nested])
    with pytest.raises(Invalid):
        form_of(nested)
    with pytest.raises(Invalid):
        form_of(field("x", "choice", "字", "Word", options=[str(n) for n in range(1001)]))
    with pytest.raises(Invalid):
        form_of(field("x", "text", "字" * 5001, "Word"))


@pytest.mark.parametrize(
    "text",
    ["", "[]", "null", "{", '"x"', "[" * 100_000, '{"form": ' * 50_000, "\ud800", " " * 600_000, b"\xff\xfe"],
)
def test_text_that_is_no_form_is_refused(text: str | bytes) -> None:
    with pytest.raises(Invalid):
        read_form_text(text)


WILD: list[Any] = [None, 0, "", [], {}, [[]], {"a": []}, 1.5, True]


def survives(data: dict[str, Any]) -> bool:
    """Whether a form is read or refused with places, and nothing else happens."""
    try:
        read_form(data)
    except Invalid as refused:
        return bool(refused.fields)
    return True


@pytest.mark.parametrize("top", ["form", "title", "sections", "components", "checks", "hint"])
def test_a_form_of_wild_json_is_refused_and_never_crashes(top: str) -> None:
    for value in WILD:
        data = {"form": "a", "title": "表单", "components": [field("x", "text", "字", "Word")], top: value}
        assert survives(data)


@pytest.mark.parametrize("name", field_types())
def test_a_component_of_wild_json_is_refused_and_never_crashes(name: str) -> None:
    for key in (
        "options",
        "components",
        "columns",
        "rows",
        "text",
        "accept",
        "min",
        "anchors",
        "label",
        "type",
    ):
        for value in WILD:
            assert survives(
                {"form": "a", "title": "表单", "components": [{**field("x", name, "字", "W"), key: value}]}
            )


def test_a_form_can_be_read_from_text() -> None:
    assert read_form_text(json.dumps(documented_example())).key == "intake_interview"
