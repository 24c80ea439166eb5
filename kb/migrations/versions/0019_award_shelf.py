"""What award entries are narrowed by, beside the entry; an index for lists of shown records."""

import sqlalchemy as sa
import sqlmodel
from alembic import op
from sqlalchemy import Text
from sqlalchemy.dialects import postgresql

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), "postgresql")
COLUMNS = ("problems", "country", "region")
SURE = 0.5


def upgrade() -> None:
    with op.batch_alter_table("award_entry", schema=None) as batch_op:
        for name in COLUMNS:
            batch_op.add_column(
                sa.Column(
                    name, sqlmodel.sql.sqltypes.AutoString(), nullable=False, server_default=""
                )
            )
    op.create_index("ix_record_shown", "record", ["state", "restricted", "id", "title"])
    record = sa.table("record", sa.column("id"), sa.column("content", JSON))
    entry = sa.table("award_entry", sa.column("record_id"), *map(sa.column, COLUMNS))
    asked = sa.select(record).where(record.c.id.in_(sa.select(entry.c.record_id)))
    store = op.get_bind()
    for record_id, content in store.execute(asked).all():
        values = _values(content or {})
        store.execute(entry.update().where(entry.c.record_id == record_id).values(**values))


def _values(content: dict) -> dict[str, str]:
    place = content.get("place") or {}
    suggested = [
        tag["code"]
        for tag in content.get("suggested_tags") or []
        if tag.get("field_name") == "problem_types" and tag.get("confidence", SURE) >= SURE
    ]
    codes = dict.fromkeys([*(content.get("problem_types") or []), *suggested])
    return {
        "problems": " ".join(codes),
        "country": place.get("country") or "",
        "region": place.get("region") or "",
    }


def downgrade() -> None:
    op.drop_index("ix_record_shown", table_name="record")
    with op.batch_alter_table("award_entry", schema=None) as batch_op:
        for name in reversed(COLUMNS):
            batch_op.drop_column(name)
