"""Runs DMN test suites: folders of ``*.dmn`` with ``*-test-*.xml`` beside them, in the TCK's format."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from lxml import etree

from engine.decisions import DecisionModel, call_service, decide, read_dmn
from engine.decisions.xml import child, children, parse, text_of
from engine.errors import WulianError
from engine.feel import temporal
from engine.feel.evaluation import Run
from engine.feel.limits import DEFAULT_LIMITS
from engine.feel.operators import equals
from engine.feel.values import Range

_NOW = datetime(2026, 2, 12, 2, 0, tzinfo=UTC)
_TOLERANCE = Decimal("1e-8")
_NIL = "{http://www.w3.org/2001/XMLSchema-instance}nil"
_TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"


@dataclass(frozen=True)
class Result:
    """One expected result of one case."""

    case: str
    passed: bool
    detail: str = ""


def run_folder(folder: Path) -> Iterator[Result]:
    """Every result of every test file below a folder."""
    for file in sorted(folder.rglob("*-test-*.xml")):
        yield from _run_file(file)


def _run_file(file: Path) -> Iterator[Result]:
    root = parse(file.read_bytes())
    name = text_of(child(root, "modelName"))
    try:
        model = _load(file.parent / name)
    except (WulianError, OSError) as error:
        for case in children(root, "testCase"):
            for node in children(case, "resultNode"):
                yield Result(_label(file, case, node), False, f"model refused: {error}")
        return
    for case in children(root, "testCase"):
        yield from _run_case(file, case, model)


def _load(file: Path) -> DecisionModel:
    """The model, with those it imports, which lie in the same folder."""
    others = {}
    for path in file.parent.glob("*.dmn"):
        if path != file:
            others[parse(path.read_bytes()).get("namespace", "")] = path
    loaded: dict[str, DecisionModel] = {}

    def load(path: Path) -> DecisionModel:
        source = path.read_bytes()
        for each in children(parse(source), "import"):
            namespace = each.get("namespace", "")
            if namespace in others and namespace not in loaded:
                loaded[namespace] = load(others[namespace])
        return read_dmn(source, imports=loaded, lenient=True)

    return load(file)


def _label(file: Path, case: etree._Element, node: etree._Element) -> str:
    return f"{file.parent.parent.name}/{file.stem}/{case.get('id')}/{node.get('name')}"


def _run_case(file: Path, case: etree._Element, model: DecisionModel) -> Iterator[Result]:
    inputs = {each.get("name", ""): read_value(each) for each in children(case, "inputNode")}
    for node in children(case, "resultNode"):
        label = _label(file, case, node)
        expected_node = child(node, "expected")
        expected = None if expected_node is None else read_value(expected_node)
        try:
            actual = _actual(model, case, node.get("name", ""), inputs)
        except WulianError as error:
            actual = None
            if expected is not None:
                yield Result(label, False, f"{type(error).__name__}: {error}")
                continue
        if same(actual, expected):
            yield Result(label, True)
        else:
            yield Result(label, False, f"expected {expected!r}, got {actual!r}")


def _actual(model: DecisionModel, case: etree._Element, name: str, inputs: dict[str, Any]) -> object:
    if case.get("type") == "decisionService":
        wanted = case.get("invocableName")
        service = next(each for each in model.services.values() if each.name == wanted)
        value = call_service(model, service.id, inputs, now=_NOW).value
        if len(service.outputs) > 1 and isinstance(value, dict) and name in value:
            return value[name]
        return value
    return decide(model, name, inputs, now=_NOW).value


# ---- values ----


def read_value(node: etree._Element) -> Any:
    """The value inside ``inputNode``, ``expected``, ``component`` or ``item``."""
    components = children(node, "component")
    if components:
        return {each.get("name", ""): read_value(each) for each in components}
    many = child(node, "list")
    if many is not None:
        return [read_value(each) for each in children(many, "item")]
    value = child(node, "value")
    if value is None or value.get(_NIL) == "true":
        return None
    return _typed("".join(map(str, value.itertext())), value.get(_TYPE, "xsd:string").rpartition(":")[2])


def _typed(text: str, kind: str) -> Any:
    if kind == "string":
        return text
    text = text.strip()
    if kind == "boolean":
        return text in ("true", "1")
    if kind in ("decimal", "double", "integer", "float", "int", "long"):
        try:
            return Decimal(text)
        except InvalidOperation:
            return text
    if kind == "date":
        return temporal.parse_date(text)
    if kind == "time":
        return temporal.parse_time(text)
    if kind == "dateTime":
        return temporal.parse_datetime(text)
    if kind == "duration":
        return temporal.parse_duration(text)
    return text


def same(actual: Any, expected: Any) -> bool:
    """Equal, numbers within the suite's tolerance."""
    if isinstance(actual, Decimal) and isinstance(expected, Decimal):
        return abs(actual - expected) <= _TOLERANCE
    if isinstance(actual, list) and isinstance(expected, list):
        return len(actual) == len(expected) and all(map(same, actual, expected))
    if isinstance(actual, dict) and isinstance(expected, dict):
        return actual.keys() == expected.keys() and all(same(actual[key], expected[key]) for key in expected)
    if expected is None or actual is None:
        return expected is actual
    if isinstance(actual, Range):
        return bool(actual == expected)
    return equals(actual, expected, Run({}, None, DEFAULT_LIMITS, {})) is True
