"""Copies of gone pages that a web archive was found to have."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

import kb.database

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    moment = kb.database.UtcDateTime(timezone=True)
    with op.batch_alter_table("link_check", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "copy_url", sqlmodel.sql.sqltypes.AutoString(), nullable=False, server_default=""
            )
        )
        batch_op.add_column(sa.Column("copied_at", moment, nullable=True))
        batch_op.add_column(sa.Column("copy_sought_at", moment, nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("link_check", schema=None) as batch_op:
        for name in ("copy_sought_at", "copied_at", "copy_url"):
            batch_op.drop_column(name)
