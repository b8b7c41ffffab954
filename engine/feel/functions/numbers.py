"""Functions on numbers and booleans (DMN 1.5, 10.3.4.2, 10.3.4.5)."""

from decimal import (
    ROUND_CEILING,
    ROUND_DOWN,
    ROUND_FLOOR,
    ROUND_HALF_DOWN,
    ROUND_HALF_EVEN,
    ROUND_HALF_UP,
    ROUND_UP,
    Context,
    Decimal,
)

from engine.feel.evaluation import Run
from engine.feel.functions.signature import Body, Registry
from engine.feel.operators import NUMBERS

FUNCTIONS = Registry()
_add = FUNCTIONS.add

_COSTLY = 50
"""Steps for a function that is computed as a series."""

# Rounding may need more digits than the result has.
_WIDE = Context(prec=12_500, Emin=-12_400, Emax=12_400)
_SCALES = (Decimal(-6111), Decimal(6176))


def _round(number: Decimal, scale: Decimal, rounding: str) -> Decimal | None:
    """A number at a count of decimal places; null outside decimal128's scales."""
    if not _SCALES[0] <= scale <= _SCALES[1] or scale != scale.to_integral_value():
        return None
    places = int(scale)
    exponent = number.as_tuple().exponent
    if not isinstance(exponent, int):
        raise ValueError("numbers are finite")
    if exponent >= -places:
        return number
    rounded = number.quantize(Decimal(1).scaleb(-places, _WIDE), rounding=rounding, context=_WIDE)
    if places < 0:
        # 1234 at scale -2 is 1200, not 1.2E+3.
        rounded = rounded.quantize(Decimal(1), context=_WIDE) if rounded else Decimal(0)
    return NUMBERS.plus(rounded)


def _rounding(rounding: str) -> Body:
    def apply(run: Run, number: Decimal, scale: Decimal) -> object:
        return _round(number, scale, rounding)

    return apply


for _name, _mode in {
    "decimal": ROUND_HALF_EVEN,
    "round up": ROUND_UP,
    "round down": ROUND_DOWN,
    "round half up": ROUND_HALF_UP,
    "round half down": ROUND_HALF_DOWN,
}.items():
    _add(_name, "n: number, scale: number")(_rounding(_mode))


@_add("floor", "n: number, scale?: number")
def floor(run: Run, number: Decimal, scale: Decimal = Decimal(0)) -> object:
    return _round(number, scale, ROUND_FLOOR)


@_add("ceiling", "n: number, scale?: number")
def ceiling(run: Run, number: Decimal, scale: Decimal = Decimal(0)) -> object:
    return _round(number, scale, ROUND_CEILING)


@_add("abs", "n: number|duration")
def absolute(run: Run, value: object) -> object:
    if isinstance(value, Decimal):
        return NUMBERS.abs(value)
    from engine.feel.values import YearsMonths

    if isinstance(value, YearsMonths):
        return YearsMonths(abs(value.total))
    return abs(value)  # type: ignore[arg-type]


@_add("modulo", "dividend: number, divisor: number")
def modulo(run: Run, dividend: Decimal, divisor: Decimal) -> object:
    # dividend - divisor * floor(dividend / divisor): the sign is the divisor's.
    if not divisor:
        return None
    rest = NUMBERS.remainder(dividend, divisor)
    return rest if not rest or (rest > 0) == (divisor > 0) else NUMBERS.add(rest, divisor)


@_add("sqrt", "number: number")
def square_root(run: Run, number: Decimal) -> object:
    run.spend(_COSTLY)
    return NUMBERS.sqrt(number) if number >= 0 else None


@_add("log", "number: number")
def logarithm(run: Run, number: Decimal) -> object:
    run.spend(_COSTLY)
    return NUMBERS.ln(number) if number > 0 else None


@_add("exp", "number: number")
def exponential(run: Run, number: Decimal) -> object:
    run.spend(_COSTLY)
    return NUMBERS.exp(number)


@_add("odd", "number: number")
def odd(run: Run, number: Decimal) -> object:
    return number == number.to_integral_value() and NUMBERS.remainder(number, Decimal(2)) != 0


@_add("even", "number: number")
def even(run: Run, number: Decimal) -> object:
    return number == number.to_integral_value() and NUMBERS.remainder(number, Decimal(2)) == 0


@_add("not", "negand: boolean")
def negation(run: Run, value: bool) -> object:
    return not value
