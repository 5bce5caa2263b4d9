"""The archive: copies that are stamped anew, and a stamped root over the files of each day."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

COPIES, DAYS, LEAVES = (f"certificates_{name}" for name in ("archive_copies", "days", "day_leaves"))


def upgrade() -> None:
    op.create_table(
        COPIES,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("certificate_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("stamped_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("stamp_ends_at", sa.DateTime(timezone=True), nullable=False),
        _points_at(COPIES, "certificate_id", "certificates_certificates"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{COPIES}")),
        sa.UniqueConstraint(
            "certificate_id", "number", name=op.f(f"uq_{COPIES}_certificate_id_number")
        ),
        sa.UniqueConstraint("digest", name=op.f(f"uq_{COPIES}_digest")),
    )
    op.create_table(
        DAYS,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("root", sa.String(length=64), nullable=False),
        sa.Column("leaves", sa.Integer(), nullable=False),
        sa.Column("token", sa.Text(), nullable=False),
        sa.Column("stamped_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{DAYS}")),
        sa.UniqueConstraint("day", name=op.f(f"uq_{DAYS}_day")),
    )
    op.create_table(
        LEAVES,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("day_id", sa.Integer(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        _points_at(LEAVES, "day_id", DAYS),
        _points_at(LEAVES, "file_id", "certificates_files"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{LEAVES}")),
        sa.UniqueConstraint("day_id", "place", name=op.f(f"uq_{LEAVES}_day_id_place")),
        sa.UniqueConstraint("file_id", name=op.f(f"uq_{LEAVES}_file_id")),
    )


def downgrade() -> None:
    for name in (LEAVES, DAYS, COPIES):
        op.drop_table(name)


def _points_at(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}")
    )
