"""The first schema: accounts, organizations, data sources, pipelines, runs, logs; row-level security and grants.

Revision: 0001
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None

# The application's role owns nothing, so that row-level security binds it. It is shared by every database of a
# cluster: two migrations may make it at the same time.
ROLE = """
DO $$ BEGIN
    CREATE ROLE thedata_app NOLOGIN;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
END $$
"""
JOIN_ROLE = "DO $$ BEGIN EXECUTE format('GRANT thedata_app TO %I', current_user); END $$"

# set_config leaves '' behind at a transaction's end, hence the NULLIFs.
PLATFORM = "current_setting('app.platform', true) = 'on'"
USER = "NULLIF(current_setting('app.user_id', true), '')::uuid"
ORGANIZATIONS = "string_to_array(NULLIF(current_setting('app.organizations', true), ''), ',')::uuid[]"

POLICIES = {
    "users": f"id = {USER} OR EXISTS (SELECT 1 FROM memberships m"
    f" WHERE m.user_id = users.id AND m.organization_id = ANY ({ORGANIZATIONS}))",
    "sessions": f"user_id = {USER}",
    "idempotency_keys": f"user_id = {USER}",
    "login_failures": "false",
    "executors": "false",
    "organizations": f"id = ANY ({ORGANIZATIONS})",
    "memberships": f"user_id = {USER} OR organization_id = ANY ({ORGANIZATIONS})",
    "organization_keys": f"organization_id = ANY ({ORGANIZATIONS})",
    "api_keys": f"organization_id = ANY ({ORGANIZATIONS})",
    "data_sources": f"organization_id = ANY ({ORGANIZATIONS})",
    "pipelines": f"organization_id = ANY ({ORGANIZATIONS})",
    "runs": f"organization_id = ANY ({ORGANIZATIONS})",
    "run_logs": f"organization_id = ANY ({ORGANIZATIONS})",
}

# As its owner, so that the application's role needs no right to create tables.
PARTITIONS = """
CREATE FUNCTION ensure_run_log_partitions() RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE
    day date;
BEGIN
    FOR offset_days IN -1..3 LOOP
        day := (now() AT TIME ZONE 'UTC')::date + offset_days;
        IF to_regclass('run_logs_' || to_char(day, 'YYYYMMDD')) IS NULL THEN
            PERFORM pg_advisory_xact_lock(hashtext('ensure_run_log_partitions'));
            EXECUTE format('CREATE TABLE IF NOT EXISTS %I PARTITION OF run_logs FOR VALUES FROM (%L) TO (%L)',
                           'run_logs_' || to_char(day, 'YYYYMMDD'), day, day + 1);
        END IF;
    END LOOP;
