"""Reads a diagram: from bytes to a graph and findings."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from lxml import etree

from engine.bpmn.checks import check
from engine.bpmn.compiler import Compiler
from engine.bpmn.expressions import CheckAmount
from engine.bpmn.findings import Finding, Findings
from engine.bpmn.graph import Graph
from engine.bpmn.source import BPMN, WULIAN, open_source, reference
from engine.bpmn.steps import Step, steps_of
from engine.errors import Invalid
from engine.text import Text

if TYPE_CHECKING:
    from engine.bpmn.schema import Index

#: Extension namespaces of other engines, by the name people know.
_ENGINES = {
    "http://camunda.org/schema/1.0/bpmn": "Camunda 7",
    "http://camunda.org/schema/zeebe/1.0": "Camunda 8",
    "http://flowable.org/bpmn": "Flowable",
    "http://activiti.org/bpmn": "Activiti",
    "http://www.jboss.org/drools": "jBPM",
    "http://spiffworkflow.org/bpmn/schema/1.0/core": "SpiffWorkflow",
}


@dataclass(frozen=True, slots=True)
class Reading:
    """What was found in a diagram. ``graph`` is ``None`` when a finding is an error.

    ``processes`` are (id, name) of the executable processes, ``messages`` and ``signals`` names, ``errors``
    codes, ``called`` the ids of the processes it calls.
    """

    graph: Graph | None
    findings: tuple[Finding, ...]
    processes: tuple[tuple[str, str], ...]
    messages: tuple[str, ...]
    signals: tuple[str, ...]
    errors: tuple[str, ...]
    called: tuple[str, ...]
    _draft: Graph

    def steps(self, process: str) -> tuple[Step, ...]:
        """The nodes of a process in reading order, also of a diagram that was refused."""
        return steps_of(self._draft, process)


def read(source: bytes, *, own: bool = True, check_amount: CheckAmount | None = None) -> Reading:
    """Reads a diagram to be published or imported. Bad diagrams give findings; only what is hostile,
    unreadable or beyond the limits of :mod:`engine.bpmn.source` raises :class:`Invalid`.

    ``own`` diagrams must conform to the XML schema, those of other tools get warnings. ``check_amount`` is
    given every literal amount of time and raises :class:`Invalid` for those that can't be read.
    """
    from engine.bpmn.schema import check_schema, index_of  # SpiffWorkflow is loaded only here

    root = open_source(source)
    findings = Findings()
    check_schema(root, findings, own=own)
    compiler = Compiler(root, findings, check_amount)
    index = None if findings.failed and findings.full else index_of(root, findings)
    draft = compiler.graph()
    check(draft, findings, compiler.incomplete)
    _check_extensions(root, findings)
    messages, signals, errors = compiler.declarations
    return Reading(
        graph=None if findings.failed else draft,
        findings=findings.sorted(),
        processes=tuple((id, draft.bodies[id].name) for id in draft.processes),
        messages=tuple(messages),
        signals=tuple(signals),
        errors=tuple(errors),
        called=_called(draft, index),
        _draft=draft,
    )


def _called(draft: Graph, index: "Index | None") -> tuple[str, ...]:
    """Ids of the processes called: those of the index, of pictures too, without their prefixes."""
    found = {node.called for node in draft.nodes.values() if isinstance(node.called, str)}
    if index is not None:
        found |= {name for name in map(reference, index.get_process_dependencies()) if name is not None}
    return tuple(sorted(name for name in found if not name.startswith("=")))


def compile_deployed(source: bytes) -> Graph:
    """The graph of a diagram that was read and found good before; loads neither SpiffWorkflow nor the
    schema."""
    findings = Findings()
    graph = Compiler(open_source(source), findings).graph()
    for finding in findings:
        if finding.severity == "error":
            raise Invalid(
                Text(
                    f"流程图无法执行:{finding.text.zh}", f"The diagram can't be executed: {finding.text.en}"
                ),
                code=finding.rule,
                element=finding.element,
            )
    return graph


def _check_extensions(root: etree._Element, findings: Findings) -> None:
    """Tells whose extensions aren't executed, and where ours stand in a place nobody reads."""
    for uri in sorted({uri for uri in root.nsmap.values() if uri in _ENGINES}):
        findings.add("foreign-extension", None, name=_ENGINES[uri])
    misplaced = root.xpath(
        "//wulian:*[not(parent::bpmn:extensionElements)] | //*[@wulian:*]",
        namespaces={"bpmn": BPMN, "wulian": WULIAN},
    )
    if isinstance(misplaced, list):
        for element in misplaced[:20]:
            if isinstance(element, etree._Element):
                holder = next((one.get("id") for one in element.iterancestors() if one.get("id")), None)
                name = etree.QName(element).localname
                findings.add(
                    "unknown-wulian", element.get("id") or holder, name=name, known="extensionElements"
                )
