"""Plays a story step by step."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from engine.clock import SetClock
from engine.commands import (
    ProcessEngine,
    assign,
    broadcast,
    cancel,
    claim,
    complete,
    correlate,
    settle,
    start,
)
from engine.errors import Invalid, WulianError
from engine.people.actor import SYSTEM, Actor, load_actor
from engine.people.users import set_absence
from engine.store import tables as t
from engine.store.database import reading, writing
from engine.stories.coverage import Coverage, coverage_of
from engine.stories.expectations import Unmet, ended_at, expect
from engine.stories.passing import pass_until
from engine.stories.reading import Shared, Step, Story
from engine.stories.values import moment_of, resolved, shifted
from engine.text import Text


@dataclass(frozen=True, slots=True)
class StoryResult:
    """How a story went. ``failure`` says what was expected and what was seen at ``step``; None where all
    was well.
    """

    story: Story
    passed: bool
    step: str = ""
    failure: Text | None = None
    coverage: Coverage = field(default_factory=Coverage)
    finished_at: datetime | None = None


def play(engine: ProcessEngine, story: Story, shared: Shared | None = None) -> StoryResult:
    """Play a story on an engine nobody has played on; its clock is set by the story."""
    player = _Player(engine, shared or Shared())
    try:
        player.run(story)
    except (Unmet, WulianError) as error:
        return StoryResult(story, False, player.step, _words(error), coverage_of(engine), player.clock.now())
    return StoryResult(story, True, coverage=coverage_of(engine), finished_at=player.clock.now())


def _words(error: Unmet | WulianError) -> Text:
    if isinstance(error, Invalid) and error.fields:
        zh = "；".join(
            f"{key}: {'、'.join(each.zh for each in texts)}" for key, texts in error.fields.items()
        )
        en = "; ".join(
            f"{key}: {', '.join(each.en for each in texts)}" for key, texts in error.fields.items()
        )
        return Text(f"{error.text.zh} {zh}", f"{error.text.en} {en}")
    return error.text


class _Player:
    """Plays one story. ``step`` tells where it is."""

    def __init__(self, engine: ProcessEngine, shared: Shared) -> None:
        self.engine, self.shared = engine, shared
        self.clock = SetClock(datetime.fromtimestamp(0, tz=moment_of("2020-01-01").tzinfo))
        self.step = ""
        self.main: UUID | None = None

    def run(self, story: Story) -> None:
        self.clock = SetClock(moment_of(story.start["at"]))
        self.engine.clock = self.clock
        self.step = "start"
        self._start(story.start)
        self._steps(story.steps, "")
        self.step = "ends"
        if story.ends is not None:
            self._check_end(story.ends)

    def _steps(self, steps: Sequence[Step], within: str) -> None:
        for number, step in enumerate(steps, 1):
            kind = next(kind for kind in _DOES if kind in step)
            told = step[kind] if isinstance(step[kind], str) else ""
            self.step = f"{within}{number}. {kind} {told}".strip()
            _DOES[kind](self, step)
            self._settle()

    def _settle(self) -> None:
        settle(self.engine, limit=1000)
        with reading(self.engine.database) as conn:
            trouble = conn.execute(
                sa.select(t.incident).where(t.incident.c.resolved_at.is_(None)).limit(1)
            ).first()
        if trouble is not None:
            raise Unmet(
                Text(
                    f"出现异常（{trouble.node}）：{trouble.text_zh}",
                    f"An incident at {trouble.node}: {trouble.text_en}",
                )
            )

    # --- the steps ---

    def _start(self, what: Mapping[str, Any]) -> None:
        actor = self._actor(str(what["as"]))
        case_id = None if not what.get("in_case") else self._case()
        values = self._answers(self._start_form(str(what["process"])), what.get("with"))
        with _refusal(what.get("refused")):
            started = start(self.engine, actor, str(what["process"]), values, case_id=case_id)
            if self.main is None or what.get("main"):
                self.main = started.instance_id
        self._settle()

    def _start_again(self, step: Step) -> None:
        self._start(step["start"])

    def _do(self, step: Step) -> None:
        task = self._task(str(step["do"]), step)
        actor = self._actor(str(step["as"])) if step.get("as") else self._entitled(task)
        values = self._answers(task["form"], step.get("with"))
        with _refusal(step.get("refused")):
            complete(self.engine, actor, task["id"], values)

    def _claim(self, step: Step) -> None:
        task = self._task(str(step["claim"]), step)
        claim(self.engine, self._actor(str(step["as"])), task["id"])

    def _assign(self, step: Step) -> None:
        task = self._task(str(step["assign"]), step)
        to = self._actor(str(step["to"])).user_id
        assert to is not None  # noqa: S101 - a login is never the engine itself
        assign(self.engine, self._actor(str(step["as"])), task["id"], to)

    def _wait(self, step: Step) -> None:
        text = str(step["wait"])
        if text.startswith("until "):
            goal = moment_of(text.removeprefix("until "))
        else:
            goal = shifted(self.clock.now(), text, self._calendar())
        pass_until(self.engine, self.clock, goal)

    def _message(self, step: Step) -> None:
        key = self._resolved(step.get("key"))
        payload = self._resolved(step.get("with") or {})
        correlate(self.engine, SYSTEM, str(step["message"]), None if key is None else str(key), payload)

    def _signal(self, step: Step) -> None:
        broadcast(self.engine, SYSTEM, str(step["signal"]), self._resolved(step.get("with") or {}))

    def _cancel(self, step: Step) -> None:
        assert self.main is not None  # noqa: S101 - the first step of a story starts it
        cancel(self.engine, self._actor(str(step["as"])), self.main, str(step["cancel"]))

    def _absent(self, step: Step) -> None:
        away, instead = self._actor(str(step["absent"])), self._actor(str(step["substitute"]))
        assert away.user_id is not None  # noqa: S101
        assert instead.user_id is not None  # noqa: S101
        until = moment_of(step["until"]) if step.get("until") else None
        now = self.clock.now()
        with writing(self.engine.database) as conn:
            set_absence(conn, away.user_id, instead.user_id, now, until, now=now)

    def _play(self, step: Step) -> None:
        self._steps(self.shared.parts[str(step["play"])], f"{step['play']} ")

    def _expect(self, step: Step) -> None:
        assert self.main is not None  # noqa: S101
        expect(self.engine, self.main, self._resolved(step["expect"]))

    def _check_end(self, wanted: str) -> None:
        assert self.main is not None  # noqa: S101
        status, ends = ended_at(self.engine, self.main)
        if status == "active" or wanted not in ends:
            seen = "、".join(ends) if ends else status
            raise Unmet(Text(f"应以“{wanted}”结束，实际：{seen}", f"should end at “{wanted}”, seen: {seen}"))

    # --- finding things ---

    def _actor(self, login: str) -> Actor:
        with reading(self.engine.database) as conn:
            user_id = conn.execute(sa.select(t.user.c.id).where(t.user.c.login == login)).scalar()
            if user_id is None:
                raise Unmet(Text(f"没有用户“{login}”", f"there is no user “{login}”"))
            return load_actor(conn, user_id, self.clock.now())

    def _task(self, name: str, step: Step) -> sa.RowMapping:
        query = (
            sa.select(t.task, t.organisation.c.code.label("at"), t.case.c.number.label("case"))
            .outerjoin(t.organisation, t.organisation.c.id == t.task.c.organisation_id)
            .outerjoin(t.case, t.case.c.id == t.task.c.case_id)
            .where(t.task.c.state == "open")
            .order_by(t.task.c.created_at, t.task.c.id)
        )
        with reading(self.engine.database) as conn:
            open_tasks = conn.execute(query).mappings().all()
        found = [task for task in open_tasks if name in (task["name"], task["node"])]
        where = step.get("where") or {}
        for column, wanted in (("at", where.get("organisation")), ("role", where.get("role"))):
            found = [task for task in found if wanted is None or task[column] == wanted]
        if "case" in where:
            number = self._case_number(where["case"])
            found = [task for task in found if task["case"] == number]
        if not found:
            seen = "、".join(task["name"] for task in open_tasks) or "—"
            raise Unmet(
                Text(f"应有任务“{name}”，现有：{seen}", f"there should be a task “{name}”; open are: {seen}")
            )
        return found[0]

    def _case_number(self, which: object) -> object:
        """A case by its number, or by its place in the order of opening: the first is 1."""
        if not isinstance(which, int):
            return which
        query = sa.select(t.case.c.number).order_by(t.case.c.opened_at, t.case.c.id)
        with reading(self.engine.database) as conn:
            return conn.execute(query.offset(which - 1).limit(1)).scalar()

    def _entitled(self, task: sa.RowMapping) -> Actor:
        """Its assignee, or the first who holds its role at its organisation."""
        user_id = task["assignee_id"]
        with reading(self.engine.database) as conn:
            if user_id is None:
                held = t.membership.c
                user_id = conn.execute(
                    sa.select(held.user_id)
                    .join(t.user, t.user.c.id == held.user_id)
                    .where(held.organisation_id == task["organisation_id"], held.role == task["role"])
                    .order_by(t.user.c.login)
                    .limit(1)
                ).scalar()
            if user_id is None:
                raise Unmet(
                    Text(
                        f"没有人能办“{task['name']}”（{task['role']}@{task['at']}）",
                        f"nobody can do “{task['name']}” ({task['role']} at {task['at']})",
                    )
                )
            return load_actor(conn, user_id, self.clock.now())

    def _case(self) -> UUID | None:
        query = sa.select(t.instance.c.case_id).where(t.instance.c.id == self.main)
        with reading(self.engine.database) as conn:
            return conn.execute(query).scalar()

    def _start_form(self, process: str) -> str | None:
        manifests = sa.select(t.bundle.c.manifest).order_by(t.bundle.c.version.desc())
        with reading(self.engine.database) as conn:
            for manifest in conn.execute(manifests).scalars():
                for entry in manifest.get("starts", ()):
                    if entry.get("process") == process:
                        return str(entry["form"]) if entry.get("form") else None
        return None

    def _answers(self, form: str | None, given: Any) -> dict[str, Any]:
        """The usual answers of a form with this story's over them; null takes one away."""
        usual = self.shared.answers.get(form or "", {})
        merged = {**usual, **(given or {})}
        answers = self._resolved({key: value for key, value in merged.items() if value is not None})
        return dict(answers)

    def _resolved(self, value: Any) -> Any:
        with reading(self.engine.database) as conn:
            return resolved(value, conn, self.clock.now(), self._calendar())

    def _calendar(self) -> Any:
        with reading(self.engine.database) as conn:
            return self.engine.calendar(conn, None)


_DOES = {
    "start": _Player._start_again,
    "do": _Player._do,
    "claim": _Player._claim,
    "assign": _Player._assign,
    "wait": _Player._wait,
    "message": _Player._message,
    "signal": _Player._signal,
    "cancel": _Player._cancel,
    "absent": _Player._absent,
    "play": _Player._play,
    "expect": _Player._expect,
}


class _refusal:
    """What happens inside must be refused, with these fields or this code, where ``wanted`` is given."""

    def __init__(self, wanted: Any) -> None:
        self._wanted = [wanted] if isinstance(wanted, str) else wanted

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> bool:
        if self._wanted is None:
            return False
        if error is None:
            raise Unmet(Text("应被拒绝，却被接受了", "should have been refused, and was not"))
        if not isinstance(error, WulianError):
            return False
        fields = list(error.fields) if isinstance(error, Invalid) else []
        seen = {error.code, *fields}
        missing = [each for each in self._wanted if each not in seen]
        if missing:
            raise Unmet(
                Text(
                    f"应因 {'、'.join(missing)} 被拒绝，实际：{_words(error).zh}",
                    f"should have been refused for {', '.join(missing)}; seen: {_words(error).en}",
                )
            )
        return True
