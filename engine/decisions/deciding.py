"""Runs a decision and what it requires (DMN 1.5, 10.4)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from engine.decisions import model as m
from engine.decisions.run import DecisionRun, Matched
from engine.decisions.types import MISFIT
from engine.feel import DEFAULT_LIMITS, Limits
from engine.feel.evaluation import Run, Scope
from engine.feel.limits import too_deep
from engine.feel.syntax import Type
from engine.feel.values import Function, load
from engine.text import Text


@dataclass(frozen=True, slots=True)
class Decided:
    """What was decided: ``value`` as FEEL has it (null where it could not be decided); ``matched`` tells
    which rules of which tables said so, in the order they were asked; ``problems`` why something is null."""

    value: object
    matched: tuple[Matched, ...] = ()
    problems: tuple[m.Problem, ...] = ()


@dataclass(slots=True)
class _Known:
    """What is known so far in one evaluation (or one call of a service): values by model and element id."""

    inputs: Mapping[str, object]
    values: dict[tuple[str, str], object]


def decide(
    model: m.DecisionModel,
    decision_id: str,
    context: Mapping[str, object],
    *,
    now: datetime | None = None,
    limits: Limits = DEFAULT_LIMITS,
    functions: Mapping[str, Callable[..., object]] | None = None,
) -> Decided:
    """Decide with inputs by name.

    ``NotFound`` for an unknown decision, ``LimitExceeded`` when it costs too much.
    """
    run = DecisionRun(_visible(model, context), now, limits, functions or {})
    decision = model.decision(decision_id)
    try:
        value = _decide(model, decision, _Known(context, {}), run)
    except RecursionError:
        raise too_deep(limits.max_depth) from None
    return Decided(run.result(value), tuple(run.notes), tuple(run.problems))


def call_service(
    model: m.DecisionModel,
    service_id: str,
    context: Mapping[str, object],
    *,
    now: datetime | None = None,
    limits: Limits = DEFAULT_LIMITS,
) -> Decided:
    """Call a decision service with its inputs by name, as :func:`decide` does a decision."""
    run = DecisionRun(_visible(model, context), now, limits, {})
    service = model.services[service_id]
    function = _service_function(model, service, run)
    arguments = [load(context.get(name)) for name in function.parameters]
    return Decided(run.result(function.invoke(run, arguments)), tuple(run.notes), tuple(run.problems))


def _visible(model: m.DecisionModel, context: Mapping[str, object]) -> Mapping[str, object]:
    """What all logic sees. A model that declares its inputs gives each element what it requires and no more
    (10.4); one that declares none, as tables drawn for a process often do, sees the whole context."""
    if model.inputs or any(each.inputs for each in model.imported.values()):
        return {}
    return context


def _decide(model: m.DecisionModel, decision: m.Decision, known: _Known, run: Run) -> object:
    """Requirements first, without recursion, however long the chain is."""
    waiting: list[tuple[m.DecisionModel, m.Decision]] = [(model, decision)]
    while waiting:
        at, element = waiting[-1]
        key = (at.namespace, element.id)
        if key in known.values:
            waiting.pop()
            continue
        missing = [
            found
            for found in map(at.element, element.requires)
            if found is not None
            and isinstance(found[1], m.Decision)
            and (found[0].namespace, found[1].id) not in known.values
        ]
        if missing:
            waiting.extend(found for found in missing if isinstance(found[1], m.Decision))  # type: ignore[misc]
            continue
        known.values[key] = _run_logic(at, element, known, run)
        waiting.pop()
    return known.values[(model.namespace, decision.id)]


def _run_logic(model: m.DecisionModel, decision: m.Decision, known: _Known, run: Run) -> object:
    logic = model.logic.get(decision.id)
    if logic is None:
        # No logic of its own: somebody else decides, and the answer comes as an input (10.4).
        return _given(decision, known)
    names = _names(model, decision, known, run)
    before = run.current if isinstance(run, DecisionRun) else ""
    if isinstance(run, DecisionRun):
        run.current = decision.id
    value = logic(Scope(names, run, run))
    if isinstance(run, DecisionRun):
        run.current = before
    return value


def _given(element: m.InputData | m.Decision, known: _Known) -> object:
    """What the caller gave for an element, by its variable's name or its own."""
    name = element.variable if element.variable in known.inputs else element.name
    return load(known.inputs.get(name))


