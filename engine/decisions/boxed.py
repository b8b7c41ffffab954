"""Reads boxed expressions (DMN 1.5, 10.2) from XML."""

from __future__ import annotations

from collections.abc import Callable

from lxml import etree

from engine.decisions import model as m
from engine.decisions.xml import child, children, local, text_of
from engine.errors import Invalid
from engine.text import Text

#: Other tools' names for the same language.
_FEEL = frozenset(
    {
        "",
        "feel",
        "http://www.omg.org/spec/FEEL/20140401",
        "http://www.omg.org/spec/DMN/20180521/FEEL/",
        "https://www.omg.org/spec/DMN/20191111/FEEL/",
        "https://www.omg.org/spec/DMN/20211108/FEEL/",
        "https://www.omg.org/spec/DMN/20230324/FEEL/",
        "https://www.omg.org/spec/DMN/20240513/FEEL/",
    }
)


def identity(element: etree._Element) -> str:
    """The id, or a path that finds the element where the file gives none."""
    given = element.get("id")
    return given if given else str(element.getroottree().getelementpath(element))


def plain_type(text: str) -> str | None:
    """A type's name; a namespace prefix that the file declares is dropped by :func:`type_reference`."""
    return text or None


def type_reference(element: etree._Element) -> str | None:
    """The ``typeRef`` attribute without a prefix for the file itself or FEEL."""
    text = element.get("typeRef", "")
    prefix, colon, name = text.rpartition(":")
    return (name if colon and prefix in element.nsmap else text) or None


def tests(element: etree._Element | None) -> m.LiteralExpression | None:
    """Unary tests such as allowed values; none where the text is empty."""
    if element is None or not text_of(child(element, "text")):
        return None
    return m.LiteralExpression(identity(element), text_of(child(element, "text")))


def literal(element: etree._Element) -> m.LiteralExpression:
    language = element.get("expressionLanguage", "")
    if language.lower() not in _FEEL and language not in _FEEL:
        raise Invalid(
            Text(f"只支持 FEEL,不支持“{language}”。", f"Only FEEL is supported, not {language!r}."),
            element=identity(element),
            code="dmn_language",
        )
    return m.LiteralExpression(identity(element), text_of(child(element, "text")), type_reference(element))


def first(element: etree._Element) -> m.Boxed | None:
    """The boxed expression inside an element, if there is one."""
    for each in element:
        if isinstance(each.tag, str) and local(each) in _READERS:
            return read(each)
    return None


def read(element: etree._Element) -> m.Boxed:
    return _READERS[local(element)](element)


def inside(element: etree._Element, name: str) -> m.Boxed:
    """The boxed expression inside a named part."""
    part = child(element, name)
    found = first(part) if part is not None else None
    if found is None:
        raise Invalid(
            Text(f"缺少“{name}”的内容。", f"The content of {name!r} is missing."),
            element=identity(element),
            code="dmn_incomplete",
        )
    return found


def _context(element: etree._Element) -> m.BoxedContext:
    entries = []
    for entry in children(element, "contextEntry"):
        variable = child(entry, "variable")
        expression = first(entry)
        if expression is None:
            expression = m.LiteralExpression(identity(entry), "")
        entries.append(
            m.ContextEntry(
                None if variable is None else " ".join(variable.get("name", "").split()),
                None if variable is None else type_reference(variable),
                expression,
            )
        )
    return m.BoxedContext(identity(element), tuple(entries))


def _list(element: etree._Element) -> m.BoxedList:
    return m.BoxedList(
        identity(element),
        tuple(read(each) for each in element if isinstance(each.tag, str) and local(each) in _READERS),
    )


def _relation(element: etree._Element) -> m.Relation:
    rows = tuple(_list(row).elements for row in children(element, "row"))
    return m.Relation(
        identity(element), tuple(column.get("name", "") for column in children(element, "column")), rows
    )


def _invocation(element: etree._Element) -> m.Invocation:
    function = first(element)
    if function is None:
        raise Invalid(
            Text("缺少被调用的函数。", "The function to invoke is missing."), element=identity(element)
        )
    bindings = []
    for binding in children(element, "binding"):
        parameter, value = child(binding, "parameter"), first(binding)
        name = "" if parameter is None else " ".join(parameter.get("name", "").split())
        bindings.append((name, value if value is not None else m.LiteralExpression(identity(binding), "")))
    return m.Invocation(identity(element), function, tuple(bindings))


