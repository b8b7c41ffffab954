"""Plays a diagram against a small world that does what the effects say, and checks after every step that
state and world agree and that nothing is lost in the codec."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from engine.bpmn.graph import Graph
from engine.bpmn.reading import read
from engine.errors import NotFound
from engine.execution import (
    DEFAULT_BUDGET,
    Budget,
    CancelInstance,
    CompleteService,
    CompleteTask,
    Deliver,
    FireTimer,
    RetryToken,
    Signal,
    StartProcess,
    State,
    Step,
    ThrowError,
    check_invariant,
    decode,
    encode,
    run,
    variables_of,
)
from engine.execution.effects import (
    Effect,
    Entry,
    IncidentRaised,
    MessageThrown,
    Released,
    ServiceRequested,
    SignalThrown,
    Subscribed,
    TaskClosed,
    TaskOpened,
    TimerSet,
)
from engine.text import Text
from tests.bpmn_builder import Process, diagram

NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)  # a Monday, 12:00 in China


def graph_of(*processes: Process, keys: Mapping[str, str] | None = None) -> Graph:
    """The compiled diagram; a diagram with errors fails the test."""
    return graph_from(diagram(*processes, keys=keys))


def graph_from(source: bytes) -> Graph:
    reading = read(source)
    assert reading.graph is not None, [str(finding.text.en) for finding in reading.findings]
    return reading.graph


@dataclass
class World:
    """What the executor knows of the world: definitions, decisions, functions."""

    graphs: dict[str | None, Graph]
    decisions: dict[str, Callable[[Mapping[str, object]], object]]
    functions: dict[str, Callable[..., object]]
    settings: dict[str | None, dict[str, object]] = field(default_factory=dict)

    def graph(self, definition: str | None) -> Graph:
        return self.graphs[definition]

    def constants(self, definition: str | None) -> dict[str, object]:
        return self.settings.get(definition, {})

    def resolve(self, process: str) -> str:
        for name, graph in self.graphs.items():
            if name is not None and process in graph.processes:
                return name
        raise NotFound(Text(f"没有流程“{process}”。", f"No process “{process}”."))

    def decide(
        self, definition: str | None, ref: str, context: Mapping[str, object]
    ) -> tuple[object, object]:
        if ref not in self.decisions:
            raise NotFound(Text(f"没有决策“{ref}”。", f"No decision “{ref}”."))
        return self.decisions[ref](context), [1]


class Play:
    """One instance. ``tasks``, ``timers``, ``subscriptions`` and ``services`` are what the world holds for
    it."""

    def __init__(
        self,
        *processes: Process,
        keys: Mapping[str, str] | None = None,
        graph: Graph | None = None,
        others: dict[str, Graph] | None = None,
        decisions: dict[str, Callable[[Mapping[str, object]], object]] | None = None,
        functions: dict[str, Callable[..., object]] | None = None,
        now: datetime = NOON,
        budget: Budget = DEFAULT_BUDGET,
    ) -> None:
        home = graph or graph_of(*processes, keys=keys)
        graphs: dict[str | None, Graph] = {None: home}
        for name, other in (others or {}).items():
            graphs[name] = other
        self.world = World(graphs, decisions or {}, functions or {})
        self.budget = budget
        self.now = now
        self.state = State()
        self.effects: list[Effect] = []  # of the last step
        self.entries: list[Entry] = []
        self.tasks: dict[int, TaskOpened] = {}
        self.timers: list[TimerSet] = []
        self.subscriptions: list[Subscribed] = []
        self.services: dict[int, ServiceRequested] = {}
        self.incidents: list[IncidentRaised] = []
        self.messages: list[MessageThrown] = []
        self.signals: list[SignalThrown] = []

    # ---- steps ----

    def step(self, step: Step) -> list[Effect]:
        """Run one step through the codec, as a command does."""
        state = decode(encode(self.state))
        effects = run(self.world, state, step, self.now, self.budget)
        self.state = state
        check_invariant(state)
        text = encode(state)
        assert encode(decode(text)) == text
        self.effects = effects
        for effect in effects:
            self._take(effect)
        self._check()
        return effects

    def start(
        self,
        process: str = "process",
        *,
        node: str | None = None,
        variables: Mapping[str, object] | None = None,
    ) -> "Play":
        self.step(StartProcess(process, node, variables or {}))
        return self

    def complete(self, node: str, **variables: object) -> None:
        """The oldest open task at the node is done."""
        self.step(CompleteTask(self.token(node), variables))

    def serve(self, node: str, **outputs: object) -> None:
        """The oldest service requested at the node is done."""
        token = next(token for token, service in self.services.items() if service.node == node)
        self.step(CompleteService(token, outputs))

    def fail(self, node: str, code: str | None, **variables: object) -> None:
        """The task or service at the node ends in a BPMN error."""
        open_work = sorted([*self.tasks, *self.services])
        token = next(token for token in open_work if self.state.tokens[token].node == node)
        self.step(ThrowError(token, code, "", variables))

    def wait(self, span: timedelta) -> None:
        """Let time pass; timers fire when they are due, in order."""
        until = self.now + span
        while self.timers:
            timer = min(self.timers, key=lambda timer: timer.due)
            if timer.due > until:
                break
            self.now = max(self.now, timer.due)
            self.fire(timer)
        self.now = until

    def fire(self, timer: TimerSet) -> None:
        self.timers.remove(timer)
        self.step(FireTimer(timer.holder, timer.node, timer.cycle))

    def deliver(self, name: str, key: str | None = None, **payload: object) -> None:
        """A message or signal from outside for the oldest subscription that fits."""
        for subscription in self.subscriptions:
            if subscription.name == name and subscription.key == key:
                self.step(Deliver(subscription.holder, subscription.node, payload))
                return
        raise AssertionError(f"nothing waits for {name} {key}")

    def signal(self, name: str, **payload: object) -> None:
        self.step(Signal(name, payload))

    def cancel(self, reason: str = "") -> None:
        self.step(CancelInstance(reason))

    def retry(self, node: str) -> None:
        token = self.waiting(node)
        self.incidents = [incident for incident in self.incidents if incident.token != token]
        self.step(RetryToken(token))

    # ---- looking ----

    def token(self, node: str) -> int:
        """The token of the oldest open task at the node."""
        return next(token for token, task in self.tasks.items() if task.node == node)

    def waiting(self, node: str) -> int:
        """The oldest token at the node."""
        return next(token.id for token in self.state.tokens.values() if token.node == node)

    @property
    def open(self) -> list[str]:
        """The nodes of open tasks, oldest first."""
        return [task.node for task in self.tasks.values()]

    @property
    def status(self) -> str:
        return self.state.status.value

    @property
    def variables(self) -> dict[str, object]:
        return variables_of(self.state, self.state.root)

    def trace(self, kind: str = "completed") -> list[str]:
        """The nodes of the history entries of a kind."""
        return [entry.node for entry in self.entries if entry.kind == kind and entry.node is not None]

    @property
    def incident(self) -> IncidentRaised:
        """The only open incident."""
        (incident,) = self.incidents
        return incident

    # ---- the world ----

    def _take(self, effect: Effect) -> None:
        match effect:
            case Entry():
                self.entries.append(effect)
            case TaskOpened(token=token):
                assert token not in self.tasks
                self.tasks[token] = effect
            case TaskClosed(token=token, withdrawn=withdrawn):
                assert withdrawn or isinstance(self.tasks[token], TaskOpened)
                del self.tasks[token]
            case TimerSet():
                assert effect.due.tzinfo is not None
                self.timers.append(effect)
            case Subscribed():
                self.subscriptions.append(effect)
            case ServiceRequested(token=token):
                self.services[token] = effect
            case Released(holder=holder, node=node):
                self.timers = [one for one in self.timers if not _held(one, holder, node)]
                self.subscriptions = [one for one in self.subscriptions if not _held(one, holder, node)]
                if holder[0] == "t":
                    number = int(holder[1:])
                    if number in self.services and node in (None, self.services[number].node):
                        del self.services[number]
                    if node is None:
                        self.incidents = [one for one in self.incidents if one.token != number]
            case IncidentRaised():
                self.incidents.append(effect)
            case MessageThrown():
                self.messages.append(effect)
            case SignalThrown():
                self.signals.append(effect)

    def _check(self) -> None:
        """What the world holds is exactly what the state waits for."""
        tokens, scopes = self.state.tokens, self.state.scopes
        for token in [
            token for token in self.services if token not in tokens or tokens[token].waits != "service"
        ]:
            del self.services[token]  # the job was deleted when it ran
        assert set(self.tasks) == {token.id for token in tokens.values() if token.waits == "task"}
        assert set(self.services) == {token.id for token in tokens.values() if token.waits == "service"}
        armed = {(f"t{token.id}", node) for token in tokens.values() for node in token.armed or ()}
        armed |= {(f"s{scope.id}", node) for scope in scopes.values() for node in scope.armed or ()}
        held = [(one.holder, one.node) for one in self.timers]
        held += [(one.holder, one.node) for one in self.subscriptions]
        assert len(held) == len(set(held)), "registered twice"
        assert set(held) == armed, f"the world holds {set(held) - armed}, lacks {armed - set(held)}"
        keys = {(one.holder, one.node): one.key for one in self.subscriptions}
        for holder, node in keys:
            place = tokens[int(holder[1:])] if holder[0] == "t" else scopes[int(holder[1:])]
            assert place.armed is not None
            assert place.armed[node] == keys[holder, node]
        stranded = {token.id for token in tokens.values() if token.waits in ("enter", "leave", "onward")}
        assert {one.token for one in self.incidents if one.token is not None} == stranded


def _held(one: TimerSet | Subscribed, holder: str, node: str | None) -> bool:
    return one.holder == holder and node in (None, one.node)
