"""Files: kept at once when they come in, shown again, sent along, and closed to others."""

import io
import json
import re
from pathlib import Path

import pytest
from flask import Flask

from engine.commands import start
from engine.people.actor import SYSTEM
from engine.store import tables as t
from engine.store.documents import FolderDocuments
from tests.bpmn_builder import Process, diagram
from tests.house import House
from tests.web.conftest import Visitor

FORM = {
    "form": "papers",
    "title": {"zh_Hans_CN": "材料", "en": "Papers"},
    "components": [
        {"key": "title", "type": "text", "label": {"zh_Hans_CN": "名称", "en": "Name"}, "required": True},
        {"key": "paper", "type": "file", "label": {"zh_Hans_CN": "文件", "en": "File"}, "required": True},
    ],
}
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


@pytest.fixture
def task(house: House, tmp_path: Path) -> str:
    """The address of a task that asks for a file."""
    house.engine.documents = FolderDocuments(tmp_path / "documents")
    process = Process("PAPERS", name="材料收集")
    process.start("begin")
    process.user("papers", name="提交材料", form="papers", role="social_worker", at="community")
    process.end("done", name="已收齐")
    process.flow("begin", "papers", "done")
    files = {"forms/papers.json": json.dumps(FORM).encode()}
    house.deploy(diagram(process), key="papers", files=files)
    begun = start(house.engine, SYSTEM, "PAPERS", organisation_id=house.organisations["jinxing"])
    return f"/tasks/{begun.opened[0]}"


def link_in(visitor: Visitor) -> str:
    found = re.search(r'href="(/documents/[^"]+)"', visitor.text)
    assert found, visitor.text
    return found[1]


def test_a_file_is_kept_though_another_answer_was_wrong_and_then_sent(
    worker: Visitor, task: str, house: House
) -> None:
    worker.go(task)
    upload = (io.BytesIO(PDF), "收入证明.pdf")
    page = worker.send(task, title="", paper=upload, _do="check")
    assert page.status_code == 422
    assert "收入证明.pdf" in worker.text
    worker.send(task, title="证明", _do="check")
    assert "收入证明.pdf" in worker.text
    worker.send(task, _do="send")
    assert worker.path == f"{task}/done"
    assert [row["name"] for row in house.rows(t.document)] == ["收入证明.pdf"]


def test_a_file_comes_as_a_download_and_only_to_those_whose_matter_it_is(
    app: Flask, worker: Visitor, task: str
) -> None:
    worker.go(task)
    worker.send(task, title="证明", paper=(io.BytesIO(PDF), "收入证明.pdf"), _do="check")
    address = link_in(worker)
    answer = worker.client.get(address)
    assert answer.data == PDF
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    stranger = Visitor(app.test_client())
    stranger.sign_in("stranger")
    assert stranger.go(address).status_code == 404
    assert Visitor(app.test_client()).go(address).request.path == "/sign-in"


def test_a_page_dressed_up_as_a_document_is_refused(worker: Visitor, task: str, house: House) -> None:
    worker.go(task)
    page = worker.send(
        task, title="证明", paper=(io.BytesIO(b"<script>alert(1)</script>"), "a.pdf"), _do="check"
    )
    assert page.status_code == 422
    assert house.rows(t.document) == []


def test_more_than_can_be_taken_is_refused_in_words(app: Flask, worker: Visitor, task: str) -> None:
    app.config["MAX_CONTENT_LENGTH"] = 100_000
    worker.go(task)
    page = worker.send(task, title="证明", paper=(io.BytesIO(PDF + b"0" * 200_000), "a.pdf"), _do="check")
    assert page.status_code == 413
    assert "内容太大" in worker.text
