"""Experts who were withdrawn from a panel, and how many references of a package are doubted."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

TABLE, EXPERTS, PEOPLE = "panels_withdrawals", "panels_experts", "accounts_people"
DOUBTS, RELEASES = "review_doubts", "packages_releases"


def upgrade() -> None:
    op.create_table(
        TABLE,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("expert_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("withdrawn_by", sa.Integer(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=False),
        _points_at(TABLE, "expert_id", EXPERTS),
        _points_at(TABLE, "withdrawn_by", PEOPLE),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{TABLE}")),
        sa.UniqueConstraint("expert_id", name=op.f(f"uq_{TABLE}_expert_id")),
    )
    op.create_table(
        DOUBTS,
        sa.Column("package_slug", sa.String(length=80), nullable=False),
        sa.Column("release_id", sa.Integer(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("looked_at", sa.DateTime(timezone=True), nullable=False),
        _points_at(DOUBTS, "release_id", RELEASES),
        sa.PrimaryKeyConstraint("package_slug", name=op.f(f"pk_{DOUBTS}")),
    )


def downgrade() -> None:
    op.drop_table(DOUBTS)
    op.drop_table(TABLE)


def _points_at(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}")
    )
