"""Electronic signatures, and panels of experts that make the reference."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

SIGNATURES = "accounts_signatures"


def upgrade() -> None:
    op.create_table(
        SIGNATURES,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("printed_name", sa.String(length=200), nullable=False),
        sa.Column("meaning", sa.String(length=20), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("length(digest) = 64", name=op.f(f"ck_{SIGNATURES}_digest")),
        sa.CheckConstraint(
            "meaning IN ('authorship', 'review', 'approval', 'responsibility')",
            name=op.f(f"ck_{SIGNATURES}_meaning"),
        ),
        _points_at(SIGNATURES, "person_id", "accounts_people"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{SIGNATURES}")),
        sa.UniqueConstraint(
            "subject",
            "person_id",
            "meaning",
            "digest",
            name=op.f(f"uq_{SIGNATURES}_subject_person_id_meaning_digest"),
        ),
    )
    op.create_index(op.f(f"ix_{SIGNATURES}_person_id"), SIGNATURES, ["person_id"])


def downgrade() -> None:
    op.drop_table(SIGNATURES)


def _points_at(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}")
    )
