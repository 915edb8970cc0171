"""Analytics: batches that were taken in, producers, quarantine, realtime views, and leases.

Revision: 0004, after 0003
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"

ORGANIZATIONS = "string_to_array(NULLIF(current_setting('app.organizations', true), ''), ',')::uuid[]"
PLATFORM = "current_setting('app.platform', true) = 'on'"
TABLES = ("ingest_batches", "ingest_heads", "producers", "rejected_items", "realtime_views", "projections")
TIME = sa.DateTime(timezone=True)


def _organization(table: str) -> tuple[sa.Column[object], sa.ForeignKeyConstraint]:
    return (
        sa.Column("organization_id", sa.UUID(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f(f"fk_{table}_organization_id"), ondelete="CASCADE"
        ),
    )


def upgrade() -> None:
    op.create_table(
        "leases",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("holder", sa.Text(), nullable=False),
        sa.Column("expires_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_leases")),
    )
    op.create_table(
        "ingest_batches",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        # No foreign key: the platform's own have the organization of zeros.
        sa.Column("organization_id", sa.UUID(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("token", sa.Text(), nullable=True),
        sa.Column("items", sa.BigInteger(), nullable=False),
        sa.Column("accepted", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("rejected", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("duplicates", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        # Its place in the order of commits; NULL: it is not known to be in the store.
        sa.Column("version", sa.BigInteger(), nullable=True),
        # The group of batches with which it was gathered into the roll-ups.
        sa.Column("gathered", sa.BigInteger(), nullable=True),
        sa.Column("gathered_at", TIME, nullable=True),
        sa.Column("created_at", TIME, server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("kind IN ('events', 'metrics')", name=op.f("ck_ingest_batches_kind")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ingest_batches")),
        sa.UniqueConstraint("organization_id", "kind", "token", name="uq_ingest_batches_token"),
    )
    op.create_index("ix_ingest_batches_version", "ingest_batches", ["organization_id", "kind", "version"], unique=True)
    op.create_index(
        "ix_ingest_batches_reserved", "ingest_batches", ["created_at"], postgresql_where=sa.text("version IS NULL")
    )
    op.create_index(
        "ix_ingest_batches_to_gather",
        "ingest_batches",
        ["id"],
        postgresql_where=sa.text("kind = 'metrics' AND version IS NOT NULL AND gathered_at IS NULL"),
    )
    op.create_table(
        "ingest_heads",
        sa.Column("organization_id", sa.UUID(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("organization_id", "kind", name=op.f("pk_ingest_heads")),
    )
    op.create_table(
        "producers",
        *_organization("producers"),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("durable_sequence", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", TIME, server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("organization_id", "name", name=op.f("pk_producers")),
    )
    op.create_table(
        "rejected_items",
        sa.Column("id", sa.UUID(), nullable=False),
        *_organization("rejected_items"),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("producer", sa.Text(), nullable=False),
        sa.Column("index", sa.BigInteger(), nullable=False),
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("created_at", TIME, server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rejected_items")),
    )
    op.create_index("ix_rejected_items_organization_id_id", "rejected_items", ["organization_id", "id"])
    op.create_index("ix_rejected_items_created_at", "rejected_items", ["created_at"])
    op.create_table(
        "realtime_views",
        sa.Column("id", sa.UUID(), nullable=False),
        *_organization("realtime_views"),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("definition", postgresql.JSONB(), nullable=False),
        # Rises whenever the view begins again from what is there.
        sa.Column("generation", sa.Integer(), server_default=sa.text("1"), nullable=False),
        # The versions of its source up to which it is, and to which it is on its way.
        sa.Column("applied", sa.BigInteger(), nullable=True),
        sa.Column("applying", sa.BigInteger(), nullable=True),
        sa.Column("built_in", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("created_at", TIME, server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", TIME, server_default=sa.text("now()"), nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_realtime_views")),
        sa.UniqueConstraint("organization_id", "name", name="uq_realtime_views_name"),
    )
    op.create_table(
        "projections",
        *_organization("projections"),
        # What is on its way into the analytics store; NULL: nothing is.
        sa.Column("frozen", postgresql.JSONB(), nullable=True),
        sa.PrimaryKeyConstraint("organization_id", name=op.f("pk_projections")),
    )
    # Without a value for the runs that are there, the index is made without a look at more than their number, and they
    # are not told before `analytics rebuild` says so.
    op.add_column("runs", sa.Column("told_revision", sa.BigInteger(), nullable=True))
    op.alter_column("runs", "told_revision", server_default=sa.text("0"))
    op.add_column("runs", sa.Column("told", postgresql.JSONB(), server_default="{}", nullable=False))
    op.create_index("ix_runs_untold", "runs", ["organization_id"], postgresql_where=sa.text("told_revision < revision"))
    for table in TABLES:
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        rule = f"{PLATFORM} OR organization_id = ANY ({ORGANIZATIONS})"
        op.execute(f"CREATE POLICY visible ON {table} TO thedata_app USING ({rule})")
        op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO thedata_app")
    op.execute("ALTER TABLE leases ENABLE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY visible ON leases TO thedata_app USING ({PLATFORM})")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON leases TO thedata_app")


def downgrade() -> None:
    op.drop_index("ix_runs_untold", table_name="runs")
    op.drop_column("runs", "told")
    op.drop_column("runs", "told_revision")
    for table in (*reversed(TABLES), "leases"):
        op.drop_table(table)
