"""Limits: what was taken of windows and places, and what organizations use in a day.

Revision: 0008, after 0007
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

ORGANIZATIONS = "string_to_array(NULLIF(current_setting('app.organizations', true), ''), ',')::uuid[]"
PLATFORM = "current_setting('app.platform', true) = 'on'"

# A run that an attempt begins anew counts its rows from nothing again: the difference takes back what counted before.
COUNT_USAGE = """
CREATE FUNCTION count_usage() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO usage_days AS known (organization_id, day, runs, rows)
    VALUES (NEW.organization_id, (now() AT TIME ZONE 'UTC')::date,
            (OLD.started_at IS NULL AND NEW.started_at IS NOT NULL)::int, NEW.rows_committed - OLD.rows_committed)
    ON CONFLICT (organization_id, day) DO UPDATE
       SET runs = known.runs + EXCLUDED.runs, rows = known.rows + EXCLUDED.rows;
    RETURN NULL;
END $$
"""
COUNTED = """
CREATE TRIGGER count_usage AFTER UPDATE OF started_at, rows_committed ON runs FOR EACH ROW
 WHEN (OLD.rows_committed <> NEW.rows_committed OR (OLD.started_at IS NULL AND NEW.started_at IS NOT NULL))
 EXECUTE FUNCTION count_usage()
"""


def upgrade() -> None:
    op.create_table(
        "rate_windows",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.UUID(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("taken", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "subject_id", name=op.f("pk_rate_windows")),
        prefixes=["UNLOGGED"],
    )
    op.create_table(
        "stream_servers",
        sa.Column("server", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("server", name=op.f("pk_stream_servers")),
        prefixes=["UNLOGGED"],
    )
    op.create_table(
        "stream_places",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.UUID(), nullable=False),
        sa.Column("server", sa.Text(), nullable=False),
        sa.Column("places", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "subject_id", "server", name=op.f("pk_stream_places")),
        prefixes=["UNLOGGED"],
    )
    op.create_table(
        "usage_days",
        sa.Column("organization_id", sa.UUID(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("runs", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("rows", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organizations.id"],
            name=op.f("fk_usage_days_organization_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("organization_id", "day", name=op.f("pk_usage_days")),
    )
    for table in ("rate_windows", "stream_servers", "stream_places"):
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY visible ON {table} TO thedata_app USING ({PLATFORM})")
        op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO thedata_app")
    op.execute("ALTER TABLE usage_days ENABLE ROW LEVEL SECURITY")
    rule = f"{PLATFORM} OR organization_id = ANY ({ORGANIZATIONS})"
    op.execute(f"CREATE POLICY visible ON usage_days TO thedata_app USING ({rule})")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON usage_days TO thedata_app")
    op.execute(COUNT_USAGE)
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute(COUNTED)


def downgrade() -> None:
    op.execute("DROP TRIGGER count_usage ON runs")
    op.execute("DROP FUNCTION count_usage()")
    for table in ("usage_days", "stream_places", "stream_servers", "rate_windows"):
        op.drop_table(table)
