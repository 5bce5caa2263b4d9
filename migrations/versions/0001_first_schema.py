"""The first schema."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

# The audit trail is append-only in the database itself.
TRIGGERS = {
    "sqlite": [
        """CREATE TRIGGER audit_events_no_update BEFORE UPDATE ON audit_events
        BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END""",
        """CREATE TRIGGER audit_events_no_delete BEFORE DELETE ON audit_events
        BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END""",
    ],
    "postgresql": [
        """CREATE OR REPLACE FUNCTION audit_events_append_only() RETURNS trigger AS $$
        BEGIN RAISE EXCEPTION 'the audit trail is append-only'; END $$ LANGUAGE plpgsql""",
        """CREATE TRIGGER audit_events_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_events
        FOR EACH STATEMENT EXECUTE FUNCTION audit_events_append_only()""",
    ],
}


def upgrade() -> None:
    op.create_table(
        "accounts_people",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=False),
        sa.Column("time_zone", sa.String(length=60), server_default="UTC", nullable=False),
        sa.Column("language", sa.String(length=20), server_default="", nullable=False),
        sa.Column("extra_time", sa.Double(), server_default="1.0", nullable=False),
        sa.Column("extra_time_reason", sa.Text(), server_default="", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "extra_time >= 1.0 AND extra_time <= 3.0", name=op.f("ck_accounts_people_extra_time")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accounts_people")),
        sa.UniqueConstraint("email", name=op.f("uq_accounts_people_email")),
    )
    with op.batch_alter_table("accounts_people", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_accounts_people_name"), ["name"], unique=False)

    op.create_table(
        "accounts_tries",
        sa.Column("address_hash", sa.String(length=64), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("locked_until", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("address_hash", name=op.f("pk_accounts_tries")),
    )
    op.create_table(
        "packages_builds",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("source", sa.String(length=64), nullable=False),
        sa.Column("compiled_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_packages_builds")),
    )
    op.create_table(
        "accounts_invitations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("roles", sa.JSON(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=20), nullable=False),
        sa.Column("invited_by", sa.Integer(), nullable=True),
        sa.Column("token_hash", sa.String(length=64), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("accepted_by", sa.Integer(), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["accepted_by"],
            ["accounts_people.id"],
            name=op.f("fk_accounts_invitations_accepted_by_accounts_people"),
        ),
        sa.ForeignKeyConstraint(
            ["invited_by"],
            ["accounts_people.id"],
            name=op.f("fk_accounts_invitations_invited_by_accounts_people"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accounts_invitations")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_accounts_invitations_token_hash")),
    )
    with op.batch_alter_table("accounts_invitations", schema=None) as batch_op:
        batch_op.create_index(
            "uq_accounts_invitations_open_email",
            ["email"],
            unique=True,
            sqlite_where=sa.text("accepted_at IS NULL AND revoked_at IS NULL"),
            postgresql_where=sa.text("accepted_at IS NULL AND revoked_at IS NULL"),
        )

    op.create_table(
        "accounts_links",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("purpose", sa.String(length=20), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["accounts_people.id"],
            name=op.f("fk_accounts_links_person_id_accounts_people"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accounts_links")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_accounts_links_token_hash")),
    )
    with op.batch_alter_table("accounts_links", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_accounts_links_person_id"), ["person_id"], unique=False
        )

    op.create_table(
        "accounts_roles",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("granted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("granted_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["granted_by"],
            ["accounts_people.id"],
            name=op.f("fk_accounts_roles_granted_by_accounts_people"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["accounts_people.id"],
            name=op.f("fk_accounts_roles_person_id_accounts_people"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accounts_roles")),
        sa.UniqueConstraint("person_id", "role", name=op.f("uq_accounts_roles_person_id_role")),
    )
    with op.batch_alter_table("accounts_roles", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_accounts_roles_role"), ["role"], unique=False)

    op.create_table(
        "accounts_sessions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("device", sa.String(length=200), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["accounts_people.id"],
            name=op.f("fk_accounts_sessions_person_id_accounts_people"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accounts_sessions")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_accounts_sessions_token_hash")),
    )
    with op.batch_alter_table("accounts_sessions", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_accounts_sessions_person_id"), ["person_id"], unique=False
        )

    op.create_table(
        "audit_events",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("action", sa.String(length=80), nullable=False),
        sa.Column("subject", sa.String(length=120), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("after", sa.JSON(), nullable=False),
        sa.Column("previous_hash", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["actor_id"],
            ["accounts_people.id"],
            name=op.f("fk_audit_events_actor_id_accounts_people"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_events")),
        sa.UniqueConstraint("hash", name=op.f("uq_audit_events_hash")),
        sa.UniqueConstraint("previous_hash", name=op.f("uq_audit_events_previous_hash")),
    )
    with op.batch_alter_table("audit_events", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_audit_events_subject"), ["subject"], unique=False)

    op.create_table(
        "certificates_certificates",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=17), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("holder_id", sa.Integer(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("facts_digest", sa.String(length=64), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("module_slug", sa.String(length=300), nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("instrument_ref", sa.String(length=300), nullable=False),
        sa.Column("language", sa.String(length=300), nullable=False),
        sa.Column("demonstration", sa.Boolean(), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "expires_on IS NULL OR expires_on >= issued_on",
            name=op.f("ck_certificates_certificates_term"),
        ),
        sa.CheckConstraint(
            "length(code) = 17", name=op.f("ck_certificates_certificates_code_length")
        ),
        sa.ForeignKeyConstraint(
            ["holder_id"],
            ["accounts_people.id"],
            name=op.f("fk_certificates_certificates_holder_id_accounts_people"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificates_certificates")),
        sa.UniqueConstraint("code", name=op.f("uq_certificates_certificates_code")),
        sa.UniqueConstraint("subject", name=op.f("uq_certificates_certificates_subject")),
    )
    with op.batch_alter_table("certificates_certificates", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_certificates_certificates_holder_id_issued_on"),
            ["holder_id", "issued_on"],
            unique=False,
        )

    op.create_table(
        "jobs_jobs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=80), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["created_by"],
            ["accounts_people.id"],
            name=op.f("fk_jobs_jobs_created_by_accounts_people"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_jobs_jobs")),
    )
    op.create_table(
        "packages_media",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("build_digest", sa.String(length=64), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("extension", sa.String(length=8), nullable=False),
        sa.Column("media_type", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["build_digest"],
            ["packages_builds.digest"],
            name=op.f("fk_packages_media_build_digest_packages_builds"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_packages_media")),
        sa.UniqueConstraint(
            "digest", "build_digest", name=op.f("uq_packages_media_digest_build_digest")
        ),
    )
    with op.batch_alter_table("packages_media", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_packages_media_build_digest"), ["build_digest"], unique=False
        )

    op.create_table(
        "packages_packages",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=60), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["created_by"],
            ["accounts_people.id"],
            name=op.f("fk_packages_packages_created_by_accounts_people"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_packages_packages")),
        sa.UniqueConstraint("slug", name=op.f("uq_packages_packages_slug")),
    )
    op.create_table(
        "trials_trials",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("protocol_code", sa.String(length=80), nullable=False),
        sa.Column("sponsor", sa.String(length=200), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["created_by"],
            ["accounts_people.id"],
            name=op.f("fk_trials_trials_created_by_accounts_people"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trials_trials")),
        sa.UniqueConstraint("protocol_code", name=op.f("uq_trials_trials_protocol_code")),
    )
    op.create_table(
        "certificates_files",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("certificate_id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("development", sa.Boolean(), nullable=False),
        sa.Column("sealed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["certificate_id"],
            ["certificates_certificates.id"],
            name=op.f("fk_certificates_files_certificate_id_certificates_certificates"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificates_files")),
        sa.UniqueConstraint("certificate_id", name=op.f("uq_certificates_files_certificate_id")),
        sa.UniqueConstraint("digest", name=op.f("uq_certificates_files_digest")),
    )
    op.create_table(
        "certificates_withdrawals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("certificate_id", sa.Integer(), nullable=False),
        sa.Column("reason_class", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("revoked_by", sa.Integer(), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["certificate_id"],
            ["certificates_certificates.id"],
            name=op.f("fk_certificates_withdrawals_certificate_id_certificates_certificates"),
        ),
        sa.ForeignKeyConstraint(
            ["revoked_by"],
            ["accounts_people.id"],
            name=op.f("fk_certificates_withdrawals_revoked_by_accounts_people"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificates_withdrawals")),
        sa.UniqueConstraint(
            "certificate_id", name=op.f("uq_certificates_withdrawals_certificate_id")
        ),
    )
    op.create_table(
        "jobs_items",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("job_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=80), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("ready_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.Column("result", sa.JSON(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["job_id"],
            ["jobs_jobs.id"],
            name=op.f("fk_jobs_items_job_id_jobs_jobs"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_jobs_items")),
        sa.UniqueConstraint("job_id", "subject", name=op.f("uq_jobs_items_job_id_subject")),
    )
    with op.batch_alter_table("jobs_items", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_jobs_items_state_ready_at"), ["state", "ready_at"], unique=False
        )

    op.create_table(
        "packages_drafts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("source", sa.String(length=64), nullable=False),
        sa.Column("job_id", sa.Integer(), nullable=True),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["job_id"],
            ["jobs_jobs.id"],
            name=op.f("fk_packages_drafts_job_id_jobs_jobs"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["owner_id"],
            ["accounts_people.id"],
            name=op.f("fk_packages_drafts_owner_id_accounts_people"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_packages_drafts")),
    )
    with op.batch_alter_table("packages_drafts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_packages_drafts_owner_id"), ["owner_id"], unique=False)

    op.create_table(
        "packages_owners",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("package_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["package_id"],
            ["packages_packages.id"],
            name=op.f("fk_packages_owners_package_id_packages_packages"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["accounts_people.id"],
            name=op.f("fk_packages_owners_person_id_accounts_people"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_packages_owners")),
        sa.UniqueConstraint(
            "package_id", "person_id", name=op.f("uq_packages_owners_package_id_person_id")
        ),
    )
    with op.batch_alter_table("packages_owners", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_packages_owners_person_id"), ["person_id"], unique=False
        )

    op.create_table(
        "packages_releases",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("package_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.String(length=20), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("published_by", sa.Integer(), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["digest"],
            ["packages_builds.digest"],
            name=op.f("fk_packages_releases_digest_packages_builds"),
        ),
        sa.ForeignKeyConstraint(
            ["package_id"],
            ["packages_packages.id"],
            name=op.f("fk_packages_releases_package_id_packages_packages"),
        ),
        sa.ForeignKeyConstraint(
            ["published_by"],
            ["accounts_people.id"],
            name=op.f("fk_packages_releases_published_by_accounts_people"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_packages_releases")),
        sa.UniqueConstraint("digest", name=op.f("uq_packages_releases_digest")),
        sa.UniqueConstraint(
            "package_id", "version", name=op.f("uq_packages_releases_package_id_version")
        ),
    )
    op.create_table(
        "trials_coordinators",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("trial_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("added_by", sa.Integer(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_by", sa.Integer(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["added_by"],
            ["accounts_people.id"],
            name=op.f("fk_trials_coordinators_added_by_accounts_people"),
        ),
        sa.ForeignKeyConstraint(
            ["ended_by"],
            ["accounts_people.id"],
            name=op.f("fk_trials_coordinators_ended_by_accounts_people"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["accounts_people.id"],
            name=op.f("fk_trials_coordinators_person_id_accounts_people"),
        ),
        sa.ForeignKeyConstraint(
            ["trial_id"],
            ["trials_trials.id"],
            name=op.f("fk_trials_coordinators_trial_id_trials_trials"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trials_coordinators")),
    )
    with op.batch_alter_table("trials_coordinators", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_trials_coordinators_person_id"), ["person_id"], unique=False
        )
        batch_op.create_index(
            "uq_trials_coordinators_present",
            ["trial_id", "person_id"],
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )

    op.create_table(
        "trials_requirements",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("trial_id", sa.Integer(), nullable=False),
        sa.Column("module_slug", sa.String(length=80), nullable=False),
        sa.Column("level", sa.String(length=80), nullable=False),
        sa.Column("instrument", sa.String(length=120), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.Column("added_by", sa.Integer(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_by", sa.Integer(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["added_by"],
            ["accounts_people.id"],
            name=op.f("fk_trials_requirements_added_by_accounts_people"),
        ),
        sa.ForeignKeyConstraint(
            ["ended_by"],
            ["accounts_people.id"],
            name=op.f("fk_trials_requirements_ended_by_accounts_people"),
        ),
        sa.ForeignKeyConstraint(
            ["trial_id"],
            ["trials_trials.id"],
            name=op.f("fk_trials_requirements_trial_id_trials_trials"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trials_requirements")),
    )
    with op.batch_alter_table("trials_requirements", schema=None) as batch_op:
        batch_op.create_index(
            "uq_trials_requirements_present",
            ["trial_id", "module_slug"],
            unique=True,
            sqlite_where=sa.text("until_on IS NULL"),
            postgresql_where=sa.text("until_on IS NULL"),
        )

    op.create_table(
        "trials_roster_uploads",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("trial_id", sa.Integer(), nullable=False),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("encoding", sa.String(length=20), nullable=False),
        sa.Column("adds_sites", sa.Boolean(), nullable=False),
        sa.Column("uploaded_by", sa.Integer(), nullable=False),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["trial_id"],
            ["trials_trials.id"],
            name=op.f("fk_trials_roster_uploads_trial_id_trials_trials"),
        ),
        sa.ForeignKeyConstraint(
            ["uploaded_by"],
            ["accounts_people.id"],
            name=op.f("fk_trials_roster_uploads_uploaded_by_accounts_people"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trials_roster_uploads")),
    )
    with op.batch_alter_table("trials_roster_uploads", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_trials_roster_uploads_trial_id"), ["trial_id"], unique=False
        )

    op.create_table(
        "trials_sites",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("trial_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("country", sa.String(length=80), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["trial_id"], ["trials_trials.id"], name=op.f("fk_trials_sites_trial_id_trials_trials")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trials_sites")),
        sa.UniqueConstraint("trial_id", "number", name=op.f("uq_trials_sites_trial_id_number")),
    )
    op.create_table(
        "trials_states",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("trial_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("set_by", sa.Integer(), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["set_by"], ["accounts_people.id"], name=op.f("fk_trials_states_set_by_accounts_people")
        ),
        sa.ForeignKeyConstraint(
            ["trial_id"], ["trials_trials.id"], name=op.f("fk_trials_states_trial_id_trials_trials")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trials_states")),
        sa.UniqueConstraint("trial_id", "number", name=op.f("uq_trials_states_trial_id_number")),
    )
    op.create_table(
        "modules_enrolments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("package_slug", sa.String(length=80), nullable=False),
        sa.Column("release_id", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("enrolled_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["accounts_people.id"],
            name=op.f("fk_modules_enrolments_person_id_accounts_people"),
        ),
        sa.ForeignKeyConstraint(
            ["release_id"],
            ["packages_releases.id"],
            name=op.f("fk_modules_enrolments_release_id_packages_releases"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_modules_enrolments")),
        sa.UniqueConstraint(
            "person_id",
            "package_slug",
            "round",
            name=op.f("uq_modules_enrolments_person_id_package_slug_round"),
        ),
    )
    with op.batch_alter_table("modules_enrolments", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_modules_enrolments_enrolled_at"), ["enrolled_at"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_modules_enrolments_package_slug_enrolled_at"),
            ["package_slug", "enrolled_at"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_modules_enrolments_release_id"), ["release_id"], unique=False
        )

    op.create_table(
        "packages_draft_ends",
        sa.Column("draft_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("ended_by", sa.Integer(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "kind IN ('published', 'withdrawn')", name=op.f("ck_packages_draft_ends_kind")
        ),
        sa.ForeignKeyConstraint(
            ["draft_id"],
            ["packages_drafts.id"],
            name=op.f("fk_packages_draft_ends_draft_id_packages_drafts"),
        ),
        sa.ForeignKeyConstraint(
            ["ended_by"],
            ["accounts_people.id"],
            name=op.f("fk_packages_draft_ends_ended_by_accounts_people"),
        ),
        sa.PrimaryKeyConstraint("draft_id", name=op.f("pk_packages_draft_ends")),
    )
    op.create_table(
        "packages_draft_reports",
        sa.Column("draft_id", sa.Integer(), nullable=False),
        sa.Column("findings", sa.JSON(), nullable=False),
        sa.Column("build_digest", sa.String(length=64), nullable=True),
        sa.Column("slug", sa.String(length=60), nullable=False),
        sa.Column("version", sa.String(length=20), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("seconds", sa.Double(), nullable=False),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["build_digest"],
            ["packages_builds.digest"],
            name=op.f("fk_packages_draft_reports_build_digest_packages_builds"),
        ),
        sa.ForeignKeyConstraint(
            ["draft_id"],
            ["packages_drafts.id"],
            name=op.f("fk_packages_draft_reports_draft_id_packages_drafts"),
        ),
        sa.PrimaryKeyConstraint("draft_id", name=op.f("pk_packages_draft_reports")),
    )
    with op.batch_alter_table("packages_draft_reports", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_packages_draft_reports_slug"), ["slug"], unique=False)

    op.create_table(
        "trials_raters",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("trial_id", sa.Integer(), nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("role", sa.String(length=80), nullable=False),
        sa.Column("language", sa.String(length=35), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("to_on", sa.Date(), nullable=True),
        sa.Column("added_by", sa.Integer(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_by", sa.Integer(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("end_reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["added_by"],
            ["accounts_people.id"],
            name=op.f("fk_trials_raters_added_by_accounts_people"),
        ),
        sa.ForeignKeyConstraint(
            ["ended_by"],
            ["accounts_people.id"],
            name=op.f("fk_trials_raters_ended_by_accounts_people"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["accounts_people.id"],
            name=op.f("fk_trials_raters_person_id_accounts_people"),
        ),
        sa.ForeignKeyConstraint(
            ["site_id"], ["trials_sites.id"], name=op.f("fk_trials_raters_site_id_trials_sites")
        ),
        sa.ForeignKeyConstraint(
            ["trial_id"], ["trials_trials.id"], name=op.f("fk_trials_raters_trial_id_trials_trials")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trials_raters")),
    )
    with op.batch_alter_table("trials_raters", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_trials_raters_email"), ["email"], unique=False)
        batch_op.create_index(batch_op.f("ix_trials_raters_person_id"), ["person_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_trials_raters_trial_id_from_on"), ["trial_id", "from_on"], unique=False
        )
        batch_op.create_index(
            "uq_trials_raters_present",
            ["trial_id", "email"],
            unique=True,
            sqlite_where=sa.text("to_on IS NULL"),
            postgresql_where=sa.text("to_on IS NULL"),
        )

    op.create_table(
        "trials_roster_applications",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("upload_id", sa.Integer(), nullable=False),
        sa.Column("job_id", sa.Integer(), nullable=True),
        sa.Column("verdicts", sa.JSON(), nullable=False),
        sa.Column("applied_by", sa.Integer(), nullable=False),
        sa.Column("applied_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["applied_by"],
            ["accounts_people.id"],
            name=op.f("fk_trials_roster_applications_applied_by_accounts_people"),
        ),
        sa.ForeignKeyConstraint(
            ["upload_id"],
            ["trials_roster_uploads.id"],
            name=op.f("fk_trials_roster_applications_upload_id_trials_roster_uploads"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trials_roster_applications")),
        sa.UniqueConstraint("upload_id", name=op.f("uq_trials_roster_applications_upload_id")),
    )
    op.create_table(
        "modules_attempts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("enrolment_id", sa.Integer(), nullable=False),
        sa.Column("step_key", sa.String(length=80), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("seed", sa.BigInteger(), nullable=False),
        sa.Column("drawn", sa.JSON(), nullable=False),
        sa.Column("form", sa.String(length=80), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["enrolment_id"],
            ["modules_enrolments.id"],
            name=op.f("fk_modules_attempts_enrolment_id_modules_enrolments"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_modules_attempts")),
        sa.UniqueConstraint(
            "enrolment_id",
            "step_key",
            "number",
            name=op.f("uq_modules_attempts_enrolment_id_step_key_number"),
        ),
    )
    op.create_table(
        "modules_evidence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("enrolment_id", sa.Integer(), nullable=False),
        sa.Column("step_key", sa.String(length=80), nullable=False),
        sa.Column("cycle", sa.Integer(), nullable=False),
        sa.Column("seen", sa.JSON(), nullable=False),
        sa.Column("position", sa.Double(), nullable=False),
        sa.Column("first_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["enrolment_id"],
            ["modules_enrolments.id"],
            name=op.f("fk_modules_evidence_enrolment_id_modules_enrolments"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_modules_evidence")),
        sa.UniqueConstraint(
            "enrolment_id",
            "step_key",
            "cycle",
            name=op.f("uq_modules_evidence_enrolment_id_step_key_cycle"),
        ),
    )
    op.create_table(
        "modules_further_tries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("enrolment_id", sa.Integer(), nullable=False),
        sa.Column("step_key", sa.String(length=80), nullable=False),
        sa.Column("allowed_by", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("allowed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["allowed_by"],
            ["accounts_people.id"],
            name=op.f("fk_modules_further_tries_allowed_by_accounts_people"),
        ),
        sa.ForeignKeyConstraint(
            ["enrolment_id"],
            ["modules_enrolments.id"],
            name=op.f("fk_modules_further_tries_enrolment_id_modules_enrolments"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_modules_further_tries")),
    )
    with op.batch_alter_table("modules_further_tries", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_modules_further_tries_enrolment_id"), ["enrolment_id"], unique=False
        )

    op.create_table(
        "modules_qualifications",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("enrolment_id", sa.Integer(), nullable=False),
        sa.Column("certificate_id", sa.Integer(), nullable=False),
        sa.Column("qualified_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["certificate_id"],
            ["certificates_certificates.id"],
            name=op.f("fk_modules_qualifications_certificate_id_certificates_certificates"),
        ),
        sa.ForeignKeyConstraint(
            ["enrolment_id"],
            ["modules_enrolments.id"],
            name=op.f("fk_modules_qualifications_enrolment_id_modules_enrolments"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_modules_qualifications")),
        sa.UniqueConstraint(
            "certificate_id", name=op.f("uq_modules_qualifications_certificate_id")
        ),
        sa.UniqueConstraint("enrolment_id", name=op.f("uq_modules_qualifications_enrolment_id")),
    )
    with op.batch_alter_table("modules_qualifications", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_modules_qualifications_qualified_at"), ["qualified_at"], unique=False
        )

    op.create_table(
        "modules_answers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("attempt_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("value", sa.JSON(), nullable=False),
        sa.Column("first_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["attempt_id"],
            ["modules_attempts.id"],
            name=op.f("fk_modules_answers_attempt_id_modules_attempts"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_modules_answers")),
        sa.UniqueConstraint("attempt_id", "key", name=op.f("uq_modules_answers_attempt_id_key")),
    )
    op.create_table(
        "modules_results",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("attempt_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("passed", sa.Boolean(), nullable=False),
        sa.Column("reached", sa.Integer(), nullable=False),
        sa.Column("required", sa.Integer(), nullable=False),
        sa.Column("of", sa.Integer(), nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.Column("marked_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["attempt_id"],
            ["modules_attempts.id"],
            name=op.f("fk_modules_results_attempt_id_modules_attempts"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_modules_results")),
        sa.UniqueConstraint(
            "attempt_id", "version", name=op.f("uq_modules_results_attempt_id_version")
        ),
    )
    op.create_table(
        "modules_submissions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("attempt_id", sa.Integer(), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("late", sa.Boolean(), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["attempt_id"],
            ["modules_attempts.id"],
            name=op.f("fk_modules_submissions_attempt_id_modules_attempts"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_modules_submissions")),
        sa.UniqueConstraint("attempt_id", name=op.f("uq_modules_submissions_attempt_id")),
    )

    for statement in TRIGGERS.get(op.get_bind().dialect.name, ()):
        op.execute(statement)


def downgrade() -> None:
    op.drop_table("modules_submissions")
    op.drop_table("modules_results")
    op.drop_table("modules_answers")
    with op.batch_alter_table("modules_qualifications", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_modules_qualifications_qualified_at"))

    op.drop_table("modules_qualifications")
    with op.batch_alter_table("modules_further_tries", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_modules_further_tries_enrolment_id"))

    op.drop_table("modules_further_tries")
    op.drop_table("modules_evidence")
    op.drop_table("modules_attempts")
    op.drop_table("trials_roster_applications")
    with op.batch_alter_table("trials_raters", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_trials_raters_present",
            sqlite_where=sa.text("to_on IS NULL"),
            postgresql_where=sa.text("to_on IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_trials_raters_trial_id_from_on"))
        batch_op.drop_index(batch_op.f("ix_trials_raters_person_id"))
        batch_op.drop_index(batch_op.f("ix_trials_raters_email"))

    op.drop_table("trials_raters")
    with op.batch_alter_table("packages_draft_reports", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_packages_draft_reports_slug"))

    op.drop_table("packages_draft_reports")
    op.drop_table("packages_draft_ends")
    with op.batch_alter_table("modules_enrolments", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_modules_enrolments_release_id"))
        batch_op.drop_index(batch_op.f("ix_modules_enrolments_package_slug_enrolled_at"))
        batch_op.drop_index(batch_op.f("ix_modules_enrolments_enrolled_at"))

    op.drop_table("modules_enrolments")
    op.drop_table("trials_states")
    op.drop_table("trials_sites")
    with op.batch_alter_table("trials_roster_uploads", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_trials_roster_uploads_trial_id"))

    op.drop_table("trials_roster_uploads")
    with op.batch_alter_table("trials_requirements", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_trials_requirements_present",
            sqlite_where=sa.text("until_on IS NULL"),
            postgresql_where=sa.text("until_on IS NULL"),
        )

    op.drop_table("trials_requirements")
    with op.batch_alter_table("trials_coordinators", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_trials_coordinators_present",
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_trials_coordinators_person_id"))

    op.drop_table("trials_coordinators")
    op.drop_table("packages_releases")
    with op.batch_alter_table("packages_owners", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_packages_owners_person_id"))

    op.drop_table("packages_owners")
    with op.batch_alter_table("packages_drafts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_packages_drafts_owner_id"))

    op.drop_table("packages_drafts")
    with op.batch_alter_table("jobs_items", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_jobs_items_state_ready_at"))

    op.drop_table("jobs_items")
    op.drop_table("certificates_withdrawals")
    op.drop_table("certificates_files")
    op.drop_table("trials_trials")
    op.drop_table("packages_packages")
    with op.batch_alter_table("packages_media", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_packages_media_build_digest"))

    op.drop_table("packages_media")
    op.drop_table("jobs_jobs")
    with op.batch_alter_table("certificates_certificates", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_certificates_certificates_holder_id_issued_on"))

    op.drop_table("certificates_certificates")
    with op.batch_alter_table("audit_events", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_audit_events_subject"))

    op.drop_table("audit_events")
    with op.batch_alter_table("accounts_sessions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_accounts_sessions_person_id"))

    op.drop_table("accounts_sessions")
    with op.batch_alter_table("accounts_roles", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_accounts_roles_role"))

    op.drop_table("accounts_roles")
    with op.batch_alter_table("accounts_links", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_accounts_links_person_id"))

    op.drop_table("accounts_links")
    with op.batch_alter_table("accounts_invitations", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_accounts_invitations_open_email",
            sqlite_where=sa.text("accepted_at IS NULL AND revoked_at IS NULL"),
            postgresql_where=sa.text("accepted_at IS NULL AND revoked_at IS NULL"),
        )

    op.drop_table("accounts_invitations")
    op.drop_table("packages_builds")
    op.drop_table("accounts_tries")
    with op.batch_alter_table("accounts_people", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_accounts_people_name"))

    op.drop_table("accounts_people")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION audit_events_append_only()")
