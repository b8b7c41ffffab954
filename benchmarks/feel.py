"""FEEL and decision tables, each beside what the same condition costs written in Python."""

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from decimal import Decimal
from statistics import median

from benchmarks.report import Figure
from engine.decisions import decide, read_dmn
from engine.feel import compile_expression, compile_unary_tests
from engine.feel.values import from_json, to_json

NOW = datetime(2026, 3, 2, 4, tzinfo=UTC)
CONTEXT: dict[str, object] = {
    "amount": 1200,
    "urgency": "crisis",
    "scores": [3, 5, 8, 13, 21, 34, 55, 89, 144, 233],
    "client": {"age": 71, "alone": True, "since": datetime(2026, 2, 12, tzinfo=UTC)},
}


def microseconds(work: Callable[[], object], *, rounds: int = 5, seconds: float = 0.1) -> float:
    """The median over rounds of the mean time of one call."""
    count = 1
    while True:
        start = time.perf_counter()
        for _ in range(count):
            work()
        spent = time.perf_counter() - start
        if spent > seconds / 4:
            break
        count *= 4
    means = []
    for _ in range(rounds):
        start = time.perf_counter()
        for _ in range(count):
            work()
        means.append((time.perf_counter() - start) / count)
    return median(means) * 1e6


def _expressions() -> Iterator[tuple[str, str, Callable[[], object]]]:
    limit = Decimal(1000)
    amount, urgency = Decimal(1200), "crisis"
    scores = [Decimal(value) for value in (3, 5, 8, 13, 21, 34, 55, 89, 144, 233)]
    yield (
        "condition",
        'amount > 1000 and urgency = "crisis"',
        lambda: amount > limit and urgency == "crisis",
    )
    yield "path", "client.age >= 60 and client.alone", lambda: Decimal(71) >= 60 and True
    yield "filter of 10", "scores[item > 10]", lambda: [each for each in scores if each > 10]
    yield "for over 10", "for s in scores return s * 2", lambda: [each * 2 for each in scores]
    yield "sum of 10", "sum(scores)", lambda: sum(scores)
    yield "date", 'client.since + @"P3D" < now()', lambda: NOW < NOW


def _table(rules: int) -> bytes:
    rows = "".join(
        f'<rule id="r{n}"><inputEntry><text>[{n}..{n + 1})</text></inputEntry>'
        f'<inputEntry><text>"crisis", "urgent"</text></inputEntry>'
        f"<outputEntry><text>{n}</text></outputEntry></rule>"
        for n in range(rules)
    )
    return (
        '<definitions xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/" namespace="urn:b" id="d" name="d">'
        '<decision id="risk" name="risk"><decisionTable id="t" hitPolicy="UNIQUE">'
        '<input id="i1"><inputExpression><text>amount</text></inputExpression></input>'
        '<input id="i2"><inputExpression><text>urgency</text></inputExpression></input>'
        f'<output id="o"/>{rows}</decisionTable></decision></definitions>'
    ).encode()


def figures() -> Iterator[Figure]:
    """One figure each."""
    for name, text, floor in _expressions():
        expression = compile_expression(text)
        value = microseconds(lambda expression=expression: expression.evaluate(CONTEXT, now=NOW))  # type: ignore[misc]
        least = microseconds(floor)
        yield Figure(f"feel: {name}", round(value, 2), "µs", round(least, 3), round(least / value, 3))
    text = 'amount > 1000 and urgency = "crisis"'
    yield Figure("feel: compile, cached", round(microseconds(lambda: compile_expression(text)), 2), "µs")
    fresh = iter(range(10**9))
    compiled = microseconds(lambda: compile_expression(f'amount > {next(fresh)} and urgency = "crisis"'))
    yield Figure("feel: compile, new", round(compiled, 1), "µs")
    cell = compile_unary_tests("[1000..2000], > 5000")
    yield Figure("feel: table cell", round(microseconds(lambda: cell.matches(1200, {})), 2), "µs")
    kept = to_json({"case": {"amount": Decimal("12.30"), "since": NOW}, "notes": ["a"] * 50})
    yield Figure("feel: from_json of a state", round(microseconds(lambda: from_json(kept)), 2), "µs")
    for rules in (10, 100):
        model = read_dmn(_table(rules))
        context = {"amount": rules - 1, "urgency": "crisis"}
        spent = microseconds(lambda model=model, context=context: decide(model, "risk", context))  # type: ignore[misc]
        yield Figure(f"dmn: table of {rules} rules, last one holds", round(spent, 1), "µs")
    source = _table(100)
    yield Figure(
        "dmn: read a table of 100 rules", round(microseconds(lambda: read_dmn(source)) / 1000, 2), "ms"
    )
