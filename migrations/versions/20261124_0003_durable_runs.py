"""Durable runs: schedules, leases, attempts, partitions, and the order of changes.

Revision: 0003, after 0002
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"

ORGANIZATIONS = "string_to_array(NULLIF(current_setting('app.organizations', true), ''), ',')::uuid[]"
PLATFORM = "current_setting('app.platform', true) = 'on'"
TABLES = ("pipeline_changes", "change_counters", "run_partitions")
# The application may drop days of the log, and nothing else. Whoever reads makes it wait a moment, not for ever.
DROP_DAY = """
CREATE FUNCTION drop_run_log_partition(day date) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp SET lock_timeout = '2s' AS $$
BEGIN
    EXECUTE format('DROP TABLE IF EXISTS %I', 'run_logs_' || to_char(day, 'YYYYMMDD'));
END $$
"""
TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    for column in (
        sa.Column("schedule", postgresql.JSONB(), nullable=True),
        sa.Column("after_pipeline_id", sa.UUID(), nullable=True),
        sa.Column("retry_policy", postgresql.JSONB(), nullable=True),
        sa.Column("timeout_seconds", sa.Float(), nullable=True),
        sa.Column("priority", sa.SmallInteger(), server_default=sa.text("2"), nullable=False),
        sa.Column("paused", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("next_run_at", TIME, nullable=True),
        sa.Column("wanted", postgresql.JSONB(), nullable=True),
        sa.Column("webhook_secret", sa.LargeBinary(), nullable=True),
    ):
        op.add_column("pipelines", column)
    op.create_check_constraint(op.f("ck_pipelines_priority"), "pipelines", "priority BETWEEN 1 AND 3")
    op.create_index("ix_pipelines_after_pipeline_id", "pipelines", ["after_pipeline_id"])
    op.create_index(
        "ix_pipelines_next_run_at",
        "pipelines",
        ["next_run_at"],
        postgresql_where=sa.text("next_run_at IS NOT NULL AND NOT paused"),
    )
    op.create_index(
        "ix_pipelines_wanted", "pipelines", ["id"], postgresql_where=sa.text("wanted IS NOT NULL AND NOT paused")
    )
    for column in (
        sa.Column("priority", sa.SmallInteger(), server_default=sa.text("2"), nullable=False),
        sa.Column("available_at", TIME, server_default=sa.text("now()"), nullable=False),
        sa.Column("executor_id", sa.Text(), nullable=True),
        sa.Column("attempts", postgresql.JSONB(), server_default="[]", nullable=False),
        sa.Column("progress_at", TIME, nullable=True),
        sa.Column("deadline_at", TIME, nullable=True),
        sa.Column("schedule_time", TIME, nullable=True),
        sa.Column("occurrence", sa.Text(), nullable=True),
    ):
        op.add_column("runs", column)
    op.create_index(
        "uq_runs_occurrence",
        "runs",
        ["pipeline_id", "occurrence"],
        unique=True,
        postgresql_where=sa.text("occurrence IS NOT NULL"),
    )
    op.create_index("ix_runs_queue", "runs", ["priority", "queued_at"], postgresql_where=sa.text("state = 'queued'"))
    op.create_index(
        "ix_runs_carried_out",
        "runs",
        ["organization_id", "executor_id"],
        postgresql_where=sa.text("state IN ('running', 'stopping')"),
    )
    op.create_table(
        "run_partitions",
        sa.Column("run_id", sa.UUID(), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("stream", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("organization_id", sa.UUID(), nullable=False),
        sa.Column("state", sa.Text(), server_default="queued", nullable=False),
        sa.Column("priority", sa.SmallInteger(), server_default=sa.text("2"), nullable=False),
        sa.Column("queued_at", TIME, server_default=sa.text("now()"), nullable=False),
        sa.Column("executor_id", sa.Text(), nullable=True),
        sa.Column("work", postgresql.JSONB(), nullable=False),
        sa.Column("result", postgresql.JSONB(), nullable=True),
        sa.Column("failure", postgresql.JSONB(), nullable=True),
        sa.CheckConstraint("state IN ('queued', 'running', 'done', 'failed')", name=op.f("ck_run_partitions_state")),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name=op.f("fk_run_partitions_run_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("run_id", "epoch", "stream", "number", name=op.f("pk_run_partitions")),
    )
    op.create_index(
        "ix_run_partitions_queue",
        "run_partitions",
        ["priority", "queued_at"],
        postgresql_where=sa.text("state = 'queued'"),
    )
    op.create_index(
        "ix_run_partitions_carried_out",
        "run_partitions",
        ["organization_id", "executor_id"],
        postgresql_where=sa.text("state = 'running'"),
    )
    op.execute("CREATE SEQUENCE run_log_order")
    op.execute("GRANT USAGE ON SEQUENCE run_log_order TO thedata_app")
    op.add_column("run_logs", sa.Column("attempt", sa.Integer(), server_default=sa.text("0"), nullable=False))
    op.add_column("run_logs", sa.Column("worker", sa.Text(), server_default="", nullable=False))
    op.add_column("run_logs", sa.Column("position", sa.BigInteger(), server_default=sa.text("0"), nullable=False))
    # What was there keeps the order in which it was written.
    op.execute("UPDATE run_logs SET attempt = writer, position = first_n")
    op.execute("SELECT setval('run_log_order', coalesce((SELECT max(position) FROM run_logs), 0) + 1)")
    op.alter_column("run_logs", "position", server_default=sa.text("nextval('run_log_order')"))
    op.create_table(
        "pipeline_changes",
        sa.Column("pipeline_id", sa.UUID(), nullable=False),
        sa.Column("organization_id", sa.UUID(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("deleted", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("changed_at", TIME, server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organizations.id"],
            name=op.f("fk_pipeline_changes_organization_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("pipeline_id", name=op.f("pk_pipeline_changes")),
    )
    op.create_index("ix_pipeline_changes_organization_id_number", "pipeline_changes", ["organization_id", "number"])
    op.create_table(
        "change_counters",
        sa.Column("organization_id", sa.UUID(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organizations.id"],
            name=op.f("fk_change_counters_organization_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("organization_id", name=op.f("pk_change_counters")),
    )
    op.execute(DROP_DAY)
    op.execute("REVOKE EXECUTE ON FUNCTION drop_run_log_partition(date) FROM PUBLIC")
    op.execute("GRANT EXECUTE ON FUNCTION drop_run_log_partition(date) TO thedata_app")
    for table in TABLES:
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        rule = f"{PLATFORM} OR organization_id = ANY ({ORGANIZATIONS})"
        op.execute(f"CREATE POLICY visible ON {table} TO thedata_app USING ({rule})")
        op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO thedata_app")


def downgrade() -> None:
    op.execute("DROP FUNCTION drop_run_log_partition(date)")
    op.drop_table("change_counters")
    op.drop_table("pipeline_changes")
    for column in ("position", "worker", "attempt"):
        op.drop_column("run_logs", column)
    op.execute("DROP SEQUENCE run_log_order")
    op.drop_table("run_partitions")
    for column in (
        "occurrence",
        "schedule_time",
        "deadline_at",
        "progress_at",
        "attempts",
        "executor_id",
        "available_at",
        "priority",
    ):
        op.drop_column("runs", column)
    for column in (
        "webhook_secret",
        "wanted",
        "next_run_at",
        "paused",
        "priority",
        "timeout_seconds",
        "retry_policy",
        "after_pipeline_id",
        "schedule",
    ):
        op.drop_column("pipelines", column)
