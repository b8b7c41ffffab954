"""One run over the graph: the primitives with which nodes move tokens, and the agenda of moves still to make.

Every move is an agenda item ``(token, stage, via)``. A token that was withdrawn meanwhile is skipped when
its item comes up, so interrupting purges the agenda at no cost. The stages of a visit:

- ``enter``: the token arrives (``via`` is the flow it came by);
- ``leave``: what the node waited for has happened; results are applied;
- ``onward``: flows are chosen and taken.

A :class:`Trouble` in a stage strands the token there, so that a retry repeats that stage and no other.
"""

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from engine.bpmn.graph import EventDefinition, Flow, Graph, Node
from engine.errors import LimitExceeded, WulianError
from engine.execution.effects import Effect, Entry, IncidentRaised, Released, TaskClosed
from engine.execution.environment import Budget, Environment
from engine.execution.state import Scope, State, Status, Token
from engine.execution.trouble import Trouble
from engine.execution.variables import context_of
from engine.execution.weight import weight
from engine.feel import Expression
from engine.text import Text

ENTER, LEAVE, ONWARD = "enter", "leave", "onward"
STAGES = (ENTER, LEAVE, ONWARD)

#: Waits that something outside the state stands for, beside timers and subscriptions.
_REGISTERED = frozenset({"service", *STAGES})


