"""What a further release changes, questions of what if, and marking anew."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

CHANGES = "packages_release_changes"
WHAT_IFS = "review_what_ifs"
REGRADES = "review_regrades"
TRIES = "review_regraded_tries"


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
    op.create_table(
        WHAT_IFS,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("package_slug", sa.String(length=80), nullable=False),
        sa.Column("release_id", sa.Integer(), nullable=False),
        sa.Column("rules", sa.JSON(), nullable=False),
        sa.Column("written", sa.Text(), nullable=False),
        sa.Column("asked_by", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("job_id", sa.Integer(), nullable=True),
        sa.Column("result", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("reckoned_at", sa.DateTime(timezone=True), nullable=True),
        _points_at(WHAT_IFS, "release_id", "packages_releases"),
        _points_at(WHAT_IFS, "asked_by", "accounts_people"),
        _job(WHAT_IFS),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{WHAT_IFS}")),
    )
    op.create_index(op.f(f"ix_{WHAT_IFS}_package_slug"), WHAT_IFS, ["package_slug"])
    op.create_table(
        REGRADES,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("what_if_id", sa.Integer(), nullable=False),
        sa.Column("release_id", sa.Integer(), nullable=False),
        sa.Column("suspend", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("asked_by", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("job_id", sa.Integer(), nullable=True),
        _points_at(REGRADES, "what_if_id", WHAT_IFS),
        _points_at(REGRADES, "release_id", "packages_releases"),
        _points_at(REGRADES, "asked_by", "accounts_people"),
        _job(REGRADES),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{REGRADES}")),
        sa.UniqueConstraint("what_if_id", name=op.f(f"uq_{REGRADES}_what_if_id")),
    )
    op.create_table(
        TRIES,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("regrade_id", sa.Integer(), nullable=False),
        sa.Column("attempt_id", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(length=20), nullable=False),
        sa.Column("certificate_id", sa.Integer(), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "outcome IN ('certified', 'passed', 'kept', 'suspended', 'not_passed', 'unchanged')",
            name=op.f(f"ck_{TRIES}_outcome"),
        ),
        _points_at(TRIES, "regrade_id", REGRADES),
        _points_at(TRIES, "attempt_id", "modules_attempts"),
        _points_at(TRIES, "certificate_id", "certificates_certificates"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{TRIES}")),
        sa.UniqueConstraint(
            "regrade_id", "attempt_id", name=op.f(f"uq_{TRIES}_regrade_id_attempt_id")
        ),
    )


def downgrade() -> None:
    for table in (TRIES, REGRADES, WHAT_IFS, CHANGES):
        op.drop_table(table)


def _points_at(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}")
    )


def _job(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["job_id"],
        ["jobs_jobs.id"],
        name=op.f(f"fk_{table}_job_id_jobs_jobs"),
        ondelete="SET NULL",
    )
