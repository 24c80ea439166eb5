"""Award rounds that are run here."""

import sqlalchemy as sa
import sqlmodel
from alembic import op
from sqlalchemy import Text
from sqlalchemy.dialects import postgresql

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def _json() -> sa.types.TypeEngine:
    return sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), "postgresql")


def _text() -> sa.types.TypeEngine:
    return sqlmodel.sql.sqltypes.AutoString()


def upgrade() -> None:
    op.create_table(
        "award_contest",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("state", _text(), nullable=False),
        sa.Column("opens", sa.Date(), nullable=True),
        sa.Column("closes", sa.Date(), nullable=True),
        sa.Column("rules", _json(), nullable=False),
        sa.Column("created_by", _text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["round_id"], ["award_round.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("round_id"),
    )
    op.create_table(
        "award_submission",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("contest_id", sa.Integer(), nullable=False),
        sa.Column("record_id", sa.String(), nullable=False),
        sa.Column("record_version", sa.Integer(), nullable=False),
        sa.Column("entrant", _text(), nullable=False),
        sa.Column("state", _text(), nullable=False),
        sa.Column("category", _text(), nullable=False),
        sa.Column("texts", _json(), nullable=False),
        sa.Column("gates", _json(), nullable=False),
        sa.Column("endorser", _text(), nullable=False),
        sa.Column("months", sa.Integer(), nullable=True),
        sa.Column("consent", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("level", _text(), nullable=True),
        sa.Column("final", sa.Float(), nullable=True),
        sa.Column("votes", sa.Integer(), nullable=True),
        sa.Column("reason", _text(), nullable=False),
        sa.Column("feedback", _text(), nullable=False),
        sa.ForeignKeyConstraint(["contest_id"], ["award_contest.id"]),
        sa.ForeignKeyConstraint(["record_id"], ["record.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("award_submission", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_award_submission_contest_id"), ["contest_id"], unique=False
        )
    op.create_table(
        "award_judge",
        sa.Column("contest_id", sa.Integer(), nullable=False),
        sa.Column("account_id", _text(), nullable=False),
        sa.Column("knows", _json(), nullable=False),
        sa.Column("interests", _json(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"]),
        sa.ForeignKeyConstraint(["contest_id"], ["award_contest.id"]),
        sa.PrimaryKeyConstraint("contest_id", "account_id"),
    )
    op.create_table(
        "award_score",
        sa.Column("submission_id", sa.Integer(), nullable=False),
        sa.Column("account_id", _text(), nullable=False),
        sa.Column("marks", _json(), nullable=False),
        sa.Column("comment", _text(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"]),
        sa.ForeignKeyConstraint(["submission_id"], ["award_submission.id"]),
        sa.PrimaryKeyConstraint("submission_id", "account_id"),
    )


def downgrade() -> None:
    op.drop_table("award_score")
    op.drop_table("award_judge")
    with op.batch_alter_table("award_submission", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_award_submission_contest_id"))
    op.drop_table("award_submission")
    op.drop_table("award_contest")
