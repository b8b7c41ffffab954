"""Validation against the BPMN 2.0 XML schema and the index of a file, by SpiffWorkflow.

Imported only when a diagram is published: an idle web worker never loads SpiffWorkflow.
"""

import threading
from functools import cache

from lxml import etree
from SpiffWorkflow.bpmn.parser.BpmnParser import BpmnParser, BpmnValidator

from engine.bpmn.findings import Findings

#: More than these many breaches of the schema say no more than these.
MAX_BREACHES = 20
_lock = threading.Lock()  # a schema object keeps the log of its last validation


class Index(BpmnParser):  # type: ignore[misc]  # SpiffWorkflow has no types
    """SpiffWorkflow's index of one file: processes, called elements, messages, signals, errors, lanes,
    positions.

    Data stores are drawings to us; SpiffWorkflow would refuse those without an implementation.
    """

    def _add_data_stores(self, bpmn: etree._Element) -> None:
        pass


@cache
def _validator() -> BpmnValidator:
    return BpmnValidator()


def check_schema(root: etree._Element, findings: Findings, *, own: bool) -> None:
    """Reports breaches of the schema: errors in our own diagrams, warnings in those of other tools."""
    with _lock:
        validator = _validator()
        validator.preprocess(root)
        if validator.validator.validate(root):
            return
        breaches = [
            (entry.line, entry.message, entry.path) for entry in validator.validator.error_log[:MAX_BREACHES]
        ]
    for line, message, path in breaches:
        reason = message.replace("{http://www.omg.org/spec/BPMN/20100524/MODEL}", "")
        findings.add(
            "schema",
            _element_at(root, path),
            severity="error" if own else "warning",
            line=line,
            reason=reason,
        )


def index_of(root: etree._Element, findings: Findings) -> Index | None:
    """The file's index; a fresh one each time, because it knows documents by their identity in memory."""
    index = Index()
    try:
        index.add_bpmn_xml(root)
    except Exception as error:  # SpiffWorkflow raises whatever a malformed file makes it stumble on
        findings.add("index", getattr(error, "id", None) or None, reason=str(error))
        return None
    return index


def _element_at(root: etree._Element, path: str | None) -> str | None:
    """The id of the element at, or next above, a path given by the validator."""
    if not path:
        return None
    prefixes = {prefix: uri for prefix, uri in root.nsmap.items() if prefix}
    try:
        found = root.getroottree().xpath(path, namespaces=prefixes)
    except etree.XPathError:
        return None
    element = found[0] if isinstance(found, list) and found else None
    while isinstance(element, etree._Element):
        if element.get("id"):
            return element.get("id")
        element = element.getparent()
    return None
