"""A plugin says how its field type is asked."""

from collections.abc import Iterator

import pytest

from engine.forms import Component, FieldType, Occasion, Refused, register, unregister
from engine.forms.place import Place
from engine.forms.types.base import compact
from engine.text import Text
from tests.engine.forms.given import field, form_of
from tests.web.forms.house import House, words
from web.forms import register_widget, single, unregister_widget


class NumberPlate(FieldType):
    """The example of docs/forms.md."""

    name = "number_plate"

    def configure(self, place: Place) -> dict[str, str | None]:
        return {"province": place.take_string("province", longest=1)}

    def parse(self, component: Component, raw: object, occasion: Occasion) -> object:
        plate = compact(raw, component.label).upper()
        if not plate.startswith(component.settings["province"] or ""):
            raise Refused(("", Text("车牌不是本省的", "the plate is of another province")))
        return plate


@pytest.fixture
def plates() -> Iterator[None]:
    register(NumberPlate())
    register_widget("number_plate", lambda spot: single(spot, width="short", type="text", placeholder="云A"))
    yield
    unregister_widget("number_plate")
    unregister("number_plate")


@pytest.mark.usefixtures("plates")
def test_a_plugin_brings_a_field_type_with_its_own_properties_and_input() -> None:
    house = House(form_of(field("car", "number_plate", "车牌", "Plate", province="云")))
    box = house.get().labelled("车牌")
    assert box.get("placeholder") == "云A"
    assert "field-width-short" in box.get("class")
    wrong = house.post({"car": "京A12345"})
    assert words(wrong.one("//*[@id='f-car-error']")) == "有误：车牌不是本省的"
    house.post({"car": "云a12345"})
    assert house.taken == {"car": "云A12345"}


@pytest.mark.usefixtures("plates")
def test_a_field_type_is_asked_in_one_way() -> None:
    with pytest.raises(ValueError, match="number_plate"):
        register_widget("number_plate", single)
