"""What a further release changes, questions of what if, and marking anew."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

CHANGES = "packages_release_changes"


def upgrade() -> None:
    op.create_table(
        CHANGES,
        sa.Column("release_id", sa.Integer(), nullable=False),
        sa.Column("before_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("policy", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("found", sa.String(length=10), nullable=False),
        sa.Column("said_by", sa.Integer(), nullable=True),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "kind IN ('wording', 'scoring', 'reference', 'safety')",
            name=op.f(f"ck_{CHANGES}_kind"),
        ),
        sa.CheckConstraint(
            "policy IN ('finish_on_old', 'top_up', 'redo')", name=op.f(f"ck_{CHANGES}_policy")
        ),
        _points_at(CHANGES, "release_id", "packages_releases"),
        _points_at(CHANGES, "before_id", "packages_releases"),
        _points_at(CHANGES, "said_by", "accounts_people"),
        sa.PrimaryKeyConstraint("release_id", name=op.f(f"pk_{CHANGES}")),
    )


def downgrade() -> None:
    op.drop_table(CHANGES)


def _points_at(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}")
    )
