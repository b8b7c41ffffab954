"""Serving pages, and doing the clock's work."""

import logging
import signal
import threading
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from engine.commands import ProcessEngine
    from engine.jobs.scheduler import Scheduler


def scheduler_for(engine: "ProcessEngine") -> "Scheduler":
    """Looks after what falls due, as long as this process leads; told at once when there is new work."""
    from engine.commands import run_job
    from engine.jobs.scheduler import Scheduler

    scheduler = Scheduler(engine.database, engine.clock, lambda job_id: run_job(engine, job_id))
    engine.wake.append(scheduler.wake)
    return scheduler


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen at.")
@click.option(
    "--port", default=8000, show_default=True, type=click.IntRange(0, 65535), help="0 takes any free port."
)
@click.option(
    "--scheduler/--no-scheduler", default=True, help="Look after deadlines and timers in this process, too."
)
def serve(host: str, port: int, scheduler: bool) -> None:
    """Serve the pages on this machine.

    For one office or for trying out. For a district run gunicorn --worker-class gthread --workers 2 --threads
    8 web.wsgi:app, and beside it "wulian worker".
    """
    from werkzeug.serving import make_server

    from web.app import create_app
    from web.extension import of

    _log()
    app = create_app()
    engine = of(app).engine
    clockwork = scheduler_for(engine) if scheduler else None
    server = make_server(host, port, app, threaded=True)
    if clockwork is not None:
        clockwork.start()
    click.echo(f"Wulian 五联: http://{host}:{server.server_port}")
    _stop_with(server.shutdown)
    try:
        server.serve_forever()
    finally:
        if clockwork is not None:
            clockwork.stop()
        engine.close()


@click.command()
def worker() -> None:
    """Look after deadlines, timers and services until told to stop.

    Several may run: one leads, another takes over when it goes.
    """
    from web.opening import open_engine
    from web.settings import read_settings

    _log()
    engine = open_engine(read_settings())
    clockwork = scheduler_for(engine)
    stop = threading.Event()
    _stop_with(stop.set)
    clockwork.start()
    click.echo("Worker started.")
    stop.wait()
    clockwork.stop()
    engine.close()
    click.echo("Worker stopped.")


def _stop_with(stop: object) -> None:
    """On Ctrl+C and on SIGTERM, finish what is being done and end."""

    def end(_signal: int, _frame: object) -> None:
        threading.Thread(target=stop, daemon=True).start()  # type: ignore[arg-type]

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, end)


def _log() -> None:
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    logging.getLogger("apscheduler").setLevel(logging.ERROR)
    logging.getLogger("werkzeug").setLevel(logging.WARNING)
