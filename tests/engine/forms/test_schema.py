"""The derived marshmallow schema, and field types of plugins."""

from collections.abc import Iterator

import pytest
from marshmallow import EXCLUDE, ValidationError

from engine.forms import Component, FieldType, Occasion, marshmallow_schema, register, unregister
from engine.forms.types.base import Refused, compact
from engine.text import Text
from tests.engine.forms.given import NOW, field, form_of, said, submit


class Plate(FieldType):
    """A plugin's own field: the number plate of a car."""

    name = "number_plate"

    def parse(self, component: Component, raw: object, occasion: Occasion) -> object:
        plate = compact(raw, component.label).upper()
        if not plate.startswith("云"):
            raise Refused(("", Text("应为云南车牌", "must be a plate of Yunnan")))
        return plate


@pytest.fixture
def plate() -> Iterator[None]:
    register(Plate())
    yield
    unregister("number_plate")


def test_the_schema_loads_typed_values_and_names_every_wrong_field() -> None:
    form = form_of(
        field("name", "text", "姓名", "Name", required=True),
        field(
            "home", "group", "家", "Home", components=[field("rooms", "number", "房间", "Rooms", decimals=0)]
        ),
    )
    schema = marshmallow_schema(form, Occasion(NOW))
    assert schema.load({"name": "李梅", "home": {"rooms": "3"}}) == {"name": "李梅", "home": {"rooms": 3}}
    with pytest.raises(ValidationError) as refused:
        schema.load({"home": {"rooms": "x"}})
    assert set(refused.value.messages_dict) == {"name", "home"}


def test_the_schema_finds_out_itself_what_shows() -> None:
    rows = [
        field("met", "yes_no", "见到", "Met", required=True),
        field("why", "text", "原因", "Why", visible_when="met = false", required=True),
    ]
    schema = marshmallow_schema(
        form_of(field("r", "repeated_group", "行", "Rows", components=rows)), Occasion(NOW)
    )
    assert schema.load({"r": [{"met": "yes"}, {"met": "no", "why": "不在家"}]}) == {
        "r": [{"met": True}, {"met": False, "why": "不在家"}]
    }
    with pytest.raises(ValidationError):
        schema.load({"r": [{"met": "no"}]})


def test_unknown_fields_can_be_left_out_instead() -> None:
    form = form_of(field("name", "text", "姓名", "Name"))
    assert marshmallow_schema(form, Occasion(NOW), unknown=EXCLUDE).load({"name": "x", "y": 1}) == {
        "name": "x"
    }


@pytest.mark.parametrize("key", ["Meta", "load", "fields", "context", "opts", "validate"])
def test_a_key_may_be_a_word_the_schema_uses_itself(key: str) -> None:
    form = form_of(field(key, "text", "字", "Word", required=True))
    assert submit(form, {key: "好"}).values == {key: "好"}
    assert said(form, {}) == {key: ["请填写字"]}


def test_keys_may_be_chinese() -> None:
    form = form_of(
        field("风险", "choice", "风险", "Risk", options=["高", "低"]),
        field("说明", "text", "说明", "Why", visible_when='风险 = "高"', required=True),
    )
    assert said(form, {"风险": "高"}) == {"说明": ["请填写说明"]}


@pytest.mark.usefixtures("plate")
def test_a_plugin_adds_a_field_type() -> None:
    form = form_of(field("car", "number_plate", "车牌", "Plate", required=True))
    assert submit(form, {"car": "云a12345"}).values == {"car": "云A12345"}
    assert said(form, {"car": "京A12345"}) == {"car": ["应为云南车牌"]}
    assert said(form, {}) == {"car": ["请填写车牌"]}


@pytest.mark.usefixtures("plate")
def test_two_field_types_cannot_have_one_name() -> None:
    with pytest.raises(ValueError, match="number_plate"):
        register(Plate())
