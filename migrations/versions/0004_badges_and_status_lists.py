"""Badges, and the places of certificates in the public status lists."""

import secrets

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

PLACES = 131_072
FULL = PLACES * 3 // 4


def upgrade() -> None:
    entries = op.create_table(
        "certificates_status_entries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("certificate_id", sa.Integer(), nullable=False),
        sa.Column("list_number", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "place >= 0 AND place < 131072", name=op.f("ck_certificates_status_entries_place")
        ),
        sa.ForeignKeyConstraint(
            ["certificate_id"],
            ["certificates_certificates.id"],
            name=op.f("fk_certificates_status_entries_certificate_id_certificates_certificates"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificates_status_entries")),
        sa.UniqueConstraint(
            "certificate_id", name=op.f("uq_certificates_status_entries_certificate_id")
        ),
        sa.UniqueConstraint(
            "list_number", "place", name=op.f("uq_certificates_status_entries_list_number_place")
        ),
    )
    op.create_table(
        "certificates_status_lists",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("purpose", sa.String(length=20), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("places_digest", sa.String(length=64), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("token", sa.Text(), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificates_status_lists")),
        sa.UniqueConstraint(
            "purpose", "number", name=op.f("uq_certificates_status_lists_purpose_number")
        ),
    )
    op.create_table(
        "certificates_badges",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("certificate_id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("token_digest", sa.String(length=64), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["certificate_id"],
            ["certificates_certificates.id"],
            name=op.f("fk_certificates_badges_certificate_id_certificates_certificates"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificates_badges")),
        sa.UniqueConstraint("certificate_id", name=op.f("uq_certificates_badges_certificate_id")),
        sa.UniqueConstraint("digest", name=op.f("uq_certificates_badges_digest")),
        sa.UniqueConstraint("token_digest", name=op.f("uq_certificates_badges_token_digest")),
    )
    give_places(entries)


def give_places(entries: sa.Table) -> None:
    """Draw a place for every certificate that was issued before there were lists."""
    connection = op.get_bind()
    found = sa.text("SELECT id FROM certificates_certificates ORDER BY id")
    ids = list(connection.execute(found).scalars())
    for start in range(0, len(ids), FULL):
        places = secrets.SystemRandom().sample(range(PLACES), len(ids[start:][:FULL]))
        rows = [
            {"certificate_id": one, "list_number": start // FULL + 1, "place": place}
            for one, place in zip(ids[start:][:FULL], places, strict=True)
        ]
        connection.execute(entries.insert(), rows)


def downgrade() -> None:
    op.drop_table("certificates_badges")
    op.drop_table("certificates_status_lists")
    op.drop_table("certificates_status_entries")
