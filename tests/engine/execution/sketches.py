"""Random diagrams for property tests: blocks inside blocks, joined as they should be or not."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from hypothesis import strategies as st

from tests.bpmn_builder import Body, Process, each, loop, times

CONDITIONS = ("x > 1", "x = 0", "x < 3", "y", "not(y)", "z.a = 1", "true", "null")


@dataclass
class Sketch:
    """Draws one process. ``wild`` mixes gateway kinds, adds flows that cross blocks, and throws errors."""

    draw: Callable[..., object]
    wild: bool
    most: int = 14
    count: int = 0

    def process(self, id: str = "process") -> Process:
        p = Process(id)
        self._fill(p, p.start, depth=0)
        if self.wild and self._chance(2):
            self._event_sub(p, depth=1)
        return p

    def _pick(self, options: Sequence[str]) -> str:
        return str(self.draw(st.sampled_from(options)))

    def _chance(self, of: int) -> bool:
        return self.draw(st.integers(0, of - 1)) == 0

    def _id(self, kind: str) -> str:
        self.count += 1
        return f"{kind}{self.count}"

    def _fill(self, body: Body, start: Callable[..., Body], depth: int) -> None:
        first, last = self._id("start"), self._id("end")
        start(first)
        self._end(body, last)
        inner = self._blocks(body, depth)
        body.flow(first, *([] if inner is None else [inner[0]]), *([last] if inner is None else []))
        if inner is not None:
            body.flow(inner[1], last)

    def _end(self, body: Body, id: str) -> None:
        kind = self._pick(["none"] * 6 + ["terminate", "error", "signal", "message"]) if self.wild else "none"
        match kind:
            case "terminate":
                body.end(id, terminate=True)
            case "error":
                body.end(id, error=self._pick(["e1", "e2"]))
            case "signal":
                body.end(id, signal="s1")
            case "message":
                body.end(id, message="m1")
            case _:
                body.end(id)

    def _blocks(self, body: Body, depth: int) -> tuple[str, str] | None:
        """One to three blocks in a row; gives the first and last node."""
        first = last = None
        for _ in range(int(str(self.draw(st.integers(1, 3))))):
            if self.count > self.most:
                break
            block = self._block(body, depth)
            if last is not None:
                body.flow(last, block[0])
            first = first or block[0]
            last = block[1]
        return None if first is None or last is None else (first, last)

    def _block(self, body: Body, depth: int) -> tuple[str, str]:
        kinds = ["user", "user", "script", "catch", "receive", "service", "many"]
        if depth < 3:
            kinds += ["split", "split", "sub", "again", "race", "throw"]
        kind = self._pick(kinds)
        if kind in ("split", "again", "race"):
            return {"split": self._split, "again": self._again, "race": self._race}[kind](body, depth)
        id = self._id(kind)
        match kind:
            case "user":
                body.user(id)
                self._boundary(body, id)
            case "script":
                body.script(id, f"x = {self._pick(['x + 1', '0', '3'])}")
            case "catch":
                self._catch(body, id)
            case "receive":
                body.receive(id, "m2")
            case "service":
                body.service(id, "any")
                self._boundary(body, id)
            case "many":
                body.user(id, loop=self._many())
                self._boundary(body, id)
            case "throw":
                body.throw(id, **({"signal": "s1"} if self._chance(2) else {"message": "m1"}))
            case _:
                many = self._many() if self._chance(3) else ""
                with body.sub(id, loop=many) as sub:
                    self._fill(sub, sub.start, depth + 1)
                    if self.wild and self._chance(3):
                        self._event_sub(sub, depth + 1)
                self._boundary(body, id)
        return id, id

    def _many(self) -> str:
        until = self._pick(["x = 3", "numberOfCompletedInstances > 1"]) if self._chance(3) else None
        return self._pick(
            [
                times("2", until=until),
                times("x"),
                each("[1, 2, 3]", "i", result="i + x", results="is", sequential=True, until=until),
                each("[1, 2]", "i", result="r", results="rs"),
                loop("loopCounter < 2"),
                loop("x < 2", before=True, maximum=3),
            ]
        )

    def _catch(self, body: Body, id: str) -> None:
        match self._pick(["timer", "message", "signal", *(["cycle"] if self.wild else [])]):
            case "timer":
                body.catch(id, timer="P1D")
            case "cycle":
                body.catch(id, cycle="R2/P1D")
            case "message":
                body.catch(id, message="m1")
            case _:
                body.catch(id, signal="s1")

    def _boundary(self, body: Body, on: str) -> None:
        if not self._chance(3):
            return
        id, after, end = self._id("boundary"), self._id("user"), self._id("end")
        triggers: list[dict[str, object]] = [
            {"timer": "P1D"},
            {"cycle": "R2/P1D"},
            {"message": "m1"},
            {"signal": "s1"},
            {"error": "e1"},
            {"error": True},
        ]
        trigger = triggers[int(str(self.draw(st.integers(0, len(triggers) - 1))))]
        interrupting = "error" in trigger or (self.wild and self._chance(2))
        body.boundary(id, on=on, interrupting=interrupting, **trigger)
        body.user(after).end(end).flow(id, after, end)

    def _event_sub(self, body: Body, depth: int) -> None:
        triggers: list[dict[str, object]] = [
            {"timer": "P1D"},
            {"message": "m3"},
            {"signal": "s1"},
            {"error": "e2"},
        ]
        trigger = triggers[int(str(self.draw(st.integers(0, len(triggers) - 1))))]
        interrupting = "error" in trigger or self._chance(2)
        with body.event_sub(self._id("event_sub")) as inner:
            start, end = self._id("start"), self._id("end")
            inner.start(start, interrupting=interrupting, **trigger)
            self._end(inner, end)
            blocks = self._blocks(inner, depth + 1)
            if blocks is None:
                inner.flow(start, end)
            else:
                inner.flow(start, blocks[0]).flow(blocks[1], end)

    def _gateway(self, body: Body, kind: str, id: str, **rest: object) -> None:
        getattr(body, kind)(id, **rest)

    def _split(self, body: Body, depth: int) -> tuple[str, str]:
        kind = self._pick(["exclusive", "parallel", "inclusive"])
        other = self._pick(["exclusive", "parallel", "inclusive"]) if self.wild and self._chance(3) else kind
        split, join = self._id("split"), self._id("join")
        conditional = kind != "parallel"
        self._gateway(body, kind, split, **({"default": f"{split}_default"} if conditional else {}))
        self._gateway(body, other, join)
        for number in range(int(str(self.draw(st.integers(2, 3))))):
            inner = self._blocks(body, depth + 1)
            target = join if inner is None else inner[0]
            if conditional and number == 0:
                body.flow(split, target, id=f"{split}_default")
            else:
                when = self._pick(CONDITIONS) if conditional else None
                body.flow(split, target, when=when, id=f"{split}_{number}")
            if inner is not None:
                body.flow(inner[1], join, id=f"{join}_{number}")
        return split, join

    def _again(self, body: Body, depth: int) -> tuple[str, str]:
        merge, task, out = self._id("merge"), self._id("user"), self._id("out")
        body.exclusive(merge).user(task).exclusive(out, default=f"{out}_on")
        after = self._id("none")
        body.task(after)
        inner = self._blocks(body, depth + 1)
        if inner is None:
            body.flow(merge, task)
        else:
            body.flow(merge, inner[0]).flow(inner[1], task)
        body.flow(task, out).flow(out, merge, when="y").flow(out, after, id=f"{out}_on")
        return merge, after

    def _race(self, body: Body, depth: int) -> tuple[str, str]:
        gateway, merge = self._id("race"), self._id("merge")
        body.event_based(gateway).exclusive(merge)
        for trigger in ({"timer": "P1D"}, {"message": "m1"}, {"signal": "s1"}):
            if self._chance(3):
                continue
            event = self._id("event")
            body.catch(event, **trigger).flow(gateway, event, merge)
        event = self._id("event")
        body.catch(event, message="m2").flow(gateway, event, merge)
        event = self._id("event")
        body.catch(event, timer="PT12H").flow(gateway, event, merge)
        return gateway, merge


@st.composite
def processes(draw: Callable[..., object], wild: bool = False) -> Process:
    """A process with the id ``process``."""
    return Sketch(draw, wild).process()
