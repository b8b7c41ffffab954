"""Real servers as processes of their own: started, asked over HTTP, killed."""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any

from tests.house import KEY

ROOT = Path(__file__).resolve().parent.parent
ROLES = """
social_worker:
  name: {zh_Hans_CN: 社工, en: Social worker}
  powers: {sees: organisation, unmask: true, messages: true}
supervisor: {name: {zh_Hans_CN: 督导, en: Supervisor}, powers: {sees: subtree, manage: true}}
"""


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Server:
    """gunicorn with threads, and a worker for the clock, on one database."""

    def __init__(
        self,
        url: str,
        folder: Path,
        *,
        workers: int = 1,
        threads: int = 8,
        clock: bool = True,
        settings: Mapping[str, str] | None = None,
    ) -> None:
        self.port = free_port()
        self._folder = folder
        self._workers, self._threads, self._clock = workers, threads, clock
        roles = folder / "roles.yaml"
        roles.write_text(ROLES)
        self._env = {
            **{name: value for name, value in os.environ.items() if not name.startswith("WULIAN_")},
            "WULIAN_DATABASE_URL": url,
            "WULIAN_DATA_DIR": str(folder),
            "WULIAN_DATA_KEY": KEY,
            "WULIAN_SECRET_KEY": "a secret of the tests",
            "WULIAN_ROLES_FILE": str(roles),
            "PYTHONUNBUFFERED": "1",
            **(settings or {}),
        }
        self._processes: list[subprocess.Popen[bytes]] = []

    def __enter__(self) -> "Server":
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.kill()

    def start(self) -> None:
        """Start the processes and wait until the server answers."""
        command = ["-m", "gunicorn", "--worker-class", "gthread", "--bind", f"127.0.0.1:{self.port}"]
        command += [
            "--workers",
            str(self._workers),
            "--threads",
            str(self._threads),
            "--log-level",
            "warning",
        ]
        self._spawn(*command, "--keep-alive", "30", "web.wsgi:app")
        if self._clock:
            self._spawn("-m", "web.cli", "worker")
        deadline = time.monotonic() + 60
        client = Client(self.port)
        try:
            while time.monotonic() < deadline:
                try:
                    if client.get("/healthz")[0] == 200:
                        return
                except OSError:
                    time.sleep(0.05)
        finally:
            client.close()
        raise TimeoutError(self.log())

    def command(self, *words: str) -> str:
        """Run ``wulian`` beside the server, with its settings; what it printed."""
        done = subprocess.run(
            [sys.executable, "-m", "web.cli", *words],
            cwd=ROOT,
            env=self._env,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def kill(self) -> None:
        """Kill everything at once, as a power cut would (SIGKILL to the process groups)."""
        for process in self._processes:
            try:
                os.killpg(process.pid, signal.SIGKILL)
            except ProcessLookupError:
                continue
        for process in self._processes:
            process.wait()
        self._processes = []

    def log(self) -> str:
        """What the processes have said."""
        return (self._folder / "server.log").read_text(errors="replace")[-4000:]

    def pids(self) -> list[int]:
        """The started processes."""
        return [process.pid for process in self._processes]

    def _spawn(self, *command: str) -> None:
        with (self._folder / "server.log").open("ab") as log:
            self._processes.append(
                subprocess.Popen(
                    [sys.executable, *command],
                    cwd=ROOT,
                    env=self._env,
                    stdout=log,
                    stderr=subprocess.STDOUT,
                    start_new_session=True,
                )
            )


class Client:
    """Speaks JSON over one kept connection."""

    def __init__(self, port: int, token: str = "") -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        self._headers = {"Content-Type": "application/json"}
        if token:
            self._headers["Authorization"] = f"Bearer {token}"

    def get(self, path: str) -> tuple[int, Any]:
        return self._ask("GET", path, None, {})

    def post(self, path: str, body: Any = None, headers: Mapping[str, str] | None = None) -> tuple[int, Any]:
        return self._ask("POST", path, body or {}, headers or {})

    def close(self) -> None:
        self._connection.close()

    def _ask(self, method: str, path: str, body: Any, headers: Mapping[str, str]) -> tuple[int, Any]:
        content = None if body is None else json.dumps(body)
        try:
            self._connection.request(method, path, content, {**self._headers, **headers})
            answer = self._connection.getresponse()
            text = answer.read()
        except (OSError, http.client.HTTPException) as error:
            self._connection.close()
            raise OSError(str(error)) from error
        return answer.status, json.loads(text) if text[:1] in (b"{", b"[") else text
