"""The demonstration begins with matters in many steps, played with the real commands, whatever the day."""

import pytest
import sqlalchemy as sa

from engine.clock import SetClock
from engine.commands import ProcessEngine, case_services
from engine.commands.history import verify_chain
from engine.people.vault import Vault
from engine.store import tables as t
from engine.store.database import reading
from tests.house import KEY, local
from web.demo.loader import load_demo
from web.roles import read_powers
from web.settings import WORKFLOWS


def loaded(url: str, now: str) -> ProcessEngine:
    engine = ProcessEngine.open(
        url,
        vault=Vault.from_text(KEY),
        powers=read_powers(WORKFLOWS / "roles.yaml"),
        clock=SetClock(local(now)),
        services=case_services(),
    )
    load_demo(engine)
    return engine


def open_steps(engine: ProcessEngine) -> dict[str, set[str]]:
    """Open tasks by client, as cases show them."""
    query = (
        sa.select(t.case.c.title, t.task.c.name)
        .join(t.task, t.task.c.case_id == t.case.c.id)
        .where(t.task.c.state == "open")
    )
    found: dict[str, set[str]] = {}
    with reading(engine.database) as conn:
        for title, name in conn.execute(query):
            found.setdefault(title, set()).add(name)
    return found


def test_the_demo_has_matters_in_many_steps_with_true_histories(database_url: str) -> None:
    engine = loaded(database_url, "2026-11-24 06:06")
    steps = open_steps(engine)
    assert steps["段某"] == {"转入回复", "介入记录"}
    assert "陶某" not in steps  # closed, waits for its follow-ups
    assert "交接会(双方)" in steps["白某"]
    assert steps["姚某"] == {"接案面谈"}
    assert "督导审核" in steps["和某"]
    assert steps["尹某"] == {"受理线索"}
    with reading(engine.database) as conn:
        task = t.task.c
        late = conn.execute(
            sa.select(task.level).where(task.state == "open", task.name == "接案面谈")
        ).scalar()
        assert late == "red"
        assert conn.execute(sa.select(sa.func.count()).select_from(t.incident)).scalar() == 0
        for instance_id in conn.execute(sa.select(t.instance.c.id)).scalars():
            assert verify_chain(conn, instance_id) is None
    engine.close()


@pytest.mark.parametrize("now", ["2026-02-20 12:00", "2026-10-10 23:30", "2027-01-08 09:29"])
def test_it_can_be_loaded_in_a_holiday_and_at_night(sqlite_url: str, now: str) -> None:
    engine = loaded(sqlite_url, now)
    assert open_steps(engine)["尹某"] == {"受理线索"}
    assert engine.clock.now() == local(now)
    engine.close()


def test_loading_again_changes_nothing(sqlite_url: str) -> None:
    engine = loaded(sqlite_url, "2026-11-24 10:00")
    first = open_steps(engine)
    assert load_demo(engine)[0].login == "worker"
    assert open_steps(engine) == first
    engine.close()
