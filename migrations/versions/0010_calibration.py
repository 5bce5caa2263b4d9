"""Calibration of certified raters: what cases showed, and alerts of drift."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

CASES, ALERTS = "modules_calibrated", "modules_drift_alerts"
ATTEMPTS, ENROLMENTS = "modules_attempts", "modules_enrolments"


def upgrade() -> None:
    op.create_table(
        CASES,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("attempt_id", sa.Integer(), nullable=False),
        sa.Column("enrolment_id", sa.Integer(), nullable=False),
        sa.Column("case_key", sa.String(length=80), nullable=False),
        sa.Column("difference", sa.String(length=40), nullable=True),
        sa.Column("domains", sa.JSON(), nullable=False),
        sa.Column("scored_at", sa.DateTime(timezone=True), nullable=False),
        _points_at(CASES, "attempt_id", ATTEMPTS),
        _points_at(CASES, "enrolment_id", ENROLMENTS),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{CASES}")),
        sa.UniqueConstraint("attempt_id", name=op.f(f"uq_{CASES}_attempt_id")),
    )
    op.create_index(op.f(f"ix_{CASES}_enrolment_id"), CASES, ["enrolment_id"])
    op.create_table(
        ALERTS,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("enrolment_id", sa.Integer(), nullable=False),
        sa.Column("attempt_id", sa.Integer(), nullable=False),
        sa.Column("signal", sa.String(length=20), nullable=False),
        sa.Column("direction", sa.Integer(), nullable=False),
        sa.Column("failing", sa.JSON(), nullable=False),
        sa.Column("raised_at", sa.DateTime(timezone=True), nullable=False),
        _points_at(ALERTS, "enrolment_id", ENROLMENTS),
        _points_at(ALERTS, "attempt_id", ATTEMPTS),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{ALERTS}")),
        sa.UniqueConstraint(
            "enrolment_id", "signal", name=op.f(f"uq_{ALERTS}_enrolment_id_signal")
        ),
    )


def downgrade() -> None:
    op.drop_table(ALERTS)
    op.drop_table(CASES)


def _points_at(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}")
    )
