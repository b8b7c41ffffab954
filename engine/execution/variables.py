"""Where a name is looked up and where a value is written (BPMN 2.0, 10.4.7, with variables in the place of
data objects).

Seen from a token: its own local variables, its scope's, the local variables of the token that owns that
scope, the parent scope's, and so on up to the process. A called process sees nothing beyond its own root. A
value is written where its name is found first, or else to the process.
"""

from collections.abc import Iterator, Mapping

from engine.execution.state import Scope, State, Token


class Layers(Mapping[str, object]):
    """Several layers of names, nearest first, read without copying."""

    __slots__ = ("layers",)

    def __init__(self, layers: list[dict[str, object]]) -> None:
        self.layers = layers

    def __getitem__(self, name: str) -> object:
        for layer in self.layers:
            if name in layer:
                return layer[name]
        raise KeyError(name)

    def __contains__(self, name: object) -> bool:
        return any(name in layer for layer in self.layers)

    def __iter__(self) -> Iterator[str]:
        return iter(self.merged())

    def __len__(self) -> int:
        return len(self.merged())

    def merged(self) -> dict[str, object]:
        """All of it in one dictionary."""
        merged: dict[str, object] = {}
        for layer in reversed(self.layers):
            merged.update(layer)
        return merged


def layers_of(state: State, where: Token | Scope) -> list[dict[str, object]]:
    """The dictionaries seen from a token or a scope, nearest first, empty ones left out."""
    layers: list[dict[str, object]] = []
    if where.__class__ is Token:
        if where.local:
            layers.append(where.local)
        scope = state.scopes[where.scope]
    else:
        scope = where  # type: ignore[assignment]
    while True:
        if scope.variables:
            layers.append(scope.variables)
        if scope.kind == "process" or scope.owner is None:
            return layers
        local = state.tokens[scope.owner].local
        if local:
            layers.append(local)
        scope = state.scopes[scope.parent]  # type: ignore[index]


def context_of(
    state: State,
    where: Token | Scope,
    first: dict[str, object] | None = None,
    last: dict[str, object] | None = None,
) -> Mapping[str, object]:
    """What an expression sees there; ``first`` lies over everything, ``last`` under it."""
    layers = layers_of(state, where)
    if first:
        layers.insert(0, first)
    if last:
        layers.append(last)
    if len(layers) == 1:
        return layers[0]
    return Layers(layers)


def variables_of(state: State, where: int | str | Token | Scope) -> dict[str, object]:
    """All variables seen from a token or a scope: the thing itself, a token's number, or a holder (``t7``,
    ``s3``)."""
    if isinstance(where, str):
        number = int(where[1:])
        where = state.tokens[number] if where[0] == "t" else state.scopes[number]
    elif isinstance(where, int):
        where = state.tokens[where] if where in state.tokens else state.scopes[where]
    return Layers(layers_of(state, where)).merged()


def write(state: State, where: Token | Scope, name: str, value: object) -> None:
    """Write a value where its name is found first, or else to the process."""
    if where.__class__ is Token:
        if where.local is not None and name in where.local:
            where.local[name] = value
            return
        scope = state.scopes[where.scope]
    else:
        scope = where  # type: ignore[assignment]
    while True:
        if scope.kind == "process" or scope.owner is None or name in scope.variables:
            scope.variables[name] = value
            return
        local = state.tokens[scope.owner].local
        if local is not None and name in local:
            local[name] = value
            return
        scope = state.scopes[scope.parent]  # type: ignore[index]
