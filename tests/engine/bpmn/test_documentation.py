"""docs/bpmn.md lists every element and every rule."""

from pathlib import Path

from engine.bpmn.bodies import UNSUPPORTED
from engine.bpmn.events import EVENT_DEFINITIONS
from engine.bpmn.extensions import ATTRIBUTES
from engine.bpmn.graph import Kind
from engine.bpmn.rules import RULES

PAGE = (Path(__file__).resolve().parents[3] / "docs" / "bpmn.md").read_text(encoding="utf-8")


def test_every_element_the_reader_knows_is_in_the_table() -> None:
    for element in [*Kind, *UNSUPPORTED, *EVENT_DEFINITIONS]:
        assert f"`{element}" in PAGE, element


def test_every_extension_and_its_attributes_are_in_the_table() -> None:
    for element, attributes in ATTRIBUTES.items():
        (line,) = [
            line
            for line in PAGE.splitlines()
            if line.startswith("|") and f"`wulian:{element}`" in line.split("|")[1]
        ]
        for attribute in attributes:
            assert f"`{attribute.rstrip('*')}`" in line, (element, attribute)


def test_every_rule_is_listed_as_it_speaks() -> None:
    for name, rule in RULES.items():
        assert f"| `{name}` | {rule.severity[0]} | {rule.en} |" in PAGE, name
    assert PAGE.split("## Rules")[1].count("\n| `") == len(RULES)
