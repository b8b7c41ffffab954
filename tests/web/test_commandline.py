"""The command line, as an administrator uses it."""

import os
import re
import shutil
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask import Flask

from web.app import create_app
from web.cli import main
from web.settings import WORKFLOWS

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def installation(tmp_path: Path, empty_database_url: str, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of its own, and an empty database."""
    monkeypatch.setenv("WULIAN_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("WULIAN_DATABASE_URL", empty_database_url)
    monkeypatch.setenv("WULIAN_DEMO", "1")
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    return tmp_path


def wulian(*arguments: str, **options: object) -> Result:
    return CliRunner().invoke(main, arguments, catch_exceptions=False, **options)  # type: ignore[arg-type]


def test_a_new_installation_is_set_up_with_two_commands_and_again_changes_nothing(installation: Path) -> None:
    assert wulian("db", "upgrade").exit_code == 0
    first = wulian("demo")
    assert first.exit_code == 0, first.output
    assert re.search(r"worker\s+李春梅", first.output)
    assert "password" in first.output
    second = wulian("demo")
    assert second.exit_code == 0
    assert re.search(r"worker\s+李春梅", second.output)


def test_keys_are_made_once_and_kept_from_others(installation: Path) -> None:
    wulian("db", "upgrade")
    keys = installation / "keys.json"
    assert keys.stat().st_mode & 0o077 == 0
    before = keys.read_text()
    wulian("db", "upgrade")
    assert keys.read_text() == before


def test_time_passes_in_the_demo(installation: Path) -> None:
    wulian("db", "upgrade")
    assert "It is" in wulian("demo", "clock", "+3wd").output
    refused = wulian("demo", "clock", "+3 bananas")
    assert refused.exit_code == 1
    assert "bananas" in refused.output


def test_time_cannot_be_moved_outside_a_demo(installation: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wulian("db", "upgrade")
    monkeypatch.delenv("WULIAN_DEMO")
    refused = wulian("demo", "clock", "+3wd")
    assert refused.exit_code == 1
    assert "Only a demo's clock can be moved." in refused.output


@pytest.fixture
def app(installation: Path) -> Iterator[Flask]:
    wulian("db", "upgrade")
    wulian("demo")
    app = create_app({"TESTING": True})
    yield app
    app.extensions["wulian"].engine.close()


def test_an_account_is_added_and_its_token_opens_the_interface(app: Flask) -> None:
    added = wulian(
        "user",
        "add",
        "li.ping",
        "--name",
        "李平",
        "--password",
        "金星平安-2026",
        "--role",
        "social_worker@jinchen_01",
    )
    assert added.exit_code == 0, added.output
    made = wulian("user", "token", "li.ping", "--days", "30")
    token = made.output.strip().splitlines()[-1]
    answer = app.test_client().get("/api/v1/tasks", headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 200


def test_mistakes_in_accounts_are_told(app: Flask) -> None:
    weak = wulian("user", "add", "li.ping", "--name", "李平", "--password", "123")
    assert weak.exit_code == 1
    taken = wulian("user", "add", "worker", "--name", "李平", "--password", "金星平安-2026")
    assert taken.exit_code == 1
    assert "taken" in taken.output
    nowhere = wulian(
        "user", "add", "x", "--name", "X", "--password", "金星平安-2026", "--organisation", "atlantis"
    )
    assert nowhere.exit_code == 2
    assert "atlantis" in nowhere.output
    nobody = wulian("user", "token", "nobody")
    assert nobody.exit_code == 2


def test_a_password_is_changed(app: Flask) -> None:
    assert wulian("user", "password", "worker", "--password", "新的密码也要长-26").exit_code == 0


def test_a_shipped_bundle_has_nothing_wrong(installation: Path) -> None:
    checked = wulian("check", str(WORKFLOWS / "case_referral"))
    assert checked.exit_code == 0, checked.output


def test_what_is_wrong_with_a_file_is_told_and_nothing_is_deployed(installation: Path) -> None:
    bundle = installation / "broken"
    shutil.copytree(WORKFLOWS / "case_referral", bundle)
    diagram = bundle / "process.bpmn"
    diagram.write_text(
        diagram.read_text(encoding="utf-8").replace("bpmn:userTask", "bpmn:surpriseTask"), "utf-8"
    )
    form = next((bundle / "forms").glob("*.json"))
    form.write_text('{"form": 1}')
    checked = wulian("check", str(diagram), str(form))
    assert checked.exit_code == 1
    assert str(form) in checked.output
    wulian("db", "upgrade")
    refused = wulian("deploy", str(bundle))
    assert refused.exit_code == 1
    assert "Traceback" not in refused.output


def test_deploying_twice_keeps_the_version(installation: Path) -> None:
    wulian("db", "upgrade")
    bundle = str(WORKFLOWS / "case_referral")
    assert "deployed, version 1" in wulian("deploy", bundle).output
    assert "unchanged, version 1" in wulian("deploy", bundle).output


def test_a_wrong_setting_is_told_in_a_sentence(installation: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WULIAN_SESSION_MINUTES", "soon")
    told = wulian("db", "upgrade")
    assert told.exit_code == 1
    assert "WULIAN_SESSION_MINUTES must be a whole number" in told.output


def test_it_serves_until_it_is_told_to_stop(installation: Path) -> None:
    wulian("db", "upgrade")
    command = [sys.executable, "-m", "web.cli", "serve", "--port", "0"]
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        address = server.stdout.readline().split()[-1]
        with urllib.request.urlopen(f"{address}/sign-in") as page:  # noqa: S310 (our own server)
            assert "登录" in page.read().decode()
        server.send_signal(signal.SIGTERM)
        assert server.wait(30) == 0


def test_a_story_is_played_and_a_false_one_told_with_what_was_seen(installation: Path) -> None:
    bundle = installation / "case_referral"
    shutil.copytree(WORKFLOWS / "case_referral", bundle)
    story = bundle / "stories" / "02_lead.yaml"
    played = wulian("play", str(story))
    assert played.exit_code == 0, played.output
    text = story.read_text(encoding="utf-8")
    story.write_text(re.sub(r"(?m)^ends: .*$", "ends: 从未有过的结局", text), encoding="utf-8")
    failed = wulian("play", str(story))
    assert failed.exit_code == 1
    assert "从未有过的结局" in failed.output


def test_a_story_outside_a_bundle_is_refused(installation: Path) -> None:
    lonely = installation / "lonely.yaml"
    lonely.write_text("story: 孤零零")
    assert wulian("play", str(lonely)).exit_code == 1


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("foo:/bar", "WULIAN_DATABASE_URL is no database address"),
        ("mysql://somewhere/wulian", "WULIAN_DATABASE_URL is no database address"),
        ("postgresql+psycopg://nobody@127.0.0.1:1/wulian", "The database can't be used"),
        ("sqlite:////no/such/folder/wulian.db", "The database can't be used"),
    ],
)
def test_a_database_that_cannot_be_used_is_told_in_a_sentence(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, url: str, said: str
) -> None:
    monkeypatch.setenv("WULIAN_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("WULIAN_DATABASE_URL", url)
    monkeypatch.setenv("LC_ALL", "C.UTF-8")

    refused = wulian("db", "upgrade")

    assert refused.exit_code == 1
    assert said in refused.output
