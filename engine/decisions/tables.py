"""Decision tables: which rules hold, and what the hit policy makes of them (DMN 1.5, 8.2.8–8.2.10, 8.3)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from engine.decisions.model import Aggregation, DecisionTable, HitPolicy
from engine.decisions.run import DecisionRun
from engine.decisions.types import MISFIT, Fit
from engine.feel import UnaryTests
from engine.feel.evaluation import Run, Scope
from engine.feel.functions import statistics
from engine.feel.operators import equals
from engine.text import Text

Code = Callable[[Scope], Any]


@dataclass(frozen=True, slots=True)
class CompiledInput:
    id: str
    label: str
    value: Code
    fit: Fit | None
    allowed: UnaryTests | None


@dataclass(frozen=True, slots=True)
class CompiledOutput:
    name: str
    fit: Fit | None
    ranks: list[object]
    """The allowed values, best first; empty where none are given."""
    default: Code | None


@dataclass(frozen=True, slots=True)
class CompiledRule:
    number: int
    id: str
    tests: tuple[UnaryTests, ...]
    outputs: tuple[Code, ...]


@dataclass(frozen=True, slots=True)
class Hit:
    """A rule that holds, with its outputs in column order."""

    rule: CompiledRule
    outputs: tuple[object, ...]


class CompiledTable:
    """A table ready to answer; :meth:`__call__` is its code."""

    def __init__(
        self,
        table: DecisionTable,
        inputs: list[CompiledInput],
        outputs: list[CompiledOutput],
        rules: list[CompiledRule],
    ) -> None:
        self.table = table
        self.inputs = inputs
        self.outputs = outputs
        self.rules = rules
        self.single = len(outputs) == 1
        self.cost = 1 + len(inputs)

    def __call__(self, scope: Scope) -> object:
        run = scope.run
        values = []
        for column in self.inputs:
            value = column.value(scope)
            if column.fit is not None:
                fitted = column.fit(run, value)
                value = None if fitted is MISFIT else fitted
            if column.allowed is not None and not self._allowed(column.allowed, value, scope):
                self._problem(
                    run,
                    Text(
                        f"输入“{column.label}”的值不在允许范围内。",
                        f"The value of input {column.label!r} is not among the allowed ones.",
                    ),
                )
                return None
            values.append(Scope({"?": value}, scope, run))
        return self._answer(self._holding(values, run), scope)

    def _allowed(self, allowed: UnaryTests, value: object, scope: Scope) -> bool:
        if isinstance(value, list):
            return all(allowed.run(Scope({"?": each}, scope, scope.run)) for each in value)
        return allowed.run(Scope({"?": value}, scope, scope.run))

    def _holding(self, values: list[Scope], run: Run) -> list[CompiledRule]:
        first_only = self.table.hit_policy is HitPolicy.FIRST
        found = []
        for rule in self.rules:
            run.spend(self.cost)
            for test, value in zip(rule.tests, values, strict=True):
                if not test.run(value):
                    break
            else:
                found.append(rule)
                if first_only:
                    break
        return found

    def _problem(self, run: Run, text: Text) -> None:
        if isinstance(run, DecisionRun):
            run.problem(self.table.id, text)

    # ---- answers ----

    def _answer(self, held: list[CompiledRule], scope: Scope) -> object:
        run = scope.run
        policy = self.table.hit_policy
        if not held:
            return self._default(scope)
        hits = [Hit(rule, self._outputs(rule, scope)) for rule in held]
        if policy is HitPolicy.UNIQUE and len(hits) > 1:
            numbers = ", ".join(str(hit.rule.number) for hit in hits)
            self._note(run, hits)
            self._problem(
                run,
                Text(f"规则 {numbers} 同时成立,但只能有一条。", f"Rules {numbers} hold, where only one may."),
            )
            return None
        if policy is HitPolicy.ANY and not self._agree(hits, run):
            self._note(run, hits)
            self._problem(
                run,
                Text("同时成立的规则结论不同。", "Rules that hold at once come to different conclusions."),
            )
            return None
        if policy in (HitPolicy.PRIORITY, HitPolicy.OUTPUT_ORDER):
            hits.sort(key=lambda hit: self._rank(hit, run))
        if policy in (HitPolicy.UNIQUE, HitPolicy.ANY, HitPolicy.PRIORITY, HitPolicy.FIRST):
            self._note(run, hits if policy is HitPolicy.ANY else hits[:1])
            return self._value(hits[0])
        self._note(run, hits)
        results = [self._value(hit) for hit in hits]
        if policy is HitPolicy.COLLECT and self.table.aggregation is not None:
            return _aggregate(self.table.aggregation, results, run)
        run.room(len(results))
        return results

    def _note(self, run: Run, hits: list[Hit]) -> None:
        if isinstance(run, DecisionRun):
            run.matched(self.table.id, [(hit.rule.number, hit.rule.id) for hit in hits])

    def _outputs(self, rule: CompiledRule, scope: Scope) -> tuple[object, ...]:
        made = []
        for code, column in zip(rule.outputs, self.outputs, strict=True):
            value = code(scope)
            if column.fit is not None:
                fitted = column.fit(scope.run, value)
                value = None if fitted is MISFIT else fitted
            made.append(value)
        return tuple(made)

    def _value(self, hit: Hit) -> object:
        if self.single:
            return hit.outputs[0]
        return {column.name: value for column, value in zip(self.outputs, hit.outputs, strict=True)}

    def _default(self, scope: Scope) -> object:
        if isinstance(scope.run, DecisionRun):
            scope.run.matched(self.table.id, [])
        if any(column.default is not None for column in self.outputs):
            values = [None if column.default is None else column.default(scope) for column in self.outputs]
            if self.single:
                return values[0]
            return {column.name: value for column, value in zip(self.outputs, values, strict=True)}
        if self.table.hit_policy in (HitPolicy.RULE_ORDER, HitPolicy.OUTPUT_ORDER, HitPolicy.COLLECT):
            return Decimal(0) if self.table.aggregation is Aggregation.COUNT else None
        return None

    def _agree(self, hits: list[Hit], run: Run) -> bool:
        return all(
            (value is None and other is None) or equals(value, other, run) is True
            for hit in hits[1:]
            for value, other in zip(hits[0].outputs, hit.outputs, strict=True)
        )

    def _rank(self, hit: Hit, run: Run) -> tuple[int, ...]:
        """The place of each output among its allowed values; what isn't there comes last."""
        ranks = []
        for column, value in zip(self.outputs, hit.outputs, strict=True):
            place = len(column.ranks)
            for position, allowed in enumerate(column.ranks):
                if equals(value, allowed, run) is True:
                    place = position
                    break
            ranks.append(place)
        return tuple(ranks)


def _aggregate(aggregation: Aggregation, results: list[object], run: Run) -> object:
    if aggregation is Aggregation.COUNT:
        return Decimal(len(results))
    compute = {
        Aggregation.SUM: statistics.total,
        Aggregation.MIN: statistics.lowest,
        Aggregation.MAX: statistics.highest,
    }[aggregation]
    return compute(run, results)
