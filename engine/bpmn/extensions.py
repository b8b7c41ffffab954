"""Reads the ``wulian:`` elements inside ``bpmn:extensionElements``. Foreign extensions stay in the file,
unread."""

import re
from collections.abc import Iterator, Set

from lxml import etree

from engine.bpmn.expressions import Expressions
from engine.bpmn.findings import Findings
from engine.bpmn.graph import Assignment, Escalate, Loop, Remind, Service, Work
from engine.bpmn.source import WULIAN, child
from engine.feel import Expression

_PREFIX = f"{{{WULIAN}}}"
#: Attributes of each element; those with ``*`` must be there.
ATTRIBUTES: dict[str, tuple[str, ...]] = {
    "task": ("form", "role", "at", "assignee", "priority", "title"),
    "due": ("amount*", "calendar", "roll"),
    "remind": ("before*", "at", "to"),
    "escalate": ("after*", "to*", "at", "level", "signal"),
    "input": ("target*", "source*"),
    "output": ("target*", "source*"),
    "service": ("type*", "retries"),
    "script": (),
    "decision": ("ref*", "result"),
    "call": ("process*",),
    "collection": ("items*", "item", "result", "results"),
    "correlation": ("key*",),
}
_REPEATED = frozenset({"remind", "escalate", "input", "output"})
_CALENDARS = ("office", "facility", "always")
_ROLLS = ("next", "previous", "none")
_LEVELS = ("yellow", "red")
_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
_NAME = re.compile(r"[^\W\d]\w*")

Found = dict[str, list[etree._Element]]


def extensions_of(element: etree._Element, allowed: Set[str], findings: Findings) -> Found:
    """The ``wulian:`` elements of ``element`` by local name. Those not ``allowed`` here are reported."""
    found: Found = {}
    holder = child(element, "extensionElements")
    if holder is None:
        return found
    id = element.get("id")
    for extension in holder.iterchildren(_PREFIX + "*"):
        name = str(extension.tag)[len(_PREFIX) :]
        if name not in allowed or (name in found and name not in _REPEATED):
            findings.add("unknown-wulian", id, name=name, known=", ".join(sorted(allowed)) or "—")
            continue
        if _complete(extension, name, id, findings):
            found.setdefault(name, []).append(extension)
    return found


def _complete(extension: etree._Element, name: str, id: str | None, findings: Findings) -> bool:
    known = [attribute.rstrip("*") for attribute in ATTRIBUTES[name]]
    for attribute in map(str, extension.attrib):
        if attribute not in known and not attribute.startswith("{"):
            findings.add("unknown-wulian", id, name=f"{name}/@{attribute}", known=", ".join(known) or "—")
    complete = True
    for attribute in ATTRIBUTES[name]:
        if attribute.endswith("*") and not (extension.get(attribute[:-1]) or "").strip():
            findings.add("missing-attribute", id, tag=f"wulian:{name}", attribute=attribute[:-1])
            complete = False
    return complete


def correlation_key(
    element: etree._Element, findings: Findings, expressions: Expressions
) -> Expression | None:
    """The key a message, or an event that overrides it, declares in ``wulian:correlation``."""
    found = extensions_of(element, {"correlation"}, findings)
    return key_of(found, element.get("id"), expressions)


def key_of(found: Found, id: str | None, expressions: Expressions) -> Expression | None:
    for extension in found.get("correlation", ()):
        return expressions.value(extension.get("key"), id, "wulian:correlation")
    return None


def assignments_of(
    found: Found, name: str, id: str, findings: Findings, expressions: Expressions
) -> tuple[Assignment, ...]:
    """``wulian:input`` or ``wulian:output`` mappings."""
    return tuple(_assignments(found, name, id, findings, expressions))


def _assignments(
    found: Found, name: str, id: str, findings: Findings, expressions: Expressions
) -> Iterator[Assignment]:
    for extension in found.get(name, ()):
        target = variable(extension.get("target"), id, f"wulian:{name} target", findings)
        source = expressions.value(extension.get("source"), id, f"wulian:{name} {target or ''}")
        if target and source is not None:
            yield Assignment(target, source)


def script_of(text: str, id: str, findings: Findings, expressions: Expressions) -> tuple[Assignment, ...]:
    """Lines ``name = FEEL``; an open bracket lets an assignment run on over the next lines."""
    assignments = []
    for line, statement in _statements(text):
        name, equals, source = statement.partition("=")
        target = name.strip()
        if not equals or not _NAME.fullmatch(target) or source.startswith("="):
            findings.add("script-line", id, line=line, value=statement)
            continue
        compiled = expressions.feel(source, id, f"script: {target}")
        if compiled is not None:
            assignments.append(Assignment(target, compiled))
    return tuple(assignments)


def _statements(text: str) -> Iterator[tuple[int, str]]:
    begun, depth, first = "", 0, 1
    for number, line in enumerate(text.splitlines(), 1):
        stripped = line.strip()
        if not begun and (not stripped or stripped.startswith("//")):
            continue
        first = first if begun else number
        begun = f"{begun}\n{stripped}" if begun else stripped
        outside = re.sub(r'"(?:[^"\\]|\\.)*"', "", stripped)
        depth += sum(outside.count(c) for c in "([{") - sum(outside.count(c) for c in ")]}")
        if depth <= 0:
            yield first, begun
            begun, depth = "", 0
    if begun:
        yield first, begun


