"""A fresh place to play on: a database with the cast, the bundles deployed, and a clock that is moved by
hand.
"""

import shutil
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import event

from engine.clock import SetClock
from engine.commands import ProcessEngine, Service, case_services, deploy_bundle
from engine.people.actor import SYSTEM
from engine.people.policy import RolePowers
from engine.people.vault import Vault
from engine.store.database import open_database, writing
from engine.store.documents import FolderDocuments
from engine.store.migrate import upgrade
from engine.stories.cast import Cast, enter_cast

_LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


class Stage:
    """Prepares once, then hands out fresh engines. Use it in a ``with`` block.

    On SQLite (the usual case) every engine has its own copy of the prepared database.
    """

    def __init__(
        self,
        bundles: Iterable[Path | Mapping[str, bytes]],
        cast: Cast,
        powers: Mapping[str, RolePowers],
        services: Iterable[Service] = (),
    ) -> None:
        self._bundles, self._cast, self._powers = tuple(bundles), cast, powers
        self._services = (*case_services(), *services)
        self._vault = Vault.from_text(Vault.new_key())
        self._folder = TemporaryDirectory(prefix="wulian-stage-")
        self._prepared: Path | None = None
        self._count = 0

    def __enter__(self) -> "Stage":
        return self

    def __exit__(self, *_: object) -> None:
        self._folder.cleanup()

    def fresh(self) -> ProcessEngine:
        """An engine that nobody has played on."""
        folder = Path(self._folder.name)
        if self._prepared is None:
            prepared = folder / "prepared.db"
            upgrade(f"sqlite:///{prepared}")
            engine = self._open(f"sqlite:///{prepared}")
            self.set_up(engine)
            engine.close()
            self._prepared = prepared
        self._count += 1
        copy = folder / f"{self._count}.db"
        shutil.copy(self._prepared, copy)
        return self._open(f"sqlite:///{copy}")

    def on(self, url: str) -> ProcessEngine:
        """An engine on a migrated, empty database of one's own."""
        engine = self._open(url)
        self.set_up(engine)
        return engine

    def set_up(self, engine: ProcessEngine) -> None:
        """Write the cast and deploy the bundles. Raises Invalid where a bundle is refused."""
        with writing(engine.database) as conn:
            enter_cast(conn, self._cast, engine.clock.now())
        for bundle in self._bundles:
            deploy_bundle(engine, SYSTEM, bundle)

    def _open(self, url: str) -> ProcessEngine:
        database = open_database(url)
        if database.dialect.name == "sqlite":
            event.listen(database, "connect", _without_waiting_for_the_disk)
        return ProcessEngine.open(
            database,
            vault=self._vault,
            powers=self._powers,
            clock=SetClock(_LONG_AGO),
            services=self._services,
            documents=FolderDocuments(Path(self._folder.name) / "documents"),
        )


def _without_waiting_for_the_disk(connection: Any, _record: object) -> None:
    """What is played is thrown away: it need not survive a power cut."""
    cursor = connection.cursor()
    cursor.execute("PRAGMA synchronous = OFF")
    cursor.close()
