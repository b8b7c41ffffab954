"""The state as a short text: JSON arrays, trailing defaults left out, values that JSON lacks as
``engine.feel.values`` writes them."""

import json
from typing import Any

from engine.errors import Invalid, LimitExceeded
from engine.execution.state import Scope, State, Status, Token
from engine.feel.values import from_json, to_json
from engine.text import Text

VERSION = 1
LONGEST = 20_000_000  # characters; a command that gets there would make every later one slow

_SCALARS = frozenset({str, int, bool, type(None)})
_dump = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), check_circular=False).encode
_load = json.JSONDecoder().decode


def _plain(values: dict[str, object]) -> object:
    for name, value in values.items():
        if value.__class__ not in _SCALARS or name[:1] == "$":
            return to_json(values)
    return values


def _trimmed(row: list[object]) -> list[object]:
    while row[-1] is None or row[-1] == 0:
        row.pop()
    return row


def encode(state: State) -> str:
    """The state as text; ``LimitExceeded`` where it has grown out of all bounds."""
    scopes = [
        _trimmed(
            [
                scope.id,
                scope.body,
                _plain(scope.variables) if scope.variables else 0,
                scope.live,
                scope.parent,
                scope.owner,
                0 if scope.kind == "process" else scope.kind,
                scope.joins or 0,
                scope.armed or 0,
                scope.definition,
            ]
        )
        for scope in state.scopes.values()
    ]
    tokens = [_token_row(token) for token in state.tokens.values()]
    text = _dump([VERSION, state.sequence, state.status.value, scopes, tokens])
    if len(text) > LONGEST:
        raise LimitExceeded(Text("事项的数据太多。", "The matter holds too much data."), code="state_limit")
    return text


def _token_row(token: Token) -> list[object]:
    local = _plain(token.local) if token.local else None
    if token.armed is None and token.child is None and token.results is None and token.loop is None:
        if local is None:
            return [token.id, token.node, token.scope, token.waits]
        return [token.id, token.node, token.scope, token.waits, local]
    return _trimmed(
        [
            token.id,
            token.node,
            token.scope,
            token.waits,
            local,
            token.armed or None,
            token.child,
            _plain(token.results) if token.results else None,
            _plain(token.loop) if token.loop else None,
        ]
    )


def decode(text: str) -> State:
    """The state that :func:`encode` was given; ``Invalid`` for a version this program doesn't know."""
    version, sequence, status, scopes, tokens = _load(text)
    if version != VERSION:
        raise Invalid(
            Text(f"不认识的状态版本 {version}。", f"State version {version} is unknown."),
            code="state_version",
        )
    tagged = '"$' in text
    state = State(sequence, Status(status))
    for row in scopes:
        scope = _scope(*row)
        if tagged and scope.variables:
            scope.variables = _full(scope.variables)
        state.scopes[scope.id] = scope
    for row in tokens:
        token = Token(*row)
        if tagged:
            token.local = _full(token.local)
            token.results = _full(token.results)
            token.loop = _full(token.loop)
        state.tokens[token.id] = token
    return state


def _full(values: Any) -> Any:
    return from_json(values) if values else values


def _scope(
    id: int,
    body: str,
    variables: Any = 0,
    live: int = 0,
    parent: int | None = None,
    owner: int | None = None,
    kind: Any = 0,
    joins: Any = 0,
    armed: Any = 0,
    definition: str | None = None,
) -> Scope:
    return Scope(
        id,
        body,
        parent,
        owner,
        kind or "process",
        definition,
        live,
        variables or {},
        joins or {},
        armed or None,
    )
