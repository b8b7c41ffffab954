"""The built-in functions of DMN 1.5 (10.3.4), by name."""

from engine.feel.functions import contexts, conversion, dates, lists, numbers, ranges, statistics, strings
from engine.feel.functions.signature import Builtin, Registry

BUILTINS: dict[str, Builtin] = {}
for _room in (contexts, conversion, dates, lists, numbers, ranges, statistics, strings):
    BUILTINS.update(_room.FUNCTIONS)

__all__ = ["BUILTINS", "Builtin", "Registry"]
