"""Opens the process engine as an installation wants it: for web, workers and command line alike."""

from typing import TYPE_CHECKING

import sqlalchemy as sa

from web.settings import Settings

if TYPE_CHECKING:
    from engine.commands import ProcessEngine


def open_engine(settings: Settings, database: sa.Engine | None = None) -> "ProcessEngine":
    """The engine on the installation's database, or on a SQLAlchemy engine that is there already."""
    from engine.clock import SystemClock
    from engine.commands import ProcessEngine, case_services
    from engine.people.vault import Vault
    from engine.store.database import open_database
    from engine.store.documents import FolderDocuments
    from web.roles import read_powers

    database = open_database(settings.database_url) if database is None else database
    if settings.demo:
        from web.demo_clock import DemoClock

        clock: SystemClock | DemoClock = DemoClock(database)
    else:
        clock = SystemClock()
    return ProcessEngine.open(
        database,
        vault=Vault.from_text(settings.data_key),
        powers=read_powers(settings.roles_file),
        clock=clock,
        services=case_services(),
        documents=FolderDocuments(settings.data_dir / "documents"),
    )
