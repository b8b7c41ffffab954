"""Validation against the BPMN 2.0 XML schema and the index of a file, by SpiffWorkflow.

Imported only when a diagram is published: an idle web worker never loads SpiffWorkflow.
"""

import re
import threading
from functools import cache
from typing import Any, cast

from lxml import etree
from SpiffWorkflow.bpmn.parser.BpmnParser import BpmnParser, BpmnValidator

from engine.bpmn.findings import Findings
from engine.bpmn.source import BPMN

#: More breaches of the schema than these say no more than these.
MAX_BREACHES = 20
#: Beyond so many, places aren't looked up: finding each takes as long as its element has siblings.
_MAX_PLACED = 300
_CHUNK = 65_536
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
    """Reports breaches of the schema: errors in our own diagrams, warnings in those of other tools.

    Ids that are used twice are errors in both.
    """
    unique = _check_ids(root, findings)
    validator = _validator()
    validator.preprocess(root)
    reasons = _screen(root, validator.validator)
    if not reasons:
        return
    if unique and len(reasons) <= _MAX_PLACED:
        breaches = _placed(root, validator.validator)
    else:
        breaches = [(0, reason, None) for reason in reasons]
    for line, reason, element in breaches[:MAX_BREACHES]:
        findings.add(
            "schema",
            element,
            severity="error" if own else "warning",
            line=line or "?",
            reason=re.sub(r"\{[^}]*\}", "", reason),
        )


def _check_ids(root: etree._Element, findings: Findings) -> bool:
    seen: set[str] = set()
    twice: set[str] = set()
    for id in cast("list[str]", _ids(root)):
        (twice if id in seen else seen).add(id)
    for id in sorted(twice):
        findings.add("duplicate-id", id)
    return not twice


_ids = etree.XPath(
    "//bpmn:*/@id | //bpmndi:*/@id",
    namespaces={"bpmn": BPMN, "bpmndi": "http://www.omg.org/spec/BPMN/20100524/DI"},
    smart_strings=False,
)


def _screen(root: etree._Element, schema: etree.XMLSchema) -> list[str]:
    """Validates while streaming, so that a file full of errors costs no more than its first ones."""
    source = etree.tostring(root, encoding="utf-8")
    parser = etree.XMLParser(
        schema=schema, resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    log = parser.feed_error_log
    try:
        for offset in range(0, len(source), _CHUNK):
            parser.feed(source[offset : offset + _CHUNK])
            log = parser.feed_error_log
            if len(log) > _MAX_PLACED:
                break
        else:
            parser.close()
    except etree.XMLSyntaxError:
        log = parser.feed_error_log
    return [entry.message for entry in log]


def _placed(root: etree._Element, schema: etree.XMLSchema) -> list[tuple[int, str, str | None]]:
    with _lock:
        schema.validate(root)
        log = cast("list[Any]", schema.error_log)
        entries = [(entry.line, entry.message, entry.path) for entry in log]
    return [(line, message, _element_at(root, path)) for line, message, path in entries[:MAX_BREACHES]]


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