def function(element: etree._Element) -> m.FunctionDefinition:
    """Only FEEL is run; the body of a Java or PMML function is left out."""
    parameters = tuple(
        (" ".join(each.get("name", "").split()), type_reference(each))
        for each in children(element, "formalParameter")
    )
    body = first(element) if element.get("kind", "FEEL") == "FEEL" else None
    return m.FunctionDefinition(identity(element), parameters, body)


def _conditional(element: etree._Element) -> m.Conditional:
    return m.Conditional(
        identity(element), inside(element, "if"), inside(element, "then"), inside(element, "else")
    )


def _filter(element: etree._Element) -> m.BoxedFilter:
    return m.BoxedFilter(identity(element), inside(element, "in"), inside(element, "match"))


def _iteration(element: etree._Element) -> m.BoxedIteration:
    kind = local(element)
    return m.BoxedIteration(
        identity(element),
        kind,
        " ".join(element.get("iteratorVariable", "").split()),
        inside(element, "in"),
        inside(element, "return" if kind == "for" else "satisfies"),
    )


def _table(element: etree._Element) -> m.DecisionTable:
    inputs = tuple(_input_clause(each) for each in children(element, "input"))
    outputs = tuple(_output_clause(each) for each in children(element, "output"))
    rules = []
    for number, rule in enumerate(children(element, "rule"), 1):
        entries = tuple(literal(each) for each in children(rule, "inputEntry"))
        results = tuple(literal(each) for each in children(rule, "outputEntry"))
        if len(entries) != len(inputs) or len(results) != len(outputs):
            raise Invalid(
                Text(
                    f"第 {number} 条规则的格数与列数不符。",
                    f"Rule {number} has not one cell for each column.",
                ),
                element=identity(rule),
                code="dmn_table",
            )
        notes = tuple(text_of(each) for each in children(rule, "annotationEntry"))
        rules.append(m.Rule(identity(rule), number, entries, results, notes))
    if not outputs:
        raise Invalid(
            Text("决策表没有输出列。", "The decision table has no output column."),
            element=identity(element),
            code="dmn_table",
        )
    return m.DecisionTable(
        identity(element),
        _hit_policy(element),
        _aggregation(element),
        inputs,
        outputs,
        tuple(rules),
        tuple(each.get("name", "") for each in children(element, "annotation")),
    )


def _hit_policy(element: etree._Element) -> m.HitPolicy:
    text = element.get("hitPolicy", "UNIQUE")
    try:
        return m.HitPolicy(text)
    except ValueError:
        raise Invalid(
            Text(f"没有“{text}”这种命中策略。", f"There is no hit policy {text!r}."),
            element=identity(element),
            code="dmn_hit_policy",
        ) from None


def _aggregation(element: etree._Element) -> m.Aggregation | None:
    text = element.get("aggregation")
    try:
        return m.Aggregation(text) if text else None
    except ValueError:
        raise Invalid(
            Text(f"没有“{text}”这种汇总。", f"There is no aggregation {text!r}."),
            element=identity(element),
            code="dmn_hit_policy",
        ) from None


def _input_clause(element: etree._Element) -> m.InputClause:
    expression = child(element, "inputExpression")
    if expression is None:
        raise Invalid(
            Text("输入列没有表达式。", "The input column has no expression."), element=identity(element)
        )
    return m.InputClause(
        identity(element),
        element.get("label", ""),
        literal(expression),
        tests(child(element, "inputValues")),
    )


def _output_clause(element: etree._Element) -> m.OutputClause:
    default = child(element, "defaultOutputEntry")
    return m.OutputClause(
        identity(element),
        element.get("label", ""),
        " ".join(element.get("name", "").split()),
        type_reference(element),
        tests(child(element, "outputValues")),
        literal(default) if default is not None and text_of(child(default, "text")) else None,
    )


_READERS: dict[str, Callable[[etree._Element], m.Boxed]] = {
    "literalExpression": literal,
    "decisionTable": _table,
    "context": _context,
    "list": _list,
    "relation": _relation,
    "invocation": _invocation,
    "functionDefinition": function,
    "conditional": _conditional,
    "filter": _filter,
    "for": _iteration,
    "some": _iteration,
    "every": _iteration,
}