def work_of(found: Found, id: str, findings: Findings, expressions: Expressions) -> Work:
    """What a user or manual task asks of people."""
    task = found["task"][0] if "task" in found else None
    due = found["due"][0] if "due" in found else None
    texts: dict[str, Expression | str | None] = {}
    for name in ("role", "at", "assignee", "priority", "title"):
        texts[name] = (
            expressions.text(task.get(name), id, f"wulian:task {name}") if task is not None else None
        )
    priority = texts["priority"]
    if isinstance(priority, str) and not re.fullmatch(r"\d{1,3}", priority):
        findings.add(
            "bad-attribute", id, attribute="wulian:task priority", value=priority, allowed="0–999, =…"
        )
    if texts["role"] is None and texts["assignee"] is None:
        findings.add("task-without-role", id)
    if due is None and ("remind" in found or "escalate" in found):
        findings.add("missing-attribute", id, tag="wulian:remind / wulian:escalate", attribute="wulian:due")
    return Work(
        form=(task.get("form") or "").strip() or None if task is not None else None,
        role=texts["role"],
        at=texts["at"],
        assignee=texts["assignee"],
        priority=priority,
        title=texts["title"],
        due=expressions.amount(due.get("amount"), id, "wulian:due") if due is not None else None,
        calendar=one_of(due, "calendar", _CALENDARS, "office", id, findings),
        roll=one_of(due, "roll", _ROLLS, "next", id, findings),
        remind=tuple(_remind(extension, id, findings, expressions) for extension in found.get("remind", ())),
        escalate=tuple(
            _escalate(extension, id, findings, expressions) for extension in found.get("escalate", ())
        ),
    )


def _remind(extension: etree._Element, id: str, findings: Findings, expressions: Expressions) -> Remind:
    before = (extension.get("before") or "").strip()
    share = re.fullmatch(r"(\d{1,2})\s*%", before)
    if not share:
        _literal_amount(before, id, "wulian:remind before", findings, expressions)
    at = (extension.get("at") or "").strip() or None
    if at is not None and not _TIME.fullmatch(at):
        findings.add("bad-attribute", id, attribute="wulian:remind at", value=at, allowed="09:00")
    return Remind(before, (extension.get("to") or "").strip() or "assignee", at)


def _escalate(extension: etree._Element, id: str, findings: Findings, expressions: Expressions) -> Escalate:
    after = (extension.get("after") or "").strip()
    _literal_amount(after, id, "wulian:escalate after", findings, expressions)
    return Escalate(
        after,
        (extension.get("to") or "").strip(),
        (extension.get("at") or "").strip() or None,
        one_of(extension, "level", _LEVELS, "yellow", id, findings),
        (extension.get("signal") or "").strip() or None,
    )


def _literal_amount(text: str, id: str, attribute: str, findings: Findings, expressions: Expressions) -> None:
    if text.startswith("="):
        findings.add("bad-attribute", id, attribute=attribute, value=text, allowed="1wd, 2h, 50%")
    else:
        expressions.amount(text, id, attribute)


def service_of(found: Found, id: str, findings: Findings) -> Service | None:
    """The handler of a service task."""
    for extension in found.get("service", ()):
        retries = (extension.get("retries") or "3").strip()
        if not re.fullmatch(r"\d{1,2}", retries):
            findings.add(
                "bad-attribute", id, attribute="wulian:service retries", value=retries, allowed="0–99"
            )
            retries = "3"
        return Service((extension.get("type") or "").strip(), int(retries))
    return None


def collection_of(found: Found, id: str, findings: Findings, expressions: Expressions) -> Loop | None:
    """The collection part of a multi-instance activity, as a loop still to be completed."""
    for extension in found.get("collection", ()):
        result = extension.get("result")
        results = extension.get("results")
        if (result is None) != (results is None):
            missing = "results" if results is None else "result"
            findings.add("missing-attribute", id, tag="wulian:collection", attribute=missing)
        return Loop(
            kind="parallel",
            collection=expressions.feel(extension.get("items"), id, "wulian:collection items"),
            item=variable(extension.get("item"), id, "wulian:collection item", findings),
            result=expressions.feel(result, id, "wulian:collection result") if result is not None else None,
            results=variable(results, id, "wulian:collection results", findings),
        )
    return None


def variable(text: str | None, id: str, attribute: str, findings: Findings) -> str | None:
    """A variable's name; ``None`` where none is given."""
    name = (text or "").strip()
    if not name:
        return None
    if not _NAME.fullmatch(name):
        findings.add("bad-attribute", id, attribute=attribute, value=name, allowed="case_number, 姓名")
        return None
    return name


def one_of(
    extension: etree._Element | None,
    attribute: str,
    allowed: tuple[str, ...],
    default: str,
    id: str,
    findings: Findings,
) -> str:
    """An attribute with a fixed set of values."""
    value = (extension.get(attribute) or "").strip() if extension is not None else ""
    if value and value not in allowed:
        findings.add("bad-attribute", id, attribute=attribute, value=value, allowed=", ".join(allowed))
        return default
    return value or default