def _names(
    model: m.DecisionModel, element: m.Decision | m.BusinessKnowledge, known: _Known | None, run: Run
) -> dict[str, object]:
    """What an element's logic sees: its requirements by name, those of an imported model under its name."""
    names: dict[str, object] = {}
    requires = element.requires if isinstance(element, m.Decision) else ()
    for reference in (*requires, *element.knows):
        found = model.element(reference)
        if found is None:
            continue
        owner, required = found
        value = _value(owner, required, known, run)
        if owner is model:
            names[required.variable] = value
        else:
            _place(names, model.imports.get(owner.namespace, owner.name), required.variable, value)
    return names


def _place(names: dict[str, object], group: str, name: str, value: object) -> None:
    if not group:
        names[name] = value
        return
    inside = names.setdefault(group, {})
    if isinstance(inside, dict):
        inside[name] = value


def _value(model: m.DecisionModel, element: m.Element, known: _Known | None, run: Run) -> object:
    if isinstance(element, m.Decision):
        return None if known is None else known.values.get((model.namespace, element.id))
    if isinstance(element, m.InputData):
        return None if known is None else _input(model, element, known, run)
    if isinstance(element, m.BusinessKnowledge):
        return _knowledge_function(model, element, run)
    return _service_function(model, element, run)


def _input(model: m.DecisionModel, element: m.InputData, known: _Known, run: Run) -> object:
    key = (model.namespace, element.id)
    if key not in known.values:
        known.values[key] = _fitted(model, element.id, element.type, _given(element, known), run)
    return known.values[key]


def _fitted(model: m.DecisionModel, id_: str, name: str | None, value: object, run: Run) -> object:
    fit = model.fits.fit(name) if model.fits is not None else None
    if fit is None:
        return value
    fitted = fit(run, value)
    if fitted is not MISFIT:
        return fitted
    if isinstance(run, DecisionRun):
        run.problem(
            id_, Text("输入值的类型不符或不在允许范围内。", "The input is of another type or not allowed.")
        )
    return None


def _knowledge_function(model: m.DecisionModel, element: m.BusinessKnowledge, run: Run) -> object:
    """The function, seeing what it requires itself; made when called, so that two may know each other."""
    logic = model.logic.get(element.id)
    if logic is None or element.function is None:
        return None
    parameters = tuple(name for name, _ in element.function.parameters)

    def invoke(run: Run, arguments: Sequence[object]) -> object:
        run.enter()
        names = _names(model, element, None, run)
        function = logic(Scope(names, run, run))
        before = run.current if isinstance(run, DecisionRun) else ""
        if isinstance(run, DecisionRun):
            run.current = element.id
        value = function.invoke(run, arguments)
        if isinstance(run, DecisionRun):
            run.current = before
        run.leave()
        return value

    types = tuple(Type(kind or "Any") for _, kind in element.function.parameters)
    result = model.fits.result_of(element.type) if model.fits is not None else None
    return Function(
        parameters,
        invoke,
        name=element.name,
        parameter_types=types,
        result_type=Type(result) if result else None,
    )


def _service_function(model: m.DecisionModel, service: m.DecisionService, run: Run) -> Function:
    """A service as a function of its input data, then its input decisions."""
    inputs = [found for found in map(model.element, (*service.inputs, *service.input_decisions)) if found]
    parameters = tuple(element.variable for _, element in inputs)

    def invoke(run: Run, arguments: Sequence[object]) -> object:
        if len(arguments) != len(parameters):
            return None
        run.enter()
        values: dict[tuple[str, str], object] = {}
        for (owner, element), argument in zip(inputs, arguments, strict=True):
            kind = element.type if isinstance(element, m.InputData | m.Decision) else None
            value = _fitted(owner, element.id, kind, argument, run)
            if value is None and argument is not None:
                run.leave()
                return None
            values[(owner.namespace, element.id)] = value
        known = _Known({}, values)
        results: dict[str, object] = {}
        for found in map(model.element, service.outputs):
            if found is not None and isinstance(found[1], m.Decision):
                results[found[1].variable] = _decide(found[0], found[1], known, run)
        run.leave()
        answer: object = next(iter(results.values()), None) if len(service.outputs) == 1 else results
        return _fitted(model, service.id, service.type, answer, run)

    return Function(parameters, invoke, name=service.name)
