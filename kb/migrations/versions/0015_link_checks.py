"""How web addresses are doing."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

import kb.database

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    text = sqlmodel.sql.sqltypes.AutoString()
    moment = kb.database.UtcDateTime(timezone=True)
    op.create_table(
        "link_check",
        sa.Column("url", text, nullable=False),
        sa.Column("state", text, nullable=False),
        sa.Column("reason", text, nullable=False),
        sa.Column("moved_to", text, nullable=False),
        sa.Column("content_hash", text, nullable=False),
        sa.Column("checked_at", moment, nullable=False),
        sa.Column("answered_at", moment, nullable=True),
        sa.Column("failed_first", moment, nullable=True),
        sa.Column("flagged", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("url"),
    )
    with op.batch_alter_table("link_check", schema=None) as batch_op:
        for name in ("state", "checked_at", "flagged"):
            batch_op.create_index(batch_op.f(f"ix_link_check_{name}"), [name], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("link_check", schema=None) as batch_op:
        for name in ("flagged", "checked_at", "state"):
            batch_op.drop_index(batch_op.f(f"ix_link_check_{name}"))
    op.drop_table("link_check")
