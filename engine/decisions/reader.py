"""Reads DMN 1.1 to 1.5 files into a :class:`~engine.decisions.model.DecisionModel`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeVar

from lxml import etree

from engine.decisions import boxed
from engine.decisions import model as m
from engine.decisions.boxed import identity, type_reference
from engine.decisions.xml import child, children, local, parse, text_of
from engine.errors import Invalid
from engine.text import Text

T = TypeVar("T")

NAMESPACES = frozenset(
    {
        "http://www.omg.org/spec/DMN/20151101/dmn.xsd",  # 1.1
        "http://www.omg.org/spec/DMN/20180521/MODEL/",  # 1.2
        "https://www.omg.org/spec/DMN/20191111/MODEL/",  # 1.3
        "https://www.omg.org/spec/DMN/20211108/MODEL/",  # 1.4
        "https://www.omg.org/spec/DMN/20230324/MODEL/",  # 1.5
        "https://www.omg.org/spec/DMN/20240513/MODEL/",  # 1.6
    }
)


def read(source: bytes, imported: Mapping[str, m.DecisionModel]) -> m.DecisionModel:
    """The model as written, not yet compiled. ``imported`` are the models it may import, by namespace."""
    root = parse(source)
    if local(root) != "definitions" or etree.QName(root).namespace not in NAMESPACES:
        raise Invalid(
            Text("这不是 DMN 1.1 至 1.5 的决策文件。", "This is not a DMN 1.1 to 1.5 file."),
            code="dmn_format",
        )
    namespace = root.get("namespace", "")
    imports = {each.get("namespace", ""): each.get("name", "") for each in children(root, "import")}
    model = m.DecisionModel(
        id=root.get("id", ""),
        name=root.get("name", ""),
        namespace=namespace,
        inputs=_by_id(root, "inputData", _input_data),
        decisions=_by_id(root, "decision", _decision),
        knowledge=_by_id(root, "businessKnowledgeModel", _knowledge),
        services=_by_id(root, "decisionService", _service),
        types={item.name: item for item in map(_item_definition, children(root, "itemDefinition"))},
        imports=imports,
        imported=_reachable(imports, imported),
    )
    _check_references(model)
    return model


def _reachable(
    imports: Mapping[str, str], known: Mapping[str, m.DecisionModel]
) -> dict[str, m.DecisionModel]:
    """The imported models and those they import."""
    found: dict[str, m.DecisionModel] = {}
    for namespace in imports:
        if namespace in known:
            found[namespace] = known[namespace]
            found.update(
                {inner: model for inner, model in known[namespace].imported.items() if inner not in found}
            )
    return found


def _by_id(root: etree._Element, name: str, make: Callable[[etree._Element], T]) -> dict[str, T]:
    return {identity(each): make(each) for each in children(root, name)}


def _name(element: etree._Element) -> str:
    return " ".join(element.get("name", "").split())


def _variable(element: etree._Element) -> str:
    variable = child(element, "variable")
    return ("" if variable is None else _name(variable)) or _name(element)


def _variable_type(element: etree._Element) -> str | None:
    variable = child(element, "variable")
    return None if variable is None else type_reference(variable)


def _input_data(element: etree._Element) -> m.InputData:
    return m.InputData(identity(element), _name(element), _variable(element), _variable_type(element))


def _decision(element: etree._Element) -> m.Decision:
    return m.Decision(
        id=identity(element),
        name=_name(element),
        variable=_variable(element),
        type=_variable_type(element),
        expression=boxed.first(element),
        requires=_references(element, "informationRequirement", "requiredInput", "requiredDecision"),
        knows=_references(element, "knowledgeRequirement", "requiredKnowledge"),
        question=text_of(child(element, "question")),
        allowed_answers=text_of(child(element, "allowedAnswers")),
    )


def _knowledge(element: etree._Element) -> m.BusinessKnowledge:
    function = child(element, "encapsulatedLogic")
    definition = boxed.function(function) if function is not None else None
    return m.BusinessKnowledge(
        id=identity(element),
        name=_name(element),
        variable=_variable(element),
        type=_variable_type(element),
        function=definition,
        knows=_references(element, "knowledgeRequirement", "requiredKnowledge"),
    )


def _service(element: etree._Element) -> m.DecisionService:
    def targets(name: str) -> tuple[str, ...]:
        return tuple(_target(each) for each in children(element, name))

    return m.DecisionService(
        id=identity(element),
        name=_name(element),
        variable=_variable(element),
        type=_variable_type(element),
        outputs=targets("outputDecision"),
        encapsulated=targets("encapsulatedDecision"),
        input_decisions=targets("inputDecision"),
        inputs=targets("inputData"),
    )


def _target(element: etree._Element) -> str:
    """``#id``, ``namespace#id`` or, from careless tools, ``id``."""
    return element.get("href", "").lstrip("#")


def _references(element: etree._Element, requirement: str, *kinds: str) -> tuple[str, ...]:
    return tuple(_target(each) for link in children(element, requirement) for each in children(link, *kinds))


def _item_definition(element: etree._Element) -> m.ItemDefinition:
    reference = child(element, "typeRef")
    components = children(element, "itemComponent")
    return m.ItemDefinition(
        name=_name(element),
        type=type_reference(element) if reference is None else boxed.plain_type(text_of(reference)),
        collection=element.get("isCollection") == "true",
        components=tuple(_item_definition(each) for each in components),
        allowed=boxed.tests(child(element, "allowedValues")),
        constraint=boxed.tests(child(element, "typeConstraint")),
        function=_function_item(child(element, "functionItem")),
    )


def _function_item(element: etree._Element | None) -> m.FunctionItem | None:
    if element is None:
        return None
    return m.FunctionItem(
        tuple(type_reference(each) for each in children(element, "parameters")),
        boxed.plain_type(element.get("outputTypeRef", "").rpartition(":")[2]),
    )


def _check_references(model: m.DecisionModel) -> None:
    """Every requirement points at something, and no decision needs itself."""
    elements: list[tuple[str, tuple[str, ...]]] = [
        *((each.id, each.requires + each.knows) for each in model.decisions.values()),
        *((each.id, each.knows) for each in model.knowledge.values()),
        *((each.id, each.outputs + each.input_decisions + each.inputs) for each in model.services.values()),
    ]
    for id_, references in elements:
        for reference in references:
            if model.element(reference) is None:
                raise Invalid(
                    Text(
                        f"引用了不存在的元素“{reference}”。",
                        f"It refers to {reference!r}, which does not exist.",
                    ),
                    element=id_,
                    code="dmn_reference",
                )
    _check_circles(model)


def _check_circles(model: m.DecisionModel) -> None:
    done: set[str] = set()
    for start in model.decisions:
        path: list[tuple[str, int]] = [(start, 0)]
        above = {start}
        while path:
            id_, position = path.pop()
            requires = model.decisions[id_].requires if id_ in model.decisions else ()
            if position >= len(requires) or id_ in done:
                above.discard(id_)
                done.add(id_)
                continue
            path.append((id_, position + 1))
            following = requires[position].rpartition("#")[2]
            if following in above:
                raise Invalid(
                    Text("决策互相依赖,形成循环。", "Decisions depend on each other in a circle."),
                    element=following,
                    code="dmn_circle",
                )
            if following in model.decisions and following not in done:
                path.append((following, 0))
                above.add(following)