class Walk:
    """The run: state, effects so far, agenda."""

    __slots__ = (
        "agenda",
        "budget",
        "data",
        "effects",
        "env",
        "first",
        "graphs",
        "now",
        "stage",
        "state",
        "steps",
        "throws",
        "until",
        "watched",
    )

    def __init__(self, env: Environment, state: State, now: datetime, budget: Budget) -> None:
        self.env = env
        self.state = state
        self.now = now
        self.budget = budget
        self.effects: list[Effect] = []
        self.agenda: deque[tuple[Token, str, str | None]] = deque()
        self.throws: deque[tuple[Token, EventDefinition]] = deque()
        self.graphs: dict[str | None, Graph] = {}
        self.watched: set[int] = set()  # scopes that may have only join tokens left
        self.first = state.sequence  # ids above it were given in this run
        self.steps = 0
        self.data = 0
        self.stage = ENTER
        self.until = budget.monotonic() + budget.seconds

    # ---- reading ----

    def graph(self, scope: Scope) -> Graph:
        graph = self.graphs.get(scope.definition)
        if graph is None:
            graph = self.graphs[scope.definition] = self.env.graph(scope.definition)
        return graph

    def scope(self, token: Token) -> Scope:
        return self.state.scopes[token.scope]

    def node(self, token: Token) -> Node:
        return self.graph(self.state.scopes[token.scope]).nodes[token.node]

    def context(self, where: Token | Scope, first: dict[str, object] | None = None) -> Mapping[str, object]:
        """What an expression sees there: variables, and under them what its definition has fixed."""
        scope = where if isinstance(where, Scope) else self.state.scopes[where.scope]
        return context_of(self.state, where, first, self.env.constants(scope.definition))

    def evaluate(
        self, expression: Expression, where: Token | Scope, first: dict[str, object] | None = None
    ) -> object:
        """An expression's value there; a limit that it exceeds, or a function's refusal, is a
        :class:`Trouble`."""
        if self.budget.monotonic() > self.until:
            raise self._too_long()
        try:
            return self.keep(
                expression.evaluate(self.context(where, first), now=self.now, functions=self.env.functions)
            )
        except WulianError as error:
            raise Trouble(error.code, error.text) from error

    def keep(self, value: object) -> object:
        """A value that may go into the state; ``LimitExceeded`` where the run has made too much of that."""
        self.data += weight(value, self.budget.data)
        if self.data > self.budget.data:
            raise LimitExceeded(
                Text("一次执行产生的数据太多。", "One run made more data than a matter may hold."),
                code="data_limit",
            )
        return value

    # ---- the agenda ----

    def enter(self, token: Token, via: str | None = None) -> None:
        token.waits = ""
        self.agenda.append((token, ENTER, via))

    def leave(self, token: Token, results: Mapping[str, object] | None = None) -> None:
        """What the token waited for has happened."""
        token.waits = ""
        if results:
            token.results = {name: self.keep(value) for name, value in results.items()}
        self.agenda.append((token, LEAVE, None))

    def count(self) -> None:
        """One move; ``LimitExceeded`` where the budget is used up."""
        self.steps += 1
        if self.steps > self.budget.steps:
            raise LimitExceeded(
                Text(
                    f"一次执行超过 {self.budget.steps} 步,流程可能有不等待的循环。",
                    f"One run took more than {self.budget.steps} moves; it may loop without waiting.",
                ),
                code="step_limit",
            )
        if not self.steps & 7 and self.budget.monotonic() > self.until:
            raise self._too_long()

    def _too_long(self) -> LimitExceeded:
        seconds = f"{self.budget.seconds:g}"
        return LimitExceeded(
            Text(f"一次执行超过 {seconds} 秒。", f"One run took more than {seconds} s."), code="time_limit"
        )

    # ---- tokens ----

    def place(self, scope: Scope, node: str) -> Token:
        """A new token."""
        state = self.state
        state.sequence += 1
        token = Token(state.sequence, node, scope.id)
        state.tokens[token.id] = token
        scope.live += 1
        return token

    def replace(self, token: Token, node: str) -> Token:
        """The token goes on to another node, as a new visit."""
        state = self.state
        del state.tokens[token.id]
        state.sequence += 1
        moved = Token(state.sequence, node, token.scope)
        state.tokens[moved.id] = moved
        return moved

    def consume(self, token: Token) -> None:
        """The token's way ends here."""
        del self.state.tokens[token.id]
        scope = self.state.scopes[token.scope]
        scope.live -= 1
        if scope.live:
            if scope.joins:
                self.watched.add(scope.id)
        else:
            self.emptied(scope)

    def take(self, token: Token, node: Node, flows: Sequence[Flow]) -> None:
        """The visit is complete; the token goes on along the flows, or ends where there are none."""
        effects = self.effects
        effects.append(Entry("completed", node.id, token.id, token.scope))
        if not flows:
            self.consume(token)
            return
        tokens, agenda = self.state.tokens, self.agenda
        scope = self.state.scopes[token.scope]
        del tokens[token.id]
        scope.live += len(flows) - 1
        for flow in flows:
            self.state.sequence += 1
            moved = Token(self.state.sequence, flow.target, scope.id)
            tokens[moved.id] = moved
            effects.append(Entry("flow", flow.id, moved.id, scope.id))
            agenda.append((moved, ENTER, flow.id))

    def release(self, token: Token) -> None:
        """Drop the timers and subscriptions registered for the token."""
        if token.armed:
            token.armed = None
            self.effects.append(Released(f"t{token.id}"))

    def strand(self, token: Token, trouble: Trouble) -> None:
        """The token can't make its move: it stays, and a person is told."""
        if self.stage == ENTER:
            self.release(token)
            if token.child is not None:
                self.close(token)
        token.waits = self.stage
        self.effects.append(IncidentRaised(token.id, token.node, trouble.code, trouble.text))

    # ---- withdrawing ----

    def withdraw(self, token: Token) -> None:
        """Interrupt the visit: with its task, waits and all it contains. The scope's count is the caller's
        to settle."""
        if token.child is not None:
            self.close(token)
        del self.state.tokens[token.id]
        self._withdrawn(token)

    def _withdrawn(self, token: Token) -> None:
        if token.waits == "task":
            self.effects.append(TaskClosed(token.id, withdrawn=True))
        if token.armed or token.waits in _REGISTERED:
            self.effects.append(Released(f"t{token.id}"))
        self.effects.append(Entry("interrupted", token.node, token.id, token.scope))

    def close(self, token: Token) -> None:
        """Remove the scope that the token owns, with everything in it."""
        scope = self.state.scopes[token.child]  # type: ignore[index]
        if scope.live:
            self.clear(scope)
        self.disarm(scope)
        del self.state.scopes[scope.id]
        token.child = None

    def clear(self, scope: Scope) -> None:
        """Withdraw everything in the scope; it stays, empty."""
        doomed = {scope.id}
        scopes, tokens = self.state.scopes, self.state.tokens
        for inner in scopes.values():  # a scope is younger than its parent, so one pass in order finds all
            if inner.parent in doomed:
                doomed.add(inner.id)
        for token in [token for token in tokens.values() if token.scope in doomed]:
            del tokens[token.id]
            self._withdrawn(token)
        doomed.remove(scope.id)
        for number in doomed:
            self.disarm(scopes.pop(number))
        scope.joins.clear()
        scope.live = 0

    def disarm(self, scope: Scope) -> None:
        """Drop the event sub-process starts registered for the scope."""
        if scope.armed:
            scope.armed = None
            self.effects.append(Released(f"s{scope.id}"))

    # ---- scopes ----

    def emptied(self, scope: Scope) -> None:
        """Nothing is left in the scope: its owner continues, or the instance is complete."""
        if scope.owner is None:
            self.finish(Status.COMPLETED)
        else:
            self.leave(self.state.tokens[scope.owner])

    def finish(self, status: Status, data: dict[str, object] | None = None) -> None:
        """The instance ends. Its root scope stays, for its variables."""
        root = self.state.root
        if root.live:
            self.clear(root)
        self.disarm(root)
        self.state.status = status
        self.effects.append(
            Entry("ended", root.body, None, root.id, {"status": status.value, **(data or {})})
        )


Enter = Callable[[Walk, Token, Node, str | None], None]
Visit = Callable[[Walk, Token, Node], None]
