"""Filters, ``for``, ``some`` and ``every``: the places where work multiplies, and so is paid for."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from engine.feel.calls import Code
from engine.feel.evaluation import Run, Scope
from engine.feel.paths import index
from engine.feel.values import Range

#: Gives the values a variable runs through; None where that isn't a list.
Domain = Callable[[Scope], Sequence[object] | None]


def element(source: Any, position: Decimal) -> object:
    """``source[position]``; a single value is a list of one."""
    if source.__class__ is not list:
        source = [] if source is None else [source]
    found = index(position, len(source))
    return None if found is None else source[found]


def filtering(source: Code, condition: Code, cost: int) -> Code:
    """``source[condition]``. What the condition is for the first element decides whether it selects or
    points; for an empty list it is asked about null."""

    def select(scope: Scope) -> object:
        values = source(scope)
        if values is None:
            return None
        if values.__class__ is not list:
            values = [values]
        run = scope.run
        if not values:
            position = condition(Scope({"item": None}, scope, run))
            return None if position.__class__ is Decimal else []
        found = []
        for value in values:
            run.spend(cost)
            inner = Scope({"item": value}, scope, run)
            if value.__class__ is dict:
                inner = Scope(value, inner, run)
            result = condition(inner)
            if result is True:
                found.append(value)
            elif result.__class__ is Decimal:
                return element(values, result)
            elif result is not None and result is not False:
                return None
        return found

    return select


def elements(code: Code) -> Domain:
    """A list's elements, or what a range counts through."""

    def find(scope: Scope) -> Sequence[object] | None:
        value = code(scope)
        if value.__class__ is list:
            return value
        if isinstance(value, Range):
            return _within(value, scope.run)
        return None

    return find


def counted(start: Code, end: Code) -> Domain:
    """``1..n``, also downwards; days count like numbers."""

    def find(scope: Scope) -> Sequence[object] | None:
        return count(start(scope), end(scope), scope.run)

    return find


def count(start: object, end: object, run: Run) -> Sequence[object] | None:
    if start.__class__ is Decimal and end.__class__ is Decimal:
        return _count_numbers(start, end, run)
    if start.__class__ is date and end.__class__ is date:
        days = (end - start).days
        run.room(abs(days) + 1)
        step = 1 if days >= 0 else -1
        return [start + timedelta(days=offset) for offset in range(0, days + step, step)]
    return None


def _count_numbers(start: Decimal, end: Decimal, run: Run) -> Sequence[object] | None:
    if start != start.to_integral_value() or end != end.to_integral_value():
        return None
    if max(abs(start), abs(end)) > 10**15:
        return None
    first, last = int(start), int(end)
    run.room(abs(last - first) + 1)
    step = 1 if last >= first else -1
    return [Decimal(number) for number in range(first, last + step, step)]


def _within(span: Range, run: Run) -> Sequence[object] | None:
    values = count(span.low, span.high, run)
    if not values:
        return values
    if not span.low_closed:
        values = values[1:]
    if not span.high_closed:
        values = values[:-1]
    return values


def looping(domains: list[tuple[str, Domain]], body: Code, cost: int, *, partial: bool) -> Code:
    """``for … return …``; a later variable may depend on an earlier one."""
    last = len(domains) - 1

    def loop(scope: Scope) -> object:
        run = scope.run
        results: list[object] = []
        limit = run.limits.max_list

        def turn(outer: Scope, level: int) -> bool:
            name, domain = domains[level]
            values = domain(outer)
            if values is None:
                return False
            for value in values:
                run.spend(cost)
                inner = Scope({name: value}, outer, run)
                if level < last:
                    if not turn(inner, level + 1):
                        return False
                    continue
                if partial:
                    run.spend(len(results))
                    inner = Scope({"partial": list(results)}, inner, run)
                results.append(body(inner))
                if len(results) > limit:
                    run.room(len(results))
            return True

        return results if turn(scope, 0) else None

    return loop


def quantifying(domains: list[tuple[str, Domain]], condition: Code, cost: int, *, some: bool) -> Code:
    """``some`` and ``every``: a chain of or's, of and's."""
    last = len(domains) - 1

    def quantify(scope: Scope) -> object:
        run = scope.run
        unknown = False

        def turn(outer: Scope, level: int) -> bool | None:
            """True when decided, False to go on, None when there is nothing to run through."""
            nonlocal unknown
            name, domain = domains[level]
            values = domain(outer)
            if values is None:
                return None
            for value in values:
                run.spend(cost)
                inner = Scope({name: value}, outer, run)
                if level < last:
                    decided = turn(inner, level + 1)
                    if decided is not False:
                        return decided
                    continue
                result = condition(inner)
                if result is some:
                    return True
                if result is None:
                    unknown = True
                elif result.__class__ is not bool:
                    return None
            return False

        decided = turn(scope, 0)
        if decided is None:
            return None
        return some if decided else None if unknown else not some

    return quantify
