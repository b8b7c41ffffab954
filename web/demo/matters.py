"""Matters of the demonstration, played with the real commands on a clock that starts in the past."""

from dataclasses import replace
from pathlib import Path

import sqlalchemy as sa

from engine.calendar import SHANGHAI
from engine.clock import SetClock
from engine.commands import ProcessEngine
from engine.store import tables as t
from engine.store.database import reading
from engine.stories import pass_until, play, read_shared, read_story
from engine.stories.values import shifted

_TEXT = Path(__file__).with_name("matters.yaml")
_MORNING = 9


def begin_matters(engine: ProcessEngine) -> None:
    """Play the demonstration's matters up to the present; once, on a database without cases."""
    with reading(engine.database) as conn:
        if conn.execute(sa.select(t.case.c.id).limit(1)).first() is not None:
            return
        calendar = engine.calendar(conn, None)
    clock, now = engine.clock, engine.clock.now()
    first, _, rest = _TEXT.read_text(encoding="utf-8").partition("\n---\n")
    shared = read_shared(first)
    try:
        for story in read_story(rest, shared, _TEXT.name):
            at = now
            if story.start["at"] != "now":
                then = shifted(now, story.start["at"], calendar).astimezone(SHANGHAI)
                at = then.replace(hour=_MORNING, minute=30, second=0, microsecond=0)
            result = play(engine, replace(story, start={**story.start, "at": at}), shared)
            if not result.passed:
                raise RuntimeError(f"{result.step}: {result.failure.en if result.failure else ''}")
            if isinstance(engine.clock, SetClock):
                pass_until(engine, engine.clock, now)
    finally:
        engine.clock = clock
