"""What becomes of streams: checkpoints, receipts, schema changes, rejected rows.

Revision: 0002, after 0001
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"

ORGANIZATIONS = "string_to_array(NULLIF(current_setting('app.organizations', true), ''), ',')::uuid[]"
PLATFORM = "current_setting('app.platform', true) = 'on'"
TABLES = ("checkpoints", "rejected_rows", "schema_changes", "stream_receipts")


def upgrade() -> None:
    op.create_table(
        "checkpoints",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("organization_id", sa.UUID(), nullable=False),
        sa.Column("pipeline_id", sa.UUID(), nullable=False),
        sa.Column("namespace", sa.Text(), nullable=False),
        sa.Column("stream", sa.Text(), nullable=False),
        sa.Column("cursor", sa.Text(), nullable=True),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=True),
        sa.Column("run_id", sa.UUID(), nullable=True),
        sa.Column("rows_committed", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("origin IN ('run', 'reset', 'rewind')", name=op.f("ck_checkpoints_origin")),
        sa.ForeignKeyConstraint(
            ["organization_id", "pipeline_id"],
            ["pipelines.organization_id", "pipelines.id"],
            name=op.f("fk_checkpoints_organization_id_pipeline_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_checkpoints")),
    )
    op.create_index("ix_checkpoints_pipeline_id_id", "checkpoints", ["pipeline_id", "id"], unique=False)
    op.create_index(
        "uq_checkpoints_version",
        "checkpoints",
        ["pipeline_id", "namespace", "stream", "version"],
        unique=True,
        postgresql_where=sa.text("version IS NOT NULL"),
    )
    op.create_table(
        "rejected_rows",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("organization_id", sa.UUID(), nullable=False),
        sa.Column("pipeline_id", sa.UUID(), nullable=False),
        sa.Column("namespace", sa.Text(), nullable=False),
        sa.Column("stream", sa.Text(), nullable=False),
        sa.Column("run_id", sa.UUID(), nullable=False),
        sa.Column("chunk", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("row_number", sa.BigInteger(), nullable=False),
        sa.Column("column_name", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("replayable", sa.Boolean(), nullable=False),
        sa.Column("replay_run_id", sa.UUID(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id", "pipeline_id"],
            ["pipelines.organization_id", "pipelines.id"],
            name=op.f("fk_rejected_rows_organization_id_pipeline_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rejected_rows")),
        sa.UniqueConstraint("run_id", "namespace", "stream", "chunk", "number", name="uq_rejected_rows_place"),
    )
    op.create_index("ix_rejected_rows_pipeline_id_id", "rejected_rows", ["pipeline_id", "id"], unique=False)
    op.create_table(
        "schema_changes",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("organization_id", sa.UUID(), nullable=False),
        sa.Column("pipeline_id", sa.UUID(), nullable=False),
        sa.Column("namespace", sa.Text(), nullable=False),
        sa.Column("stream", sa.Text(), nullable=False),
        sa.Column("run_id", sa.UUID(), nullable=False),
        sa.Column("changes", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id", "pipeline_id"],
            ["pipelines.organization_id", "pipelines.id"],
            name=op.f("fk_schema_changes_organization_id_pipeline_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_schema_changes")),
    )
    op.create_index("ix_schema_changes_pipeline_id_id", "schema_changes", ["pipeline_id", "id"], unique=False)
    op.create_table(
        "stream_receipts",
        sa.Column("run_id", sa.UUID(), nullable=False),
        sa.Column("namespace", sa.Text(), nullable=False),
        sa.Column("stream", sa.Text(), nullable=False),
        sa.Column("organization_id", sa.UUID(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("receipt", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name=op.f("fk_stream_receipts_run_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("run_id", "namespace", "stream", name=op.f("pk_stream_receipts")),
    )
    op.add_column("runs", sa.Column("rows_rejected", sa.BigInteger(), server_default=sa.text("0"), nullable=False))
    op.execute("ALTER TABLE pipelines ALTER verification SET DEFAULT 'content'")
    op.execute("ALTER TABLE pipelines DROP CONSTRAINT ck_pipelines_verification")
    # Checked in a step of its own, which does not keep others from writing.
    op.execute(
        "ALTER TABLE pipelines ADD CONSTRAINT ck_pipelines_verification"
        " CHECK (verification IN ('none', 'counts', 'content')) NOT VALID"
    )
    op.execute("ALTER TABLE pipelines VALIDATE CONSTRAINT ck_pipelines_verification")
    for table in TABLES:
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        rule = f"{PLATFORM} OR organization_id = ANY ({ORGANIZATIONS})"
        op.execute(f"CREATE POLICY visible ON {table} TO thedata_app USING ({rule})")
        op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO thedata_app")


def downgrade() -> None:
    # Without the new level the nearest one that is stricter.
    op.execute("UPDATE pipelines SET verification = 'counts' WHERE verification = 'none'")
    op.execute("ALTER TABLE pipelines DROP CONSTRAINT ck_pipelines_verification")
    op.execute(
        "ALTER TABLE pipelines ADD CONSTRAINT ck_pipelines_verification CHECK (verification IN ('counts', 'content'))"
    )
    op.execute("ALTER TABLE pipelines ALTER verification SET DEFAULT 'counts'")
    op.drop_column("runs", "rows_rejected")
    op.drop_table("stream_receipts")
    op.drop_index("ix_schema_changes_pipeline_id_id", table_name="schema_changes")
    op.drop_table("schema_changes")
    op.drop_index("ix_rejected_rows_pipeline_id_id", table_name="rejected_rows")
    op.drop_table("rejected_rows")
    op.drop_index("uq_checkpoints_version", table_name="checkpoints", postgresql_where=sa.text("version IS NOT NULL"))
    op.drop_index("ix_checkpoints_pipeline_id_id", table_name="checkpoints")
    op.drop_table("checkpoints")
