"""What a diagram's reading found, for assertions."""

from engine.bpmn.findings import Finding
from engine.bpmn.graph import Graph
from engine.bpmn.reading import read
from tests.bpmn_builder import Process, diagram


def compiled(*processes: Process, roots: str = "") -> Graph:
    """The graph of a diagram without errors."""
    reading = read(diagram(*processes, roots=roots))
    assert reading.graph is not None, reading.findings
    return reading.graph


def found(*processes: Process, roots: str = "", own: bool = True) -> dict[tuple[str, str | None], Finding]:
    """Findings by rule and element."""
    findings = read(diagram(*processes, roots=roots), own=own).findings
    return {(finding.rule, finding.element): finding for finding in findings}


def errors(*processes: Process, roots: str = "", own: bool = True) -> list[tuple[str, str | None]]:
    """Rule and element of each error."""
    return [key for key, one in found(*processes, roots=roots, own=own).items() if one.severity == "error"]


def warnings(*processes: Process, roots: str = "", own: bool = True) -> list[tuple[str, str | None]]:
    """Rule and element of each warning."""
    return [key for key, one in found(*processes, roots=roots, own=own).items() if one.severity == "warning"]


def simple(id: str = "visit") -> Process:
    """start → (a node the caller adds) → end."""
    p = Process()
    p.start().end()
    p.flow("start", id, "end")
    return p
