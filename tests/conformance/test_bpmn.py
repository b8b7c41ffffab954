"""The BPMN suite doesn't fall behind what it has reached."""

import json
from pathlib import Path

import pytest

from tests.bpmn_builder import Process, diagram
from tests.conformance import bpmn

FOLDER = Path(__file__).resolve().parents[3] / "shared" / "conformance" / "bpmn"
SECOND = "CREATE_TIMESTAMP_LOG_2 WAIT_TEN_SECONDS CREATE_TIMESTAMP_LOG_2"
EXPECTED = Path(__file__).with_name("bpmn_expected.json")


def test_what_passes_and_what_is_refused_is_what_is_written_down() -> None:
    """``bpmn_expected.json`` maps the cases that don't pass to the reason. The suite lies beside the
    checkout; where it isn't there, nothing can be compared."""
    expected = json.loads(EXPECTED.read_text(encoding="utf-8"))
    found = list(bpmn.run_folder(FOLDER)) if FOLDER.is_dir() else []
    assert {one.case: one.detail for one in found if not one.passed} == (
        expected["failures"] if found else {}
    )
    assert len(found) in (0, expected["total"])


def suite(folder: Path, process: Process, *, xml: str = "", **case: object) -> list[bpmn.Result]:
    source = diagram(process, roots=xml)
    (folder / "case.bpmn").write_bytes(source)
    given = {"test": "a", "integerVariable": 0, "expect": [], "settle_seconds": 0, "parallel": False, **case}
    cases = [{"file": "case.bpmn", "process": process.id, "cases": [given]}]
    (folder / "cases.json").write_text(json.dumps(cases), encoding="utf-8")
    return list(bpmn.run_folder(folder))


def script(process: Process, id: str, directive: str) -> None:
    process.node("scriptTask", id, extra=f"<bpmn:script>{directive}</bpmn:script>")


def two_branches(first: str, second: str) -> Process:
    p = Process("suite")
    p.start().parallel("split").end()
    for branch, directives in (("a", first), ("b", second)):
        places = [f"{branch}{number}" for number, _ in enumerate(directives.split())]
        for place, directive in zip(places, directives.split(), strict=True):
            script(p, place, directive)
        p.flow("split", *places, "end")
    p.flow("start", "split")
    return p


def test_the_log_is_compared_as_a_multiset(tmp_path: Path) -> None:
    p = two_branches("SCRIPT_task1 SCRIPT_task2", "INCREMENT_INTEGER_VARIABLE_AND_LOG CREATE_MARKER_FILE")
    assert suite(tmp_path, p, expect=["MarkerExists", "Task2", "Task1", "Increment"])[0].passed
    (missing,) = suite(tmp_path, p, expect=["MarkerExists", "Task2", "Increment"])
    assert not missing.passed
    assert "Task1" in missing.detail


@pytest.mark.parametrize(
    ("first", "second", "passed"),
    [
        ("CREATE_TIMESTAMP_LOG_1 WAIT_TEN_SECONDS CREATE_TIMESTAMP_LOG_1", SECOND, True),
        ("CREATE_TIMESTAMP_LOG_1 CREATE_TIMESTAMP_LOG_1", "SCRIPT_task1", False),
    ],
)
def test_branches_that_run_side_by_side_overlap(
    tmp_path: Path, first: str, second: str, passed: bool
) -> None:
    expect = ["Task1"] if "task1" in second else []
    (result,) = suite(tmp_path, two_branches(first, second), parallel=True, expect=expect)
    assert result.passed is passed


def test_a_script_that_waits_can_be_overtaken_by_a_timer(tmp_path: Path) -> None:
    p = Process("suite")
    p.start().end().boundary("late", on="slow", timer="PT5S")
    script(p, "slow", "WAIT_TEN_SECONDS")
    script(p, "in_time", "SCRIPT_task1")
    script(p, "too_late", "SCRIPT_task2")
    p.flow("start", "slow", "in_time", "end").flow("late", "too_late", "end")
    assert suite(tmp_path, p, expect=["Task2"])[0].passed


def test_an_error_is_expected_to_be_reported(tmp_path: Path) -> None:
    p = Process("suite")
    p.start().exclusive("x").end("one").end("two")
    p.flow("start", "x").flow("x", "one", when='test = "b"').flow("x", "two", when='test = "c"')
    assert suite(tmp_path, p, expect=["RuntimeException"])[0].passed
    (unreported,) = suite(tmp_path, p, test="b", expect=["RuntimeException"])
    assert unreported.detail == "no error was reported"


def test_a_script_that_throws_is_caught_on_its_boundary(tmp_path: Path) -> None:
    p = Process("suite")
    p.start().end().boundary("caught", on="bad", error="E1")
    script(p, "bad", "THROW_ERROR")
    script(p, "after", "SCRIPT_task1")
    p.flow("start", "bad", "end").flow("caught", "after", "end")
    assert suite(tmp_path, p, expect=["Task1"])[0].passed


def test_a_refused_diagram_tells_why(tmp_path: Path) -> None:
    p = Process("suite")
    p.start().node("complexGateway", "strange").end().flow("start", "strange", "end")
    (refused,) = suite(tmp_path, p)
    assert refused.detail == "refused: unsupported-element (strange)"
    assert suite(tmp_path, p, expect=["GenericError"])[0].passed
