"""Changes of terms made at the vocabulary desk."""

import sqlalchemy as sa
import sqlmodel
from alembic import op
from sqlalchemy import Text
from sqlalchemy.dialects import postgresql

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "term_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("vocabulary", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("code", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("kind", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("state", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column(
            "data",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), "postgresql"),
            nullable=False,
        ),
        sa.Column("reason", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("proposed_by", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("term_change", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_term_change_code"), ["code"], unique=False)
        batch_op.create_index(batch_op.f("ix_term_change_state"), ["state"], unique=False)
        batch_op.create_index(batch_op.f("ix_term_change_vocabulary"), ["vocabulary"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("term_change", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_term_change_vocabulary"))
        batch_op.drop_index(batch_op.f("ix_term_change_state"))
        batch_op.drop_index(batch_op.f("ix_term_change_code"))
    op.drop_table("term_change")
