"""Whoever gets hold of the database reads no document number, no telephone and no story of a client in it:
they are sealed wherever a form brings them, and no process, history or message repeats them.
"""

import re
from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from engine.commands import ProcessEngine
from engine.people.policy import RolePowers
from engine.store import tables as t
from engine.store.database import reading
from engine.stories import Stage, play, stories_in
from tests.databases import Databases
from tests.workflows.conftest import CASE_REFERRAL

SHARED, STORIES = stories_in(CASE_REFERRAL / "stories")
WRITTEN = "".join(path.read_text() for path in sorted((CASE_REFERRAL / "stories").glob("*.yaml")))
PLAYED = {
    "sqlite": ("01_referral.yaml", "03_danger.yaml", "08_changes.yaml", "09_minors.yaml"),
    "postgresql": ("01_referral.yaml", "09_minors.yaml"),
}
#: Residents' identity numbers [GB 11643] and mobile numbers of the stories' people.
NUMBERS = set(re.findall(r"(?<!\d)(?:\d{17}[0-9Xx]|1[3-9]\d{9})(?!\d)", WRITTEN))
TOLD = {"独居老人, 子女在外地", "做得一手好针线", "家访, 聊了近况", "当晚由姑姑接走照看", "3 栋 2 单元"}
NAMES = {"段阿婆", "段明", "小杰", "小宇"}
#: A client is found by name; everywhere else the name is covered.
NAMED = {"person.name"}


def texts_of(engine: ProcessEngine) -> Iterator[tuple[str, str]]:
    """Everything in the database: where it stands, and what it says."""
    with reading(engine.database) as conn:
        for table in t.metadata.sorted_tables:
            if table.name in ("bundle", "bundle_file", "definition"):
                continue  # what was deployed is about nobody
            for row in conn.execute(sa.select(table)).mappings():
                for name, value in row.items():
                    if isinstance(value, bytes):
                        yield f"{table.name}.{name}", value.decode("utf-8", "replace")
                    elif value is not None:
                        yield f"{table.name}.{name}", str(value)


@pytest.mark.parametrize("kind", PLAYED)
def test_no_story_leaves_anything_of_anybody_in_the_open(
    databases: Databases, powers: dict[str, RolePowers], kind: str
) -> None:
    assert NUMBERS
    assert all(each in WRITTEN for each in TOLD | NAMES)
    found: set[tuple[str, str]] = set()
    sealed = 0
    with Stage([CASE_REFERRAL], SHARED.cast, powers) as stage:
        for story in STORIES:
            if story.path not in PLAYED[kind]:
                continue
            url = databases.new(kind) if kind == "postgresql" else None
            engine = stage.fresh() if url is None else stage.on(url)
            assert play(engine, story, SHARED).passed
            for place, text in texts_of(engine):
                secrets = NUMBERS | TOLD if place in NAMED else NUMBERS | TOLD | NAMES
                found.update((place, secret) for secret in secrets if secret in text)
                sealed += place == "person.document_sealed"
            engine.close()
            if url is not None:
                databases.drop(url)
    assert found == set()
    assert sealed > 0
