"""Items that their source tells no more, and how far a harvest came."""

import sqlalchemy as sa
from alembic import op

import kb.database

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("record_source", schema=None) as batch_op:
        batch_op.add_column(sa.Column("gone_on", sa.Date(), nullable=True))
    with op.batch_alter_table("source_run", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("reached", kb.database.Json, nullable=False, server_default="{}")
        )


def downgrade() -> None:
    with op.batch_alter_table("source_run", schema=None) as batch_op:
        batch_op.drop_column("reached")
    with op.batch_alter_table("record_source", schema=None) as batch_op:
        batch_op.drop_column("gone_on")
