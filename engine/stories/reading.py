"""Reads stories and what the stories of a folder share. The text form is described in docs/stories.md."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from engine.errors import Invalid
from engine.stories.cast import Cast, read_cast
from engine.text import Text

Step = Mapping[str, Any]
SHARED = "shared.yaml"
#: What a step may be, and what else it may say.
STEPS: Mapping[str, frozenset[str]] = {
    "start": frozenset(),
    "do": frozenset({"as", "with", "where", "refused"}),
    "claim": frozenset({"as"}),
    "assign": frozenset({"as", "to"}),
    "wait": frozenset(),
    "message": frozenset({"key", "with"}),
    "signal": frozenset({"with"}),
    "cancel": frozenset({"as"}),
    "absent": frozenset({"substitute", "until"}),
    "play": frozenset(),
    "expect": frozenset(),
}
START = frozenset({"process", "as", "at", "with", "in_case", "main", "refused"})
EXPECTATIONS = frozenset(
    {
        "task",
        "no_task",
        "assignee",
        "role",
        "organisation",
        "due",
        "overdue",
        "level",
        "escalated_to",
        "reminded",
        "notification",
        "variable",
        "path",
        "not_path",
        "case",
        "timeline",
        "transfer",
        "consents",
        "outbox",
        "status",
        "ended",
    }
)


@dataclass(frozen=True, slots=True)
class Shared:
    """What the stories of a folder share: the ``cast``, usual ``answers`` by form, and ``parts`` of stories
    by name.
    """

    cast: Cast = field(default_factory=Cast)
    answers: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    parts: Mapping[str, Sequence[Step]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Story:
    """One story. ``start`` is its first step; ``ends`` is the end event its main matter reaches, None where
    it is left open. The main matter is the first one, unless a later start says ``main: true``.
    """

    name: str
    start: Mapping[str, Any]
    steps: tuple[Step, ...]
    ends: str | None
    path: str = ""


def stories_in(folder: Path) -> tuple[Shared, tuple[Story, ...]]:
    """The stories of a folder, by file name. A file holds one story, or several parted by ``---``."""
    shared_file = folder / SHARED
    shared = read_shared(shared_file.read_text(encoding="utf-8")) if shared_file.is_file() else Shared()
    found: list[Story] = []
    for path in sorted(folder.glob("*.yaml")):
        if path.name != SHARED:
            found.extend(read_story(path.read_text(encoding="utf-8"), shared, path.name))
    return shared, tuple(found)


def read_shared(source: str) -> Shared:
    """Read ``shared.yaml``. Raises Invalid."""
    data = _mapping(next(iter(_documents(source, SHARED)), {}), SHARED)
    unknown = data.keys() - {"cast", "answers", "parts"}
    if unknown:
        raise _wrong(SHARED, f"不认识 {_listed(unknown)}", f"{_listed(unknown)} is not known here")
    parts = {str(name): tuple(steps or ()) for name, steps in (data.get("parts") or {}).items()}
    for name, steps in parts.items():
        _check_steps(steps, parts, f"{SHARED}: {name}")
    return Shared(read_cast(data.get("cast") or {}), data.get("answers") or {}, parts)


def read_story(source: str, shared: Shared, path: str = "") -> list[Story]:
    """Read the stories of one file. Raises Invalid with the step that can't be understood."""
    return [_story(_mapping(each, path), shared, path) for each in _documents(source, path) if each]


def _story(data: Mapping[str, Any], shared: Shared, path: str) -> Story:
    name = str(data.get("story") or "").strip()
    where = f"{path}: {name}"
    if not name or not isinstance(data.get("start"), Mapping):
        raise _wrong(where, "需要有 story 和 start", "story and start are needed")
    unknown = data.keys() - {"story", "start", "steps", "ends"}
    if unknown:
        raise _wrong(where, f"不认识 {_listed(unknown)}", f"{_listed(unknown)} is not known here")
    start = data["start"]
    _check_start(start, where)
    if not start.get("at"):
        raise _wrong(where, "start 需要写明时间 at", "start needs a time: at")
    steps = tuple(data.get("steps") or ())
    _check_steps(steps, shared.parts, where)
    ends = data.get("ends")
    return Story(name, start, steps, None if ends is None else str(ends), path)


def _check_steps(steps: Sequence[Any], parts: Mapping[str, Any], where: str) -> None:
    for number, step in enumerate(steps, 1):
        here = f"{where}, {number}"
        step = _mapping(step, here)
        kinds = [kind for kind in STEPS if kind in step]
        if len(kinds) != 1:
            known = _listed(STEPS)
            raise _wrong(here, f"每一步应是 {known} 之一", f"a step is one of {known}")
        kind = kinds[0]
        unknown = step.keys() - STEPS[kind] - {kind}
        if unknown:
            raise _wrong(
                here, f"{kind} 不认识 {_listed(unknown)}", f"{kind} does not take {_listed(unknown)}"
            )
        if kind == "start":
            _check_start(_mapping(step["start"], here), here)
        if kind == "play" and step["play"] not in parts:
            raise _wrong(here, f"没有片段“{step['play']}”", f"there is no part “{step['play']}”")
        if kind == "expect":
            unknown = _mapping(step["expect"], here).keys() - EXPECTATIONS
            if unknown:
                raise _wrong(
                    here, f"expect 不认识 {_listed(unknown)}", f"expect does not know {_listed(unknown)}"
                )


def _check_start(start: Mapping[str, Any], where: str) -> None:
    unknown = start.keys() - START
    if unknown or not start.get("process") or not start.get("as"):
        raise _wrong(
            where,
            f"start 需要 process 和 as，可以有 {_listed(START)}",
            f"start needs process and as, and may have {_listed(START)}",
        )


def _documents(source: str, path: str) -> list[Any]:
    try:
        return list(yaml.safe_load_all(source))
    except yaml.YAMLError as error:
        raise _wrong(path, f"无法读取：{error}", f"cannot be read: {error}") from error


def _mapping(value: object, where: str) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise _wrong(where, "这里应为键和值", "keys with values are expected here")
    return value


def _listed(names: Any) -> str:
    return ", ".join(sorted(map(str, names)))


def _wrong(where: str, zh: str, en: str) -> Invalid:
    return Invalid(Text(f"{where}：{zh}。", f"{where}: {en}."), code="story_unreadable")
