"""A protected case is not learnt of by the back door: by its matters, their tasks, lists and files."""

from pathlib import Path
from uuid import UUID

import pytest

from engine.commands import start
from engine.errors import NotFound
from engine.ids import new_id
from engine.people.policy import load_powers
from engine.queries import matter_view, task_view, worklist
from engine.queries.documents import document_content
from engine.store import tables as t
from engine.store.database import writing
from engine.store.documents import FolderDocuments
from tests.bpmn_builder import Process, diagram
from tests.engine.queries.conftest import case_of
from tests.house import POWERS, House


@pytest.fixture
def house(house: House) -> House:
    """A head who manages the district, but is not let into protected cases; a reporter who sees no cases."""
    more: dict[str, dict[str, object]] = {
        "coordinator": {"sees": "subtree", "manage": True},
        "receiver": {"sees": "own"},
    }
    house.engine.powers = {**POWERS, **load_powers(more)}
    p = Process("P")
    p.start("s").user("work", role="social_worker", at="community").end("e").flow("s", "work", "e")
    house.deploy(diagram(p), starts=[{"process": "P", "roles": ["anyone"]}])
    return house


def matter_of(house: House, case_id: UUID) -> UUID:
    """A matter that the reporter started and that became the case's."""
    instance_id = start(house.engine, house.as_("receiver"), "P").instance_id
    home = house.organisations["bailongsi"]
    with writing(house.engine.database) as conn:
        for table, column in ((t.instance, t.instance.c.id), (t.task, t.task.c.instance_id)):
            moved = table.update().where(column == instance_id)
            conn.execute(moved.values(case_id=case_id, organisation_id=home))
    return instance_id


def seen(house: House, login: str, instance_id: UUID) -> tuple[bool, bool]:
    """Whether the person sees the matter, and its task."""
    found = []
    (task,) = house.rows(t.task, t.task.c.instance_id == instance_id)
    for view, id_ in ((matter_view, instance_id), (task_view, task["id"])):
        try:
            view(house.engine, house.as_(login), id_)
        except NotFound:
            found.append(False)
        else:
            found.append(True)
    return found[0], found[1]


def test_who_started_or_manages_a_matter_does_not_see_what_became_a_protected_case(
    house: House, protected: UUID
) -> None:
    matter = matter_of(house, protected)
    assert seen(house, "receiver", matter) == (False, False)
    assert seen(house, "coordinator", matter) == (False, False)
    assert seen(house, "stranger", matter) == (True, True)  # whose case and work it is
    assert worklist(house.engine, house.as_("receiver"), scope="waiting").rows == ()


def test_who_started_or_manages_a_matter_sees_what_became_an_ordinary_case(house: House) -> None:
    matter = matter_of(house, case_of(house, "bailongsi", "stranger"))
    assert seen(house, "receiver", matter) == (True, True)
    assert seen(house, "coordinator", matter) == (True, True)
    assert len(worklist(house.engine, house.as_("receiver"), scope="waiting").rows) == 1


def test_a_file_is_for_those_who_see_the_case_or_work_in_it(
    house: House, ordinary: UUID, tmp_path: Path
) -> None:
    house.engine.documents = FolderDocuments(tmp_path)
    matter = matter_of(house, ordinary)
    file = {"name": "诊断证明.pdf", "media_type": "application/pdf", "size": 3, "sensitivity": "personal"}
    file_id = new_id()
    with writing(house.engine.database) as conn:
        kept = {"id": file_id, "instance_id": matter, "sha256": house.engine.documents.put(b"pdf")}
        conn.execute(t.document.insert(), {**file, **kept, "at": house.clock.now(), "by": None})
    for login in ("worker", "stranger"):  # of the case; of the task
        assert document_content(house.engine, house.as_(login), file_id).content == b"pdf"
    for login in ("receiver", "admin"):  # who started the matter; nobody
        with pytest.raises(NotFound):
            document_content(house.engine, house.as_(login), file_id)
