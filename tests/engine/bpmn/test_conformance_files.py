"""The public conformance suite lies beside the checkout: each diagram compiles or is refused exactly."""

from pathlib import Path

from engine.bpmn.reading import Reading, read

FOLDER = Path(__file__).resolve().parents[4] / "shared" / "conformance" / "bpmn"
#: Refused because the scripts are the suite's own directives, not FEEL.
DIRECTIVES = "script-language"


def readings() -> dict[str, Reading]:
    return {path.stem: read(path.read_bytes(), own=False) for path in sorted(FOLDER.glob("*/*.bpmn"))}


def test_every_file_compiles_or_is_refused_on_its_element() -> None:
    for name, reading in readings().items():
        for finding in reading.findings:
            if finding.severity == "error" and finding.rule != DIRECTIVES:
                assert finding.element, (name, finding)
                assert finding.text.zh
                assert finding.text.en


def test_what_is_refused_is_what_the_first_floor_leaves_out() -> None:
    rules = {
        finding.rule
        for reading in readings().values()
        for finding in reading.findings
        if finding.severity == "error"
    }
    assert rules <= {
        DIRECTIVES,
        "unsupported-element",
        "unsupported-event",
        "multiple-events",
        "multi-instance-behaviour",
        "instantiate",
        "quantity",
        "data-association",
        "loop-number",
    }
