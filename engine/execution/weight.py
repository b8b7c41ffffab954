"""How much room a value takes, roughly, without writing it out."""


def weight(value: object, room: int) -> int:
    """Characters and elements in a value, nested ones included; stops counting beyond ``room``."""
    if not isinstance(value, str | dict | list):
        return 1
    total = 0
    left: list[object] = [value]
    while left and total <= room:
        inner = left.pop()
        if isinstance(inner, str):
            total += len(inner)
        elif isinstance(inner, dict):
            total += len(inner) + sum(map(len, inner))
            left.extend(inner.values())
        elif isinstance(inner, list):
            total += len(inner)
            left.extend(inner)
    return total
