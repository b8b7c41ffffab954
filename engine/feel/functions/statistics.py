"""Sums and statistics (DMN 1.5, 10.3.4.4). Each takes a list or the values themselves."""

from collections.abc import Callable
from decimal import Decimal, DecimalException

from engine.feel.evaluation import Run
from engine.feel.functions.signature import Registry
from engine.feel.operators import NUMBERS, compare

FUNCTIONS = Registry()
Values = list[object]


def _numbers(values: Values) -> list[Decimal] | None:
    """The values if all are numbers."""
    numbers = [value for value in values if isinstance(value, Decimal)]
    return numbers if len(numbers) == len(values) else None


def _extreme(wanted: int) -> Callable[[Run, Values], object]:
    def find(run: Run, values: Values) -> object:
        if not values:
            return None
        best = values[0]
        if compare(best, best) is None:
            return None
        for value in values[1:]:
            order = compare(value, best)
            if order is None:
                return None
            if order == wanted:
                best = value
        return best

    return find


lowest = _extreme(-1)
highest = _extreme(1)


def _total(numbers: list[Decimal]) -> Decimal:
    total = Decimal(0)
    for number in numbers:
        total = NUMBERS.add(total, number)
    return total


def total(run: Run, values: Values) -> object:
    numbers = _numbers(values)
    return _total(numbers) if numbers else None


def mean(run: Run, values: Values) -> object:
    numbers = _numbers(values)
    return NUMBERS.divide(_total(numbers), Decimal(len(numbers))) if numbers else None


def product(run: Run, values: Values) -> object:
    numbers = _numbers(values)
    if not numbers:
        return None
    result = Decimal(1)
    for number in numbers:
        result = NUMBERS.multiply(result, number)
    return result


def median(run: Run, values: Values) -> object:
    numbers = _numbers(values)
    if not numbers:
        return None
    numbers.sort()
    middle = len(numbers) // 2
    if len(numbers) % 2:
        return numbers[middle]
    return NUMBERS.divide(NUMBERS.add(numbers[middle - 1], numbers[middle]), Decimal(2))


def standard_deviation(run: Run, values: Values) -> object:
    """Of a sample: the divisor is n - 1."""
    numbers = _numbers(values)
    if not numbers or len(numbers) < 2:
        return None
    middle = NUMBERS.divide(_total(numbers), Decimal(len(numbers)))
    squares = [NUMBERS.power(NUMBERS.subtract(number, middle), Decimal(2)) for number in numbers]
    return NUMBERS.sqrt(NUMBERS.divide(_total(squares), Decimal(len(numbers) - 1)))


def mode(run: Run, values: Values) -> object:
    numbers = _numbers(values)
    if numbers is None:
        return None
    counts: dict[Decimal, int] = {}
    for number in numbers:
        counts[number] = counts.get(number, 0) + 1
    most = max(counts.values(), default=0)
    return sorted(number for number, count in counts.items() if count == most)


def _given(body: Callable[[Run, Values], object]) -> Callable[..., object]:
    def of_values(run: Run, *values: object) -> object:
        try:
            return body(run, list(values)) if values else None
        except DecimalException:
            return None

    return of_values


for _name, _body in {
    "min": lowest,
    "max": highest,
    "sum": total,
    "mean": mean,
    "product": product,
    "median": median,
    "stddev": standard_deviation,
    "mode": mode,
}.items():
    FUNCTIONS.add(_name, "list: list")(_body)
    FUNCTIONS.add(_name, "...values: any")(_given(_body))
