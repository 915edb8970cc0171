"""Configurations that change while the platform runs; what workers tell of themselves.

Revision: 0005, after 0004
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"

ORGANIZATIONS = "string_to_array(NULLIF(current_setting('app.organizations', true), ''), ',')::uuid[]"
PLATFORM = "current_setting('app.platform', true) = 'on'"


def upgrade() -> None:
    op.create_table(
        "configurations",
        # No foreign key: the platform's own have the organization of zeros.
        sa.Column("organization_id", sa.UUID(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("content", postgresql.JSONB(), nullable=False),
        sa.Column("sealed_secrets", sa.LargeBinary(), nullable=True),
        sa.Column("user_id", sa.UUID(), nullable=True),
        sa.Column("rolled_back_to", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("kind IN ('system', 'metrics', 'alerts')", name=op.f("ck_configurations_kind")),
        sa.PrimaryKeyConstraint("organization_id", "kind", "version", name=op.f("pk_configurations")),
    )
    rule = f"{PLATFORM} OR organization_id = ANY ({ORGANIZATIONS})"
    op.execute("ALTER TABLE configurations ENABLE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY visible ON configurations TO thedata_app USING ({rule})")
    # A version is never changed; an organization that is deleted takes its own along.
    op.execute("GRANT SELECT, INSERT, DELETE ON configurations TO thedata_app")
    op.add_column("executors", sa.Column("version", sa.Text(), server_default="", nullable=False))
    op.add_column("executors", sa.Column("carried", sa.Integer(), server_default=sa.text("0"), nullable=False))
    op.add_column("executors", sa.Column("concurrency", sa.Integer(), server_default=sa.text("0"), nullable=False))


def downgrade() -> None:
    for column in ("concurrency", "carried", "version"):
        op.drop_column("executors", column)
    op.drop_table("configurations")
