"""Alembic's entry point; the connection comes from engine.store.migrate."""

from alembic import context

from engine.store.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    version_table="wulian_version",
)
with context.begin_transaction():
    context.run_migrations()
