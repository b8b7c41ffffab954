"""What a DMN file says (DMN 1.5, chapters 6–8 and 10.2): texts as written, ready to be shown or compiled."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING

from engine.errors import NotFound
from engine.text import Text

if TYPE_CHECKING:
    from engine.decisions.compiling import Logic
    from engine.decisions.types import Types


class HitPolicy(Enum):
    """How a table answers when rules hold (8.2.10)."""

    UNIQUE = "UNIQUE"
    ANY = "ANY"
    PRIORITY = "PRIORITY"
    FIRST = "FIRST"
    RULE_ORDER = "RULE ORDER"
    OUTPUT_ORDER = "OUTPUT ORDER"
    COLLECT = "COLLECT"


class Aggregation(Enum):
    """What COLLECT does with what it collects."""

    SUM = "SUM"
    COUNT = "COUNT"
    MIN = "MIN"
    MAX = "MAX"


@dataclass(frozen=True, slots=True)
class LiteralExpression:
    """A FEEL text."""

    id: str
    text: str
    type: str | None = None


@dataclass(frozen=True, slots=True)
class InputClause:
    """A column of conditions; ``allowed`` are the unary tests its values must pass."""

    id: str
    label: str
    expression: LiteralExpression
    allowed: LiteralExpression | None = None


@dataclass(frozen=True, slots=True)
class OutputClause:
    """A column of conclusions; ``allowed`` also tells the order of priorities."""

    id: str
    label: str
    name: str
    type: str | None
    allowed: LiteralExpression | None = None
    default: LiteralExpression | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """A row; ``number`` counts from 1."""

    id: str
    number: int
    tests: tuple[LiteralExpression, ...]
    outputs: tuple[LiteralExpression, ...]
    annotations: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DecisionTable:
    id: str
    hit_policy: HitPolicy
    aggregation: Aggregation | None
    inputs: tuple[InputClause, ...]
    outputs: tuple[OutputClause, ...]
    rules: tuple[Rule, ...]
    annotations: tuple[str, ...] = ()
    """The names of the annotation columns."""


@dataclass(frozen=True, slots=True)
class ContextEntry:
    """``name`` is None for the result cell at the bottom."""

    name: str | None
    type: str | None
    expression: Boxed


@dataclass(frozen=True, slots=True)
class BoxedContext:
    id: str
    entries: tuple[ContextEntry, ...]


@dataclass(frozen=True, slots=True)
class BoxedList:
    id: str
    elements: tuple[Boxed, ...]


@dataclass(frozen=True, slots=True)
class Relation:
    """A list of contexts, written as a table."""

    id: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Boxed, ...], ...]


@dataclass(frozen=True, slots=True)
class Invocation:
    id: str
    function: Boxed
    bindings: tuple[tuple[str, Boxed], ...]


@dataclass(frozen=True, slots=True)
class FunctionDefinition:
    """``body`` is None for a function in another language, which is never run."""

    id: str
    parameters: tuple[tuple[str, str | None], ...]
    body: Boxed | None


@dataclass(frozen=True, slots=True)
class Conditional:
    id: str
    condition: Boxed
    then: Boxed
    otherwise: Boxed


@dataclass(frozen=True, slots=True)
class BoxedFilter:
    id: str
    source: Boxed
    condition: Boxed


@dataclass(frozen=True, slots=True)
class BoxedIteration:
    """``for``, ``some`` or ``every``."""

    id: str
    kind: str
    variable: str
    source: Boxed
    body: Boxed


Boxed = (
    LiteralExpression
    | DecisionTable
    | BoxedContext
    | BoxedList
    | Relation
    | Invocation
    | FunctionDefinition
    | Conditional
    | BoxedFilter
    | BoxedIteration
)


@dataclass(frozen=True, slots=True)
class ItemDefinition:
    """A type of the model. ``allowed`` are unary tests on each value, ``constraint`` on the whole."""

    name: str
    type: str | None
    collection: bool
    components: tuple[ItemDefinition, ...] = ()
    allowed: LiteralExpression | None = None
    constraint: LiteralExpression | None = None
    function: FunctionItem | None = None


@dataclass(frozen=True, slots=True)
class FunctionItem:
    """The type of a function: what it takes and gives."""

    parameters: tuple[str | None, ...]
    result: str | None


@dataclass(frozen=True, slots=True)
class InputData:
    id: str
    name: str
    variable: str
    """The name under which others see it; the standard wants it to be ``name``, tools differ."""
    type: str | None


@dataclass(frozen=True, slots=True)
class Decision:
    """``requires`` are references to inputs and decisions, ``knows`` to business knowledge and services."""

    id: str
    name: str
    variable: str
    """The name under which others see it; the standard wants it to be ``name``, tools differ."""
    type: str | None
    expression: Boxed | None
    requires: tuple[str, ...] = ()
    knows: tuple[str, ...] = ()
    question: str = ""
    allowed_answers: str = ""


@dataclass(frozen=True, slots=True)
class BusinessKnowledge:
    """A function decisions share (6.3.9)."""

    id: str
    name: str
    variable: str
    """The name under which others see it; the standard wants it to be ``name``, tools differ."""
    type: str | None
    function: FunctionDefinition | None
    knows: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DecisionService:
    """A part of the graph that is called as a function (6.3.11)."""

    id: str
    name: str
    variable: str
    """The name under which others see it; the standard wants it to be ``name``, tools differ."""
    type: str | None
    outputs: tuple[str, ...]
    encapsulated: tuple[str, ...]
    input_decisions: tuple[str, ...]
    inputs: tuple[str, ...]


Element = InputData | Decision | BusinessKnowledge | DecisionService


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong in the model or met while deciding; ``element`` is its id."""

    element: str
    text: Text


