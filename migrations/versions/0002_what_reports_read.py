"""The module of a qualification, and indexes that reports read by."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("modules_qualifications") as batch_op:
        batch_op.add_column(sa.Column("package_slug", sa.String(length=80), nullable=True))
    op.execute(
        """UPDATE modules_qualifications SET package_slug = (
        SELECT package_slug FROM modules_enrolments
        WHERE modules_enrolments.id = modules_qualifications.enrolment_id)"""
    )
    with op.batch_alter_table("modules_qualifications") as batch_op:
        batch_op.alter_column("package_slug", existing_type=sa.String(length=80), nullable=False)
        batch_op.create_index("ix_modules_qualifications_package_slug", ["package_slug"])
    with op.batch_alter_table("modules_enrolments") as batch_op:
        batch_op.drop_index("ix_modules_enrolments_enrolled_at")
        batch_op.drop_index("ix_modules_enrolments_package_slug_enrolled_at")
        batch_op.create_index("ix_modules_enrolments_enrolled_at_id", ["enrolled_at", "id"])
        batch_op.create_index(
            "ix_modules_enrolments_package_slug_enrolled_at_id",
            ["package_slug", "enrolled_at", "id"],
        )
    with op.batch_alter_table("modules_evidence") as batch_op:
        batch_op.create_index(
            "ix_modules_evidence_enrolment_id_last_at", ["enrolment_id", "last_at"]
        )
    with op.batch_alter_table("modules_attempts") as batch_op:
        batch_op.create_index(
            "ix_modules_attempts_enrolment_id_started_at", ["enrolment_id", "started_at"]
        )


def downgrade() -> None:
    with op.batch_alter_table("modules_attempts") as batch_op:
        batch_op.drop_index("ix_modules_attempts_enrolment_id_started_at")
    with op.batch_alter_table("modules_evidence") as batch_op:
        batch_op.drop_index("ix_modules_evidence_enrolment_id_last_at")
    with op.batch_alter_table("modules_enrolments") as batch_op:
        batch_op.drop_index("ix_modules_enrolments_package_slug_enrolled_at_id")
        batch_op.drop_index("ix_modules_enrolments_enrolled_at_id")
        batch_op.create_index(
            "ix_modules_enrolments_package_slug_enrolled_at", ["package_slug", "enrolled_at"]
        )
        batch_op.create_index("ix_modules_enrolments_enrolled_at", ["enrolled_at"])
    with op.batch_alter_table("modules_qualifications") as batch_op:
        batch_op.drop_index("ix_modules_qualifications_package_slug")
        batch_op.drop_column("package_slug")
