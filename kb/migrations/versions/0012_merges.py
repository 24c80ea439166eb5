"""Records made one."""

import sqlalchemy as sa
import sqlmodel
from alembic import op
from sqlalchemy import Text
from sqlalchemy.dialects import postgresql

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def _json() -> sa.types.TypeEngine:
    return sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), "postgresql")


def upgrade() -> None:
    op.create_table(
        "record_merge",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kept_id", sqlmodel.sql.sqltypes.AutoString(length=100), nullable=False),
        sa.Column("gone_id", sqlmodel.sql.sqltypes.AutoString(length=100), nullable=False),
        sa.Column("actor", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("picks", _json(), nullable=False),
        sa.Column("before", _json(), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_by", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("record_merge", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_record_merge_gone_id"), ["gone_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_record_merge_kept_id"), ["kept_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("record_merge", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_record_merge_kept_id"))
        batch_op.drop_index(batch_op.f("ix_record_merge_gone_id"))
    op.drop_table("record_merge")
