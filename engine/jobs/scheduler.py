"""The clock work of a process: APScheduler wakes it, the leader claims what is due and hands it to the
dispatcher.
"""

import logging
import os
import socket
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from datetime import UTC, datetime
from threading import Lock
from uuid import UUID

import sqlalchemy as sa
from apscheduler.schedulers.background import BackgroundScheduler

from engine.clock import Clock, SystemClock
from engine.jobs.claims import claim_due
from engine.jobs.leader import TERM, give_up, hold_lease

log = logging.getLogger("wulian.scheduler")

POLL_SECONDS = 1.0
BATCH = 100


class Scheduler:
    """Runs due jobs as long as this process leads.

    ``run`` does one job. The lease is by the machine's clock even where the engine's own clock is moved, as
    in the demonstration.
    """

    def __init__(
        self, database: sa.Engine, clock: Clock, run: Callable[[UUID], object], *, threads: int = 2
    ) -> None:
        self._database = database
        self._clock = clock
        self._run = run
        self._threads = threads
        self._holder = f"{socket.gethostname()}:{os.getpid()}:{uuid.uuid4().hex[:8]}"
        self._machine = SystemClock()
        self._until = datetime.min.replace(tzinfo=UTC)
        self._busy = Lock()
        self._pool: ThreadPoolExecutor | None = None
        self._apscheduler: BackgroundScheduler | None = None

    @property
    def leads(self) -> bool:
        """Whether this process held the lease when it last looked."""
        return self._machine.now() < self._until

    def start(self) -> None:
        """Begin in the background."""
        self._pool = ThreadPoolExecutor(self._threads, thread_name_prefix="wulian-job")
        self._apscheduler = BackgroundScheduler(timezone=UTC)
        self._apscheduler.add_job(
            self.tick,
            "interval",
            seconds=POLL_SECONDS,
            id="tick",
            max_instances=1,
            coalesce=True,
            misfire_grace_time=None,
        )
        self._apscheduler.start()

    def stop(self) -> None:
        """Finish what is being done and let another lead."""
        if self._apscheduler is not None:
            self._apscheduler.shutdown(wait=True)
        if self._pool is not None:
            self._pool.shutdown(wait=True)
        if self.leads:
            give_up(self._database, "scheduler", self._holder)

    def wake(self) -> None:
        """Something new may be due: look now."""
        if self._apscheduler is not None and self._apscheduler.running and self.leads:
            self._apscheduler.modify_job("tick", next_run_time=datetime.now(UTC))

    def tick(self) -> int:
        """Claim and run what is due, in batches, until nothing is left. Returns how many jobs were done."""
        if not self._busy.acquire(blocking=False):
            return 0
        try:
            return self._drain() if self._lead() else 0
        except sa.exc.OperationalError:
            log.exception("the database did not answer")
            return 0
        finally:
            self._busy.release()

    def _lead(self) -> bool:
        now = self._machine.now()
        if now + TERM / 2 < self._until:
            return True
        if hold_lease(self._database, "scheduler", self._holder, now):
            self._until = now + TERM
            return True
        self._until = datetime.min.replace(tzinfo=UTC)
        return False

    def _drain(self) -> int:
        done = 0
        while True:
            ids = claim_due(self._database, self._clock.now(), self._holder, limit=BATCH)
            if not ids:
                return done
            if self._pool is None:
                for job_id in ids:
                    self._run(job_id)
            else:
                wait([self._pool.submit(self._run, job_id) for job_id in ids])
            done += len(ids)
            if not self._lead():
                return done
