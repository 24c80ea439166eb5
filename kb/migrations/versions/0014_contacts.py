"""Contacts of records, and whether they were asked if they are still right."""

import sqlalchemy as sa
import sqlmodel
from alembic import op
from sqlalchemy import Text
from sqlalchemy.dialects import postgresql

import kb.database

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), "postgresql")


def upgrade() -> None:
    text = sqlmodel.sql.sqltypes.AutoString
    contacts = op.create_table(
        "record_contact",
        sa.Column("record_id", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("role", text(), nullable=False),
        sa.Column("organisation", text(), nullable=False),
        sa.Column("mailbox", text(), nullable=False),
        sa.Column("verified_on", text(), nullable=False),
        sa.Column("state", text(), nullable=False),
        sa.Column("offers", JSON, nullable=False),
        sa.ForeignKeyConstraint(["record_id"], ["record.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("record_id", "position"),
    )
    moment = kb.database.UtcDateTime(timezone=True)
    op.create_table(
        "contact_check",
        sa.Column("token_hash", text(), nullable=False),
        sa.Column("record_id", sa.String(), nullable=False),
        sa.Column("mailbox", text(), nullable=False),
        sa.Column("asked_at", moment, nullable=False),
        sa.Column("answered_at", moment, nullable=True),
        sa.Column("answer", text(), nullable=False),
        sa.ForeignKeyConstraint(["record_id"], ["record.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("token_hash"),
    )
    with op.batch_alter_table("contact_check", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_contact_check_record_id"), ["record_id"], unique=False)
    with op.batch_alter_table("mail", schema=None) as batch_op:
        batch_op.add_column(sa.Column("reply_to", text(), nullable=False, server_default=""))
    record = sa.table("record", sa.column("id", sa.String()), sa.column("content", JSON))
    rows = [
        {
            "record_id": record_id,
            "position": position,
            "role": item.get("role") or "",
            "organisation": item.get("organisation") or "",
            "mailbox": item.get("mailbox") or "",
            "verified_on": item.get("verified_on") or "",
            "state": item.get("state") or "",
            "offers": item.get("help_offers") or [],
        }
        for record_id, content in op.get_bind().execute(sa.select(record.c.id, record.c.content))
        for position, item in enumerate((content or {}).get("contacts") or (), 1)
    ]
    if rows:
        op.bulk_insert(contacts, rows)


def downgrade() -> None:
    with op.batch_alter_table("mail", schema=None) as batch_op:
        batch_op.drop_column("reply_to")
    op.drop_table("contact_check")
    op.drop_table("record_contact")