@dataclass(frozen=True, slots=True)
class DecisionModel:
    """One file. References are ids of this file or ``namespace#id`` of an imported one."""

    id: str
    name: str
    namespace: str
    inputs: Mapping[str, InputData]
    decisions: Mapping[str, Decision]
    knowledge: Mapping[str, BusinessKnowledge]
    services: Mapping[str, DecisionService]
    types: Mapping[str, ItemDefinition]
    imports: Mapping[str, str] = field(default_factory=dict)
    """Namespace → the name under which its elements are seen."""
    imported: Mapping[str, DecisionModel] = field(default_factory=dict)
    """Namespace → the model."""
    logic: Mapping[str, Logic] = field(default_factory=dict, repr=False, compare=False)
    """Element id → its compiled logic."""
    reads: Mapping[str, frozenset[str]] = field(default_factory=dict, repr=False, compare=False)
    """Decision id → the names its expressions read, see :meth:`inputs_of`."""
    fits: Types | None = field(default=None, repr=False, compare=False)
    """The compiled types."""
    problems: tuple[Problem, ...] = ()

    def decision(self, id_or_name: str) -> Decision:
        """A decision by its id, or else by its name or variable; ``NotFound``."""
        found = self.decisions.get(id_or_name)
        if found is not None:
            return found
        for decision in self.decisions.values():
            if id_or_name in (decision.name, decision.variable):
                return decision
        raise NotFound(
            Text(f"没有名为“{id_or_name}”的决策。", f"There is no decision {id_or_name!r}."),
            element=id_or_name,
        )

    def inputs_of(self, decision_id: str) -> frozenset[str]:
        """The names a decision and those it requires take from the context, for checks: declared inputs, and
        names that are read though no requirement gives them."""
        found: set[str] = set()
        waiting: list[tuple[DecisionModel, Element]] = [(self, self.decision(decision_id))]
        seen: set[tuple[str, str]] = set()
        while waiting:
            model, element = waiting.pop()
            if (model.namespace, element.id) in seen:
                continue
            seen.add((model.namespace, element.id))
            if isinstance(element, InputData):
                found.add(element.variable)
            elif isinstance(element, Decision):
                required = [each for each in map(model.element, (*element.requires, *element.knows)) if each]
                waiting.extend(required)
                given = {
                    each.variable if owner is model else model.imports.get(owner.namespace, "")
                    for owner, each in required
                }
                found |= model.reads.get(element.id, frozenset()) - given
                if element.expression is None:
                    found.add(element.variable)
        return frozenset(found)

    def element(self, reference: str) -> tuple[DecisionModel, Element] | None:
        """What a reference points at, and the model it is in; None if it points nowhere."""
        namespace, _, id_ = reference.rpartition("#")
        model = self if namespace in ("", self.namespace) else self.imported.get(namespace)
        if model is None:
            return None
        for kind in (model.decisions, model.inputs, model.knowledge, model.services):
            if id_ in kind:
                return model, kind[id_]
        return None
