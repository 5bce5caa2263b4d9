"""What becomes of a certificate: suspended, superseded, ended by a trial, its holder erased."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

CERTIFICATES = "certificates_certificates"
PEOPLE = "accounts_people"


def upgrade() -> None:
    with op.batch_alter_table(CERTIFICATES) as batch_op:
        batch_op.add_column(sa.Column("supersedes_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("succession", sa.String(length=20), nullable=True))
        batch_op.add_column(sa.Column("first_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("validity", sa.JSON(none_as_null=True), nullable=True))
        batch_op.create_foreign_key(
            op.f(f"fk_{CERTIFICATES}_supersedes_id_{CERTIFICATES}"),
            CERTIFICATES,
            ["supersedes_id"],
            ["id"],
        )
        batch_op.create_foreign_key(
            op.f(f"fk_{CERTIFICATES}_first_id_{CERTIFICATES}"), CERTIFICATES, ["first_id"], ["id"]
        )
        batch_op.create_unique_constraint(
            op.f(f"uq_{CERTIFICATES}_supersedes_id"), ["supersedes_id"]
        )
        batch_op.create_check_constraint(
            op.f(f"ck_{CERTIFICATES}_succession_of_something"),
            "(supersedes_id IS NULL) = (succession IS NULL)",
        )
        batch_op.create_index(batch_op.f(f"ix_{CERTIFICATES}_first_id"), ["first_id"])
    _create(
        "certificates_suspensions",
        _moment("suspended_at"),
        sa.Column("reason_class", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("suspended_by", sa.Integer(), nullable=True),
        _moment("lifted_at", nullable=True),
        sa.Column("lifted_by", sa.Integer(), nullable=True),
        sa.Column("lifted_reason", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "lifted_at IS NULL OR lifted_at >= suspended_at",
            name=op.f("ck_certificates_suspensions_order"),
        ),
        people=("suspended_by", "lifted_by"),
    )
    _index("certificates_suspensions", "certificate_id")
    _open_once("certificates_suspensions", "open", "lifted_at IS NULL")
    _create(
        "certificates_ends",
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("decided_for", sa.String(length=120), nullable=False),
        _moment("decided_at"),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        _moment("taken_back_at", nullable=True),
        sa.Column("taken_back_by", sa.Integer(), nullable=True),
        people=("decided_by", "taken_back_by"),
    )
    _index("certificates_ends", "certificate_id")
    _index("certificates_ends", "decided_for")
    _open_once("certificates_ends", "counting", "taken_back_at IS NULL")
    _create(
        "certificates_shown_names",
        sa.Column("shows", sa.String(length=20), nullable=False),
        sa.Column("chosen_by", sa.Integer(), nullable=False),
        _moment("chosen_at"),
        people=("chosen_by",),
    )
    _index("certificates_shown_names", "certificate_id")
    _create(
        "certificates_erasures",
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("erased_by", sa.Integer(), nullable=True),
        _moment("erased_at"),
        sa.UniqueConstraint("certificate_id", name=op.f("uq_certificates_erasures_certificate_id")),
        people=("erased_by",),
    )


def downgrade() -> None:
    for name in ("erasures", "shown_names", "ends", "suspensions"):
        op.drop_table(f"certificates_{name}")
    with op.batch_alter_table(CERTIFICATES) as batch_op:
        batch_op.drop_index(batch_op.f(f"ix_{CERTIFICATES}_first_id"))
        batch_op.drop_constraint(op.f(f"ck_{CERTIFICATES}_succession_of_something"), type_="check")
        batch_op.drop_constraint(op.f(f"uq_{CERTIFICATES}_supersedes_id"), type_="unique")
        for column in ("first_id", "supersedes_id"):
            batch_op.drop_constraint(
                op.f(f"fk_{CERTIFICATES}_{column}_{CERTIFICATES}"), type_="foreignkey"
            )
        for column in ("validity", "first_id", "succession", "supersedes_id"):
            batch_op.drop_column(column)


def _moment(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _create(name: str, *parts: sa.schema.SchemaItem, people: tuple[str, ...]) -> None:
    op.create_table(
        name,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("certificate_id", sa.Integer(), nullable=False),
        *parts,
        sa.ForeignKeyConstraint(
            ["certificate_id"],
            [f"{CERTIFICATES}.id"],
            name=op.f(f"fk_{name}_certificate_id_{CERTIFICATES}"),
        ),
        *(
            sa.ForeignKeyConstraint(
                [column], [f"{PEOPLE}.id"], name=op.f(f"fk_{name}_{column}_{PEOPLE}")
            )
            for column in people
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{name}")),
    )


def _index(name: str, column: str) -> None:
    op.create_index(op.f(f"ix_{name}_{column}"), name, [column])


def _open_once(name: str, word: str, condition: str) -> None:
    op.create_index(
        f"ix_{name}_{word}",
        name,
        ["certificate_id"],
        unique=True,
        sqlite_where=sa.text(condition),
        postgresql_where=sa.text(condition),
    )
