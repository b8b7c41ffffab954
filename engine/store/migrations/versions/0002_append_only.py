"""the history and the access log only grow

Revision ID: 0002
Revises: 0001
"""

from alembic import op

from engine.store.append_only import lift, protect

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    protect(op.get_bind())


def downgrade() -> None:
    lift(op.get_bind())
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION IF EXISTS wulian_append_only()")
