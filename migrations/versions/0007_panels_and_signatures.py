"""Electronic signatures, and panels of experts that make the reference."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

SIGNATURES = "accounts_signatures"
PANELS, EXPERTS, TASKS, SAVED, HANDED_IN, CLOSINGS, DECISIONS, REFERENCES = (
    f"panels_{name}"
    for name in (
        *("panels", "experts", "tasks", "saved_ratings"),
        *("handed_in", "closings", "decisions", "references"),
    )
)


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
    _panels()
    _ratings()
    _references()


def _panels() -> None:
    op.create_table(
        PANELS,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=60), nullable=False),
        sa.Column("draft_id", sa.Integer(), nullable=True),
        sa.Column("build", sa.String(length=64), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("method", sa.String(length=20), nullable=False),
        sa.Column("limit_share", sa.String(length=20), nullable=False),
        sa.Column("cases", sa.JSON(), nullable=False),
        sa.Column("closes_on", sa.Date(), nullable=True),
        sa.Column("adjudicator_id", sa.Integer(), nullable=True),
        sa.Column("opened_by", sa.Integer(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "method IN ('median', 'mode', 'mean', 'adjudicated')", name=op.f(f"ck_{PANELS}_method")
        ),
        sa.ForeignKeyConstraint(
            ["build"], ["packages_builds.digest"], name=op.f(f"fk_{PANELS}_build_packages_builds")
        ),
        _points_at(PANELS, "adjudicator_id", "accounts_people"),
        _points_at(PANELS, "opened_by", "accounts_people"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{PANELS}")),
    )
    for column in ("slug", "adjudicator_id", "opened_by"):
        op.create_index(op.f(f"ix_{PANELS}_{column}"), PANELS, [column])
    op.create_table(
        EXPERTS,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("panel_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("asked_by", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        _points_at(EXPERTS, "panel_id", PANELS),
        _points_at(EXPERTS, "person_id", "accounts_people"),
        _points_at(EXPERTS, "asked_by", "accounts_people"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{EXPERTS}")),
        sa.UniqueConstraint("panel_id", "email", name=op.f(f"uq_{EXPERTS}_panel_id_email")),
        sa.UniqueConstraint("panel_id", "number", name=op.f(f"uq_{EXPERTS}_panel_id_number")),
    )
    for column in ("email", "person_id"):
        op.create_index(op.f(f"ix_{EXPERTS}_{column}"), EXPERTS, [column])


def _ratings() -> None:
    op.create_table(
        TASKS,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("panel_id", sa.Integer(), nullable=False),
        sa.Column("expert_id", sa.Integer(), nullable=False),
        sa.Column("case_key", sa.String(length=80), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("asked_by", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        _points_at(TASKS, "panel_id", PANELS),
        _points_at(TASKS, "expert_id", EXPERTS),
        _points_at(TASKS, "asked_by", "accounts_people"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{TASKS}")),
        sa.UniqueConstraint(
            "expert_id", "case_key", "round", name=op.f(f"uq_{TASKS}_expert_id_case_key_round")
        ),
    )
    op.create_index(op.f(f"ix_{TASKS}_panel_id_round"), TASKS, ["panel_id", "round"])
    op.create_table(
        SAVED,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("task_id", sa.Integer(), nullable=False),
        sa.Column("item", sa.String(length=80), nullable=False),
        sa.Column("value", sa.JSON(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        _points_at(SAVED, "task_id", TASKS),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{SAVED}")),
        sa.UniqueConstraint("task_id", "item", name=op.f(f"uq_{SAVED}_task_id_item")),
    )
    op.create_table(
        HANDED_IN,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("task_id", sa.Integer(), nullable=False),
        sa.Column("ratings", sa.JSON(), nullable=False),
        sa.Column("rated_by", sa.Integer(), nullable=False),
        sa.Column("handed_in_at", sa.DateTime(timezone=True), nullable=False),
        _points_at(HANDED_IN, "task_id", TASKS),
        _points_at(HANDED_IN, "rated_by", "accounts_people"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{HANDED_IN}")),
        sa.UniqueConstraint("task_id", name=op.f(f"uq_{HANDED_IN}_task_id")),
    )


def _references() -> None:
    op.create_table(
        CLOSINGS,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("panel_id", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("closed_by", sa.Integer(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=False),
        _points_at(CLOSINGS, "panel_id", PANELS),
        _points_at(CLOSINGS, "closed_by", "accounts_people"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{CLOSINGS}")),
        sa.UniqueConstraint("panel_id", "round", name=op.f(f"uq_{CLOSINGS}_panel_id_round")),
    )
    op.create_table(
        DECISIONS,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("panel_id", sa.Integer(), nullable=False),
        sa.Column("case_key", sa.String(length=80), nullable=False),
        sa.Column("item", sa.String(length=80), nullable=False),
        sa.Column("value", sa.JSON(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.Integer(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        _points_at(DECISIONS, "panel_id", PANELS),
        _points_at(DECISIONS, "decided_by", "accounts_people"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{DECISIONS}")),
    )
    op.create_index(op.f(f"ix_{DECISIONS}_panel_id"), DECISIONS, ["panel_id"])
    op.create_table(
        REFERENCES,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("panel_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        _points_at(REFERENCES, "panel_id", PANELS),
        _points_at(REFERENCES, "made_by", "accounts_people"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{REFERENCES}")),
        sa.UniqueConstraint("panel_id", "version", name=op.f(f"uq_{REFERENCES}_panel_id_version")),
    )


def downgrade() -> None:
    for name in (REFERENCES, DECISIONS, CLOSINGS, HANDED_IN, SAVED, TASKS, EXPERTS, PANELS):
        op.drop_table(name)
    op.drop_table(SIGNATURES)


def _points_at(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}")
    )
