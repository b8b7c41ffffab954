"""How points and ranges lie to each other (DMN 1.5, 10.3.4.11, table 78), after Allen's interval algebra."""

from collections.abc import Callable

from engine.feel.evaluation import Run
from engine.feel.functions.signature import Registry
from engine.feel.operators import compare, equals, greater, less, within
from engine.feel.values import Range

FUNCTIONS = Registry()
_Truth = bool | None


def _and(*parts: _Truth) -> _Truth:
    if any(part is False for part in parts):
        return False
    return True if all(parts) else None


def _or(*parts: _Truth) -> _Truth:
    if any(part is True for part in parts):
        return True
    return None if any(part is None for part in parts) else False


def _not(part: _Truth) -> _Truth:
    return None if part is None else not part


def _same(left: object, right: object) -> _Truth:
    order = compare(left, right)
    return None if order is None else order == 0


def _starts_no_later(outer: Range, inner: Range) -> _Truth:
    """Whether the outer range's start leaves room for the inner's."""
    return _or(
        less(outer.low, inner.low),
        _and(_same(outer.low, inner.low), outer.low_closed or not inner.low_closed),
    )


def _ends_no_sooner(outer: Range, inner: Range) -> _Truth:
    return _or(
        greater(outer.high, inner.high),
        _and(_same(outer.high, inner.high), outer.high_closed or not inner.high_closed),
    )


def before(run: Run, a: object, b: object) -> _Truth:
    if isinstance(a, Range) and isinstance(b, Range):
        return _or(less(a.high, b.low), _and(_same(a.high, b.low), not (a.high_closed and b.low_closed)))
    if isinstance(a, Range):
        return _or(less(a.high, b), _and(_same(a.high, b), not a.high_closed))
    if isinstance(b, Range):
        return _or(less(a, b.low), _and(_same(a, b.low), not b.low_closed))
    return less(a, b)


def after(run: Run, a: object, b: object) -> _Truth:
    return before(run, b, a)


def meets(run: Run, a: Range, b: Range) -> _Truth:
    return _and(a.high_closed, b.low_closed, _same(a.high, b.low))


def met_by(run: Run, a: Range, b: Range) -> _Truth:
    return meets(run, b, a)


def overlaps(run: Run, a: Range, b: Range) -> _Truth:
    return _and(_not(before(run, a, b)), _not(before(run, b, a)))


def overlaps_before(run: Run, a: Range, b: Range) -> _Truth:
    return _and(
        _or(less(a.low, b.low), _and(_same(a.low, b.low), a.low_closed, not b.low_closed)),
        _or(greater(a.high, b.low), _and(_same(a.high, b.low), a.high_closed, b.low_closed)),
        _or(less(a.high, b.high), _and(_same(a.high, b.high), not a.high_closed or b.high_closed)),
    )


def overlaps_after(run: Run, a: Range, b: Range) -> _Truth:
    return _and(
        _or(less(b.low, a.low), _and(_same(b.low, a.low), b.low_closed, not a.low_closed)),
        _or(greater(b.high, a.low), _and(_same(b.high, a.low), b.high_closed, a.low_closed)),
        _or(less(b.high, a.high), _and(_same(b.high, a.high), not b.high_closed or a.high_closed)),
    )


def finishes(run: Run, a: object, b: Range) -> _Truth:
    if isinstance(a, Range):
        return _and(a.high_closed == b.high_closed, _same(a.high, b.high), _starts_no_later(b, a))
    return _and(b.high_closed, _same(a, b.high))


def finished_by(run: Run, a: Range, b: object) -> _Truth:
    return finishes(run, b, a)


def includes(run: Run, a: Range, b: object) -> _Truth:
    if isinstance(b, Range):
        return _and(_starts_no_later(a, b), _ends_no_sooner(a, b))
    return within(b, a)


def during(run: Run, a: object, b: Range) -> _Truth:
    return includes(run, b, a)


def starts(run: Run, a: object, b: Range) -> _Truth:
    if isinstance(a, Range):
        return _and(a.low_closed == b.low_closed, _same(a.low, b.low), _ends_no_sooner(b, a))
    return _and(b.low_closed, _same(a, b.low))


def started_by(run: Run, a: Range, b: object) -> _Truth:
    return starts(run, b, a)


def coincides(run: Run, a: object, b: object) -> _Truth:
    if isinstance(a, Range) or isinstance(b, Range):
        return equals(a, b, run)
    return _same(a, b)


_Relation = Callable[..., _Truth]
_RELATIONS: tuple[tuple[str, str, str, _Relation], ...] = (
    ("before", "point1|range1", "point2|range2", before),
    ("after", "point1|range1", "point2|range2", after),
    ("meets", "range1", "range2", meets),
    ("met by", "range1", "range2", met_by),
    ("overlaps", "range1", "range2", overlaps),
    ("overlaps before", "range1", "range2", overlaps_before),
    ("overlaps after", "range1", "range2", overlaps_after),
    ("finishes", "point|range1", "range|range2", finishes),
    ("finished by", "range|range1", "point|range2", finished_by),
    ("includes", "range|range1", "point|range2", includes),
    ("during", "point|range1", "range|range2", during),
    ("starts", "point|range1", "range|range2", starts),
    ("started by", "range|range1", "point|range2", started_by),
    ("coincides", "point1|range1", "point2|range2", coincides),
)
_POINT = "number|string|date|time|date and time|duration"


def _declare(name: str, left: str, right: str, relation: _Relation) -> None:
    """One signature for each pair of what may stand on the two sides."""
    for first in left.split("|"):
        for second in right.split("|"):
            kinds = [("range" if each.startswith("range") else _POINT) for each in (first, second)]
            FUNCTIONS.add(name, f"{first}: {kinds[0]}, {second}: {kinds[1]}")(relation)


for _entry in _RELATIONS:
    _declare(*_entry)
