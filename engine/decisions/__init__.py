"""Decisions after DMN 1.5: tables with every hit policy, boxed expressions, knowledge models, services.

>>> model = read_dmn(source)
>>> decided = decide(model, "risk", {"age": 82, "lives alone": True})
>>> decided.value, decided.matched
('high', (Matched(decision='risk', table='table_1', rules=(MatchedRule(number=2, id='rule_2'),)),))
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from engine.decisions.compiling import Logic, ModelCompiler
from engine.decisions.deciding import Decided, call_service, decide
from engine.decisions.model import Decision, DecisionModel, Problem
from engine.decisions.reader import read
from engine.decisions.run import Matched, MatchedRule
from engine.errors import Invalid
from engine.feel.limits import DEFAULT_LIMITS, too_deep

__all__ = [
    "Decided",
    "Decision",
    "DecisionModel",
    "Matched",
    "MatchedRule",
    "Problem",
    "call_service",
    "decide",
    "read_dmn",
]


def read_dmn(
    source: bytes, *, imports: Mapping[str, DecisionModel] | None = None, lenient: bool = False
) -> DecisionModel:
    """Read and compile a DMN 1.1–1.5 file.

    ``imports`` are the models it may import, by namespace. ``Invalid`` names the element and says what is
    wrong; with ``lenient`` wrong expressions are null instead and listed in ``problems``.
    """
    try:
        return _compiled(read(source, imports or {}), lenient)
    except RecursionError:
        raise too_deep(DEFAULT_LIMITS.max_depth) from None


def _compiled(model: DecisionModel, lenient: bool) -> DecisionModel:
    compiler = ModelCompiler(model)
    logic: dict[str, Logic] = {}
    reads: dict[str, frozenset[str]] = {}
    for decision in model.decisions.values():
        compiler.reads = set()
        if decision.expression is not None:
            logic[decision.id] = compiler.typed(compiler.code(decision.expression), decision.type)
        reads[decision.id] = frozenset(compiler.reads)
    for knowledge in model.knowledge.values():
        if knowledge.function is not None:
            logic[knowledge.id] = compiler.function(knowledge.function, knowledge.type)
    if compiler.problems and not lenient:
        first = compiler.problems[0]
        raise Invalid(first.text, element=first.element, code="dmn_expression")
    return replace(model, logic=logic, reads=reads, fits=compiler.types, problems=tuple(compiler.problems))
