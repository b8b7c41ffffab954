"""`dev.py` without a network: when it makes things again, what it says when it can't, what it passes on."""

import ast
import json
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

import dev
from web import language


def test_an_older_python_is_told_what_to_install() -> None:
    source = (dev.ROOT / "dev.py").read_text()
    ast.parse(source, feature_version=(3, 6))  # else it would answer with a syntax error
    program = "import sys; sys.version_info = (3, 9, 2); exec(compile(sys.stdin.read(), 'dev.py', 'exec'))"

    answer = subprocess.run([sys.executable, "-c", program], input=source, capture_output=True, text=True)

    assert answer.returncode == 1
    assert answer.stderr.startswith("Wulian needs Python 3.11 or newer; this is 3.9. Install a newer one")
    assert "Traceback" not in answer.stderr


def test_a_python_without_ensurepip_is_told_which_package_brings_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setitem(sys.modules, "ensurepip", None)  # what Debian's bare python3 looks like
    monkeypatch.setattr(dev, "VENV", tmp_path / "venv")

    with pytest.raises(dev.Trouble, match=r"apt-get install python3\.\d+-venv"):
        dev.make_environment()

    assert not (tmp_path / "venv").exists()


def test_a_taken_port_is_told_before_anything_is_installed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(dev, "build", lambda: pytest.fail("it went on"))
    with socket.socket() as other_program:
        other_program.bind(("127.0.0.1", 0))
        other_program.listen()
        port = other_program.getsockname()[1]

        assert dev.main(["run", "--port", str(port)]) == 1

    assert f"Port {port} is taken" in capsys.readouterr().out


def test_fresh_never_throws_away_a_database_named_by_the_user(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "wulian.db").write_text("dear")
    monkeypatch.setattr(dev, "VAR", tmp_path)
    monkeypatch.setattr(dev, "build", lambda: 0)
    monkeypatch.setenv("WULIAN_DATABASE_URL", "postgresql+psycopg://wulian@db/wulian")

    assert dev.main(["run", "--port", "0", "--fresh"]) == 1

    assert "WULIAN_DATABASE_URL" in capsys.readouterr().out
    assert (tmp_path / "wulian.db").read_text() == "dear"


def test_things_are_made_again_only_when_their_sources_changed(tmp_path: Path) -> None:
    source, stamp = tmp_path / "sources", tmp_path / "made" / "stamp"
    source.mkdir()
    made = []

    def refresh() -> None:
        dev.refresh(stamp, dev.fingerprint([source]), lambda: made.append(1))

    (source / "a.js").write_text("one")
    refresh()
    refresh()
    assert len(made) == 1

    (source / "a.js").write_text("two")
    refresh()
    assert len(made) == 2

    (source / "a.js").rename(source / "b.js")
    refresh()
    assert len(made) == 3


def test_what_failed_is_tried_again(tmp_path: Path) -> None:
    stamp = tmp_path / "stamp"

    def fail() -> None:
        raise dev.Trouble("no network")

    with pytest.raises(dev.Trouble):
        dev.refresh(stamp, "wanted", fail)

    assert dev.refresh(stamp, "wanted", lambda: None)


def test_exec_passes_arguments_and_the_exit_code(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dev, "ensure_environment", lambda: None)  # it is the one this test runs in
    monkeypatch.setattr(dev, "SCRIPTS", Path(sys.executable).parent)

    assert dev.main(["exec", "python", "-c", "import sys; sys.exit(len(sys.argv))", "--port", "-x"]) == 3


def test_exec_of_an_unknown_command_is_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(dev, "ensure_environment", lambda: None)

    assert dev.main(["exec", "no-such-command"]) == 1

    assert "no-such-command" in capsys.readouterr().out


def test_the_front_ends_lock_file_names_no_download_address() -> None:
    lock = json.loads((dev.FRONTEND / "package-lock.json").read_text())

    assert not [name for name, package in lock["packages"].items() if "resolved" in package]
    assert all("integrity" in package for name, package in lock["packages"].items() if name)


