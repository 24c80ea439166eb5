"""Documents handed in to be read."""

import sqlalchemy as sa
import sqlmodel
from alembic import op
from sqlalchemy import Text
from sqlalchemy.dialects import postgresql

import kb.database

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    text = sqlmodel.sql.sqltypes.AutoString()
    op.create_table(
        "upload",
        sa.Column("id", text, nullable=False),
        sa.Column("owner", text, nullable=False),
        sa.Column("file_name", text, nullable=False),
        sa.Column("content_type", text, nullable=False),
        sa.Column("state", text, nullable=False),
        sa.Column("code", text, nullable=False),
        sa.Column("reason", text, nullable=False),
        sa.Column(
            "found",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), "postgresql"),
            nullable=False,
        ),
        sa.Column("handed_in_at", kb.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("read_at", kb.database.UtcDateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("upload", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_upload_owner"), ["owner"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("upload", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_upload_owner"))
    op.drop_table("upload")