END $$
"""


def upgrade() -> None:
    op.create_table(
        "executors",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("host", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_executors")),
    )
    op.create_table(
        "login_failures",
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("blocked_until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("email", name=op.f("pk_login_failures")),
    )
    op.create_table(
        "organizations",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), server_default="", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organizations")),
    )
    op.create_table(
        "run_logs",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("run_id", sa.UUID(), nullable=False),
        sa.Column("writer", sa.Integer(), nullable=False),
        sa.Column("first_n", sa.BigInteger(), nullable=False),
        sa.Column("last_n", sa.BigInteger(), nullable=False),
        sa.Column("organization_id", sa.UUID(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("max_level", sa.SmallInteger(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("day", "run_id", "writer", "first_n", name=op.f("pk_run_logs")),
        postgresql_partition_by="RANGE (day)",
    )
    op.create_table(
        "users",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("full_name", sa.Text(), server_default="", nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("platform_admin", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.CheckConstraint("email = lower(email)", name=op.f("ck_users_email_lower")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_users")),
        sa.UniqueConstraint("email", name=op.f("uq_users_email")),
    )
    op.create_table(
        "api_keys",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("organization_id", sa.UUID(), nullable=False),
        sa.Column("created_by", sa.UUID(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("role", sa.SmallInteger(), nullable=False),
        sa.Column("secret_hash", sa.LargeBinary(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("role BETWEEN 1 AND 4", name=op.f("ck_api_keys_role")),
        sa.ForeignKeyConstraint(["created_by"], ["users.id"], name=op.f("fk_api_keys_created_by"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_api_keys_organization_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_keys")),
    )
    op.create_index(op.f("ix_api_keys_created_by"), "api_keys", ["created_by"], unique=False)
    op.create_index(op.f("ix_api_keys_organization_id_id"), "api_keys", ["organization_id", "id"], unique=False)
    op.create_table(
        "data_sources",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("organization_id", sa.UUID(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), server_default="", nullable=False),
        sa.Column("connector", sa.Text(), nullable=False),
        sa.Column("config", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("sealed_secrets", sa.LargeBinary(), nullable=True),
        sa.Column("secret_names", sa.ARRAY(sa.Text()), server_default="{}", nullable=False),
        sa.Column("healthy", sa.Boolean(), nullable=True),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_data_sources_organization_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_data_sources")),
        sa.UniqueConstraint("organization_id", "id", name=op.f("uq_data_sources_organization_id_id")),
        sa.UniqueConstraint("organization_id", "name", name=op.f("uq_data_sources_organization_id_name")),
    )
    op.create_table(
        "idempotency_keys",
        sa.Column("user_id", sa.UUID(), nullable=False),
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("request_id", sa.UUID(), nullable=False),
        sa.Column("fingerprint", sa.LargeBinary(), nullable=False),
        sa.Column("resource_id", sa.UUID(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_idempotency_keys_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", "method", "request_id", name=op.f("pk_idempotency_keys")),
    )
    op.create_index(op.f("ix_idempotency_keys_created_at"), "idempotency_keys", ["created_at"], unique=False)
    op.create_table(
        "memberships",
        sa.Column("organization_id", sa.UUID(), nullable=False),
        sa.Column("user_id", sa.UUID(), nullable=False),
        sa.Column("role", sa.SmallInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("role BETWEEN 1 AND 4", name=op.f("ck_memberships_role")),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_memberships_organization_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_memberships_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("organization_id", "user_id", name=op.f("pk_memberships")),
    )
    op.create_index(op.f("ix_memberships_user_id"), "memberships", ["user_id"], unique=False)
    op.create_table(
        "organization_keys",
        sa.Column("organization_id", sa.UUID(), nullable=False),
        sa.Column("master_key_id", sa.Text(), nullable=False),
        sa.Column("wrapped_key", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organizations.id"],
            name=op.f("fk_organization_keys_organization_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("organization_id", name=op.f("pk_organization_keys")),
    )
    op.create_table(
        "sessions",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("user_id", sa.UUID(), nullable=False),
        sa.Column("generation", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("refreshed_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_sessions_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sessions")),
    )
    op.create_index(op.f("ix_sessions_user_id"), "sessions", ["user_id"], unique=False)
    op.create_table(
        "pipelines",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("organization_id", sa.UUID(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), server_default="", nullable=False),
        sa.Column("source_id", sa.UUID(), nullable=False),
        sa.Column("destination_id", sa.UUID(), nullable=False),
        sa.Column("destination_namespace", sa.Text(), server_default="", nullable=False),
        sa.Column("streams", postgresql.JSONB(astext_type=sa.Text()), server_default="[]", nullable=False),
        sa.Column("verification", sa.Text(), server_default="counts", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.CheckConstraint("verification IN ('counts', 'content')", name=op.f("ck_pipelines_verification")),
        sa.ForeignKeyConstraint(
            ["organization_id", "destination_id"],
            ["data_sources.organization_id", "data_sources.id"],
            name=op.f("fk_pipelines_organization_id_destination_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "source_id"],
            ["data_sources.organization_id", "data_sources.id"],
            name=op.f("fk_pipelines_organization_id_source_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_pipelines_organization_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pipelines")),
        sa.UniqueConstraint("organization_id", "id", name=op.f("uq_pipelines_organization_id_id")),
        sa.UniqueConstraint("organization_id", "name", name=op.f("uq_pipelines_organization_id_name")),
    )
    op.create_index(op.f("ix_pipelines_destination_id"), "pipelines", ["destination_id"], unique=False)
    op.create_index(op.f("ix_pipelines_source_id"), "pipelines", ["source_id"], unique=False)
    op.create_table(
        "runs",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("organization_id", sa.UUID(), nullable=False),
        sa.Column("pipeline_id", sa.UUID(), nullable=False),
        sa.Column("state", sa.Text(), server_default="queued", nullable=False),
        sa.Column("trigger", sa.Text(), nullable=False),
        sa.Column("attempt", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("epoch", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("revision", sa.BigInteger(), server_default=sa.text("1"), nullable=False),
        sa.Column("queued_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("rows_read", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("rows_committed", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("bytes_read", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("estimated_rows", sa.BigInteger(), nullable=True),
        sa.Column("streams", postgresql.JSONB(astext_type=sa.Text()), server_default="[]", nullable=False),
        sa.Column("failure", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("plan", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("created_by", sa.UUID(), nullable=True),
        sa.CheckConstraint(
            "state IN ('queued', 'running', 'stopping', 'succeeded', 'failed', 'cancelled')", name=op.f("ck_runs_state")
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "pipeline_id"],
            ["pipelines.organization_id", "pipelines.id"],
            name=op.f("fk_runs_organization_id_pipeline_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_runs_organization_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_runs")),
    )
    op.create_index("ix_runs_organization_id_id", "runs", ["organization_id", "id"], unique=False)
    op.create_index("ix_runs_pipeline_id_id", "runs", ["pipeline_id", "id"], unique=False)
    op.create_index(
        "uq_runs_in_flight",
        "runs",
        ["pipeline_id"],
        unique=True,
        postgresql_where=sa.text("state IN ('queued', 'running', 'stopping')"),
    )

    op.execute(ROLE)
    op.execute(JOIN_ROLE)
    op.execute("GRANT USAGE ON SCHEMA public TO thedata_app")
    for table, rule in POLICIES.items():
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY visible ON {table} TO thedata_app USING ({PLATFORM} OR {rule})")
        op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO thedata_app")
    op.execute(PARTITIONS)
    op.execute("REVOKE EXECUTE ON FUNCTION ensure_run_log_partitions() FROM PUBLIC")
    op.execute("GRANT EXECUTE ON FUNCTION ensure_run_log_partitions() TO thedata_app")
    op.execute("SELECT ensure_run_log_partitions()")


def downgrade() -> None:
    op.execute("DROP FUNCTION ensure_run_log_partitions()")
    for table in POLICIES:
        op.execute(f"DROP POLICY visible ON {table}")
    op.execute("REVOKE USAGE ON SCHEMA public FROM thedata_app")
    op.drop_index(
        "uq_runs_in_flight", table_name="runs", postgresql_where=sa.text("state IN ('queued', 'running', 'stopping')")
    )
    op.drop_index("ix_runs_pipeline_id_id", table_name="runs")
    op.drop_index("ix_runs_organization_id_id", table_name="runs")
    op.drop_table("runs")
    op.drop_index(op.f("ix_pipelines_source_id"), table_name="pipelines")
    op.drop_index(op.f("ix_pipelines_destination_id"), table_name="pipelines")
    op.drop_table("pipelines")
    op.drop_index(op.f("ix_sessions_user_id"), table_name="sessions")
    op.drop_table("sessions")
    op.drop_table("organization_keys")
    op.drop_index(op.f("ix_memberships_user_id"), table_name="memberships")
    op.drop_table("memberships")
    op.drop_index(op.f("ix_idempotency_keys_created_at"), table_name="idempotency_keys")
    op.drop_table("idempotency_keys")
    op.drop_table("data_sources")
    op.drop_index(op.f("ix_api_keys_organization_id_id"), table_name="api_keys")
    op.drop_index(op.f("ix_api_keys_created_by"), table_name="api_keys")
    op.drop_table("api_keys")
    op.drop_table("users")
    op.drop_table("run_logs")
    op.drop_table("organizations")
    op.drop_table("login_failures")
    op.drop_table("executors")