def test_a_wheel_carries_every_data_file() -> None:
    program = """
import json
from setuptools import Distribution
distribution = Distribution()
distribution.parse_config_files()
build = distribution.get_command_obj("build_py")
build.ensure_finalized()
print(json.dumps([f"{folder}/{name}" for _, folder, _, names in build.data_files for name in names]))
"""
    found = subprocess.run(
        [sys.executable, "-c", program], cwd=dev.ROOT, capture_output=True, text=True, check=True
    )
    packed = set(json.loads(found.stdout))

    wanted = {
        path.relative_to(dev.ROOT).as_posix()
        for package in ("engine", "web", "plugins", "workflows")
        for path in (dev.ROOT / package).rglob("*")
        if path.is_file()
        and path.suffix not in {".py", ".pyc", ".po", ".pot"}
        and not path.is_relative_to(dev.FRONTEND)
        and path.name != "wulian.stamp"
    }
    assert wanted - packed == set()


def test_an_installed_wheel_speaks_chinese_without_the_sources(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    source = dev.ROOT / "web" / "translations" / "zh_Hans_CN" / "LC_MESSAGES" / "messages.po"
    compiled = tmp_path / "zh_Hans_CN" / "LC_MESSAGES" / "messages.mo"
    compiled.parent.mkdir(parents=True)
    with source.open("rb") as messages, compiled.open("wb") as target:
        write_mo(target, read_po(messages, locale="zh_Hans_CN"))
    monkeypatch.setattr(language, "FOLDER", tmp_path)
    language.catalogue.cache_clear()

    assert language.catalogue("zh_Hans_CN").gettext("Sign in") == "登录"
    language.catalogue.cache_clear()


@pytest.fixture
def translated(tmp_path: Path) -> Path:
    """A small application with messages, and the program that looks after its catalogues."""
    (tmp_path / ".ci").mkdir()
    shutil.copy(dev.ROOT / ".ci" / "catalogues.py", tmp_path / ".ci")
    (tmp_path / "plugins").mkdir()
    (tmp_path / "web" / "translations").mkdir(parents=True)
    (tmp_path / "web" / "templates").mkdir()
    (tmp_path / "web" / "page.py").write_text('_("Sign in"), ngettext("%(num)d day", "%(num)d days", n)')
    (tmp_path / "web" / "templates" / "page.html").write_text("{% trans %}Your tasks{% endtrans %}")
    return tmp_path


def catalogues(folder: Path, task: str) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, ".ci/catalogues.py", task], cwd=folder, capture_output=True, text=True, check=False
    )
    assert not done.stderr
    return done.returncode, done.stdout


def chinese(folder: Path) -> Path:
    return folder / "web" / "translations" / "zh_Hans_CN" / "LC_MESSAGES" / "messages.po"


def test_every_message_must_be_translated(translated: Path) -> None:
    assert catalogues(translated, "update") == (0, "")

    code, said = catalogues(translated, "check")

    assert code == 1
    assert said.count("untranslated") == 3  # the English ones are those of the sources
    for words, translation in (("Sign in", "登录"), ("Your tasks", "待办")):
        text = chinese(translated).read_text()
        chinese(translated).write_text(
            text.replace(f'"{words}"\nmsgstr ""', f'"{words}"\nmsgstr "{translation}"')
        )
    text = chinese(translated).read_text()
    chinese(translated).write_text(text.replace('msgstr[0] ""', 'msgstr[0] "%(num)d 天"'))

    assert catalogues(translated, "check") == (0, "All messages are translated.\n")


def test_updating_keeps_translations_and_changes_nothing_else(translated: Path) -> None:
    catalogues(translated, "update")
    text = chinese(translated).read_text().replace('"Sign in"\nmsgstr ""', '"Sign in"\nmsgstr "登录"')
    chinese(translated).write_text(text)

    catalogues(translated, "update")
    assert chinese(translated).read_text() == text

    (translated / "web" / "page.py").write_text('_("Sign in"), _("Sign out")')
    code, said = catalogues(translated, "check")
    assert code == 1
    assert "lacks 'Sign out'" in said
    assert "keeps ('%(num)d day', '%(num)d days')" in said

    catalogues(translated, "update")
    assert '"Sign in"\nmsgstr "登录"' in chinese(translated).read_text()
    assert '"Sign out"\nmsgstr ""' in chinese(translated).read_text()


def test_a_translation_that_loses_a_placeholder_is_told(translated: Path) -> None:
    catalogues(translated, "update")
    text = chinese(translated).read_text()
    chinese(translated).write_text(text.replace('msgstr[0] ""', 'msgstr[0] "%(days)d 天"'))

    assert "unknown named placeholder 'days'" in catalogues(translated, "check")[1]
