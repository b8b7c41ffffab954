"""What is true of a state whenever a command has ended."""

from engine.execution.state import Scope, State, Status

_WAITS = frozenset(
    {"task", "service", "timer", "message", "signal", "event", "scope", "enter", "leave", "onward"}
)


def check_invariant(state: State) -> None:
    """Raises ``AssertionError`` where tokens, joins, counters and owners don't agree. For tests."""
    counted: dict[int, int] = dict.fromkeys(state.scopes, 0)
    for key, token in state.tokens.items():
        assert key == token.id <= state.sequence, f"token {key} has a wrong number"  # noqa: S101
        assert token.scope in state.scopes, f"token {key} has no scope"  # noqa: S101
        assert token.waits in _WAITS, f"token {key} at {token.node} waits for nothing"  # noqa: S101
        counted[token.scope] += 1
        if token.child is not None:
            assert token.child in state.scopes, f"token {key} owns no scope"  # noqa: S101
            assert state.scopes[token.child].owner == key, f"scope {token.child} has another owner"  # noqa: S101
        if token.waits == "scope":
            assert token.child is not None, f"token {key} waits for no scope"  # noqa: S101
    for key, scope in state.scopes.items():
        assert key == scope.id <= state.sequence, f"scope {key} has a wrong number"  # noqa: S101
        held = _held(scope)
        assert counted[key] + held == scope.live, (  # noqa: S101
            f"scope {key} counts {scope.live}, has {counted[key]} tokens and {held} at joins"
        )
        if scope.owner is None:
            assert key == 1, f"scope {key} has no owner"  # noqa: S101
            continue
        owner = state.tokens.get(scope.owner)
        assert owner is not None, f"scope {key} lost its owner"  # noqa: S101
        assert owner.child == key, f"scope {key} is unknown to its owner"  # noqa: S101
        assert owner.scope == scope.parent, f"scope {key} and its owner disagree on the parent"  # noqa: S101
        assert scope.live or owner.waits in ("leave", "onward"), f"scope {key} is empty and still open"  # noqa: S101
    if state.status is not Status.ACTIVE:
        assert not state.tokens, "an ended instance has tokens"  # noqa: S101
        assert len(state.scopes) <= 1, "an ended instance has scopes"  # noqa: S101
    elif state.scopes:
        assert state.root.live, "an active instance has nothing left to do"  # noqa: S101


def _held(scope: Scope) -> int:
    total = 0
    for node, flows in scope.joins.items():
        assert flows, f"join {node} is kept though it holds nothing"  # noqa: S101
        for flow, count in flows.items():
            assert count > 0, f"join {node} counts {count} on {flow}"  # noqa: S101
            total += count
    return total
