"""Code for comparisons and for ``and``/``or``, quick where the operands are of the common kinds."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from engine.feel import operators
from engine.feel import syntax as s
from engine.feel.calls import Code
from engine.feel.evaluation import Scope


def either(first: Code, second: Code, decisive: bool) -> Code:
    """``or`` where ``decisive`` is true, else ``and``."""

    def join(scope: Scope) -> object:
        left = first(scope)
        if left is decisive:
            return decisive
        right = second(scope)
        if right is decisive:
            return decisive
        return not decisive if left.__class__ is bool and right.__class__ is bool else None

    return join


def equality(left: Code, right: Code, wanted: bool, shape: s.Node) -> Code:
    equals = operators.equals
    if isinstance(shape, s.Literal) and isinstance(shape.value, str | Decimal):
        constant, kind = shape.value, shape.value.__class__

        def compare_constant(scope: Scope) -> object:
            value = left(scope)
            if value.__class__ is kind:
                return (value == constant) is wanted
            result = equals(value, constant, scope.run)
            return None if result is None else result is wanted

        return compare_constant

    def compare(scope: Scope) -> object:
        result = equals(left(scope), right(scope), scope.run)
        return None if result is None else result is wanted

    return compare


def number_order(
    left: Code, operator: str, number: Decimal, order: Callable[[Any, Any], bool | None]
) -> Code:
    """Order against a number that stands in the text: by far the commonest condition."""

    def below(scope: Scope) -> object:
        value = left(scope)
        return value < number if value.__class__ is Decimal else order(value, number)

    def up_to(scope: Scope) -> object:
        value = left(scope)
        return value <= number if value.__class__ is Decimal else order(value, number)

    def above(scope: Scope) -> object:
        value = left(scope)
        return value > number if value.__class__ is Decimal else order(value, number)

    def from_(scope: Scope) -> object:
        value = left(scope)
        return value >= number if value.__class__ is Decimal else order(value, number)

    return {"<": below, "<=": up_to, ">": above, ">=": from_}[operator]
