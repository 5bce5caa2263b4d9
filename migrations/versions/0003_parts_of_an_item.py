"""How far one long item of a job is, and that a person's part in a job may be a file."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("jobs_items") as batch_op:
        batch_op.add_column(
            sa.Column("parts_done", sa.Integer(), nullable=False, server_default="0")
        )
        batch_op.add_column(sa.Column("parts", sa.Integer(), nullable=False, server_default="0"))


def downgrade() -> None:
    with op.batch_alter_table("jobs_items") as batch_op:
        batch_op.drop_column("parts")
        batch_op.drop_column("parts_done")
