"""Going through a module once more: why a round began, and what it took over."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

ENROLMENTS = "modules_enrolments"
PEOPLE = "accounts_people"


def upgrade() -> None:
    with op.batch_alter_table(ENROLMENTS) as batch_op:
        batch_op.add_column(
            sa.Column("kind", sa.String(length=20), nullable=False, server_default="first")
        )
        batch_op.add_column(sa.Column("carried", sa.JSON(), nullable=False, server_default="[]"))
        batch_op.add_column(sa.Column("reason", sa.Text(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("begun_by", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(
            op.f(f"fk_{ENROLMENTS}_begun_by_{PEOPLE}"), PEOPLE, ["begun_by"], ["id"]
        )


def downgrade() -> None:
    with op.batch_alter_table(ENROLMENTS) as batch_op:
        batch_op.drop_constraint(op.f(f"fk_{ENROLMENTS}_begun_by_{PEOPLE}"), type_="foreignkey")
        for name in ("begun_by", "reason", "carried", "kind"):
            batch_op.drop_column(name)
