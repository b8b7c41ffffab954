"""One datum once: what is known is filled in, with where it is from."""

from datetime import date
from decimal import Decimal

from engine.forms import (
    Known,
    Occasion,
    blank_values,
    prefill,
    prefilled_share,
    to_raw,
)
from engine.forms.reading import read
from engine.text import Text
from tests.engine.forms.given import LISTS, NOW, field, form_of, submit

INTAKE = Text("接案面谈", "Intake interview")
RECORD = Text("服务对象档案", "Client's record")
SOURCES = {
    "client": Known(
        {
            "mobile": Known({"number": "13800138000", "contact_name": None, "contact_number": None}, INTAKE),
            "birth_date": date(1952, 3, 8),
            "address": {"street": "jinchen", "community": "yueya", "detail": "5 栋"},
        },
        RECORD,
    ),
    "variables": {"goals": [{"indicator": "每周外出", "target": Decimal(3)}], "risk": "red", "odd": "purple"},
}
FORM = form_of(
    field("mobile", "mobile", "手机", "Mobile", binds="client.mobile"),
    field("born", "date", "出生日期", "Born", prefill="client.birth_date"),
    field("home", "address", "住址", "Home", binds="client.address"),
    field("visited", "date", "日期", "Date", prefill="today()"),
    field("risk", "choice", "风险", "Risk", options=["red", "green"], prefill="variables.risk"),
    field(
        "level",
        "choice",
        "级别",
        "Level",
        options=["red", "green"],
        prefill="variables.nothing",
        default="green",
    ),
    field("number", "number", "数", "Number", prefill="variables.odd"),
    field(
        "goals",
        "repeated_group",
        "目标",
        "Goals",
        min_rows=2,
        prefill="for g in variables.goals return {indicator: g.indicator}",
        components=[
            field("indicator", "text", "指标", "Indicator"),
            field("status", "choice", "进展", "Status", options=["open", "met"], default="open"),
        ],
    ),
    field("note", "text", "备注", "Note"),
)


def test_what_is_known_is_filled_in_with_its_source() -> None:
    found = prefill(FORM, SOURCES, NOW, options=LISTS)
    assert found["mobile"].source == INTAKE
    assert found["born"].source == RECORD
    assert found["home"].source == RECORD
    assert found["born"].value == date(1952, 3, 8)
    assert found["risk"].value == "red"


def test_defaults_and_calculations_come_from_nowhere() -> None:
    found = prefill(FORM, SOURCES, NOW, options=LISTS)
    assert found["visited"].source is None
    assert found["visited"].value == date(2026, 2, 12)
    assert (found["level"].value, found["level"].source) == ("green", None)


def test_what_a_field_could_not_hold_is_left_out() -> None:
    assert "number" not in prefill(FORM, SOURCES, NOW, options=LISTS)


def test_a_form_nobody_typed_in_is_valid_as_it_was_prefilled() -> None:
    occasion = Occasion(NOW, source=LISTS)
    raw = blank_values(FORM, prefill(FORM, SOURCES, NOW, options=LISTS), occasion)
    assert raw["goals"] == [{"indicator": "每周外出"}, {"status": "open"}]
    assert raw["visited"] == "2026-02-12"
    result = submit(FORM, raw)
    assert result.ok
    assert result.values["mobile"] == {"number": "13800138000", "contact_name": None, "contact_number": None}


def test_values_can_be_shown_again_as_they_were_typed() -> None:
    occasion = Occasion(NOW, source=LISTS)
    raw = {
        "mobile": {"none": "yes", "contact_name": "王芳", "contact_number": "13900139000"},
        "born": "1952-03-08",
        "number": "12.5",
        "goals": [{"indicator": "x", "status": "met"}, {"indicator": "y", "status": "open"}],
        "note": "好",
    }
    first = submit(FORM, raw)
    again = submit(FORM, to_raw(FORM, first.values, occasion))
    assert again.values == first.values


def test_the_share_of_prefilled_fields_is_counted() -> None:
    found = prefill(FORM, SOURCES, NOW, options=LISTS)
    occasion = Occasion(NOW, source=LISTS)
    reading = read(FORM.components, blank_values(FORM, found, occasion), occasion)
    assert prefilled_share(reading, found) == (3, 9)


def test_hostile_sources_are_left_out() -> None:
    deep: dict[str, object] = {}
    here = deep
    for _ in range(2000):
        here["x"] = {}
        here = here["x"]  # type: ignore[assignment]
    sources = {"client": {"mobile": ["13800138000"], "birth_date": {"a": 1}, "address": 5}, "variables": deep}
    assert set(prefill(FORM, sources, NOW, options=LISTS)) == {"visited", "level"}
