"""How a source was read, and when a person last went through it by hand."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("source", schema=None) as batch_op:
        batch_op.add_column(sa.Column("ticked_on", sa.Date(), nullable=True))
        for name in ("ticked_by", "ticked_note"):
            batch_op.add_column(
                sa.Column(
                    name, sqlmodel.sql.sqltypes.AutoString(), nullable=False, server_default=""
                )
            )
    with op.batch_alter_table("source_run", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "how", sqlmodel.sql.sqltypes.AutoString(), nullable=False, server_default="file"
            )
        )


def downgrade() -> None:
    with op.batch_alter_table("source_run", schema=None) as batch_op:
        batch_op.drop_column("how")
    with op.batch_alter_table("source", schema=None) as batch_op:
        for name in ("ticked_note", "ticked_by", "ticked_on"):
            batch_op.drop_column(name)
