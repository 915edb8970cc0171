"""The audit: what was changed, written by triggers in the transaction of the change; what was denied.

Revision: 0007, after 0006
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0007"
down_revision = "0006"

ORGANIZATIONS = "string_to_array(NULLIF(current_setting('app.organizations', true), ''), ',')::uuid[]"
PLATFORM = "current_setting('app.platform', true) = 'on'"
TIME = sa.DateTime(timezone=True)

# An entry gets its number at the commit, under a shared lock that ends with it. Who holds the lock alone for a moment
# knows that all entries up to the newest number are there, or never will be.
NUMBER = """
CREATE FUNCTION audit_number() RETURNS bigint LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM pg_advisory_xact_lock_shared(hashtextextended('audit numbers', 0));
    RETURN nextval('audit_numbers');
END $$"""

HEAD = """
CREATE FUNCTION audit_head() RETURNS bigint LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE
    head bigint;
BEGIN
    BEGIN
        PERFORM pg_advisory_xact_lock(hashtextextended('audit numbers', 0));
        SELECT CASE WHEN is_called THEN last_value ELSE 0 END INTO head FROM audit_numbers;
        -- Undone, this block lets go of the lock at once: nobody's commit waits for the end of a reader's transaction.
        RAISE SQLSTATE 'AU001';
    EXCEPTION WHEN SQLSTATE 'AU001' THEN
        NULL;
    END;
    RETURN head;
END $$"""

# The time in its first 48 bits (RFC 9562); PostgreSQL has its own uuidv7() from 18 on only.
ID = """
CREATE FUNCTION audit_id(at timestamptz) RETURNS uuid LANGUAGE sql VOLATILE SET search_path = public, pg_temp AS $$
    SELECT encode(
        set_bit(set_bit(
            overlay(uuid_send(gen_random_uuid())
                    PLACING substring(int8send(floor(extract(epoch FROM at) * 1000)::bigint) FROM 3) FROM 1 FOR 6),
            52, 1), 53, 1), 'hex')::uuid
$$"""

SHOWN = """
CREATE FUNCTION audit_shown(value jsonb, secret boolean) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE
        WHEN value = 'null' THEN value
        WHEN secret THEN '"********"'
        WHEN octet_length(value::text) > 65536 THEN to_jsonb('(' || octet_length(value::text) || ' bytes of JSON)')
        ELSE value END
$$"""

# Arguments of the trigger: the resource's kind, the column of its id, columns whose change is none to be told, and
# columns with secrets: that they have changed is told, never a value, nor anything that follows from it.
CHANGE = """
CREATE FUNCTION audit_change() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    call jsonb := current_setting('app.audit')::jsonb;
    hidden text[] := string_to_array(TG_ARGV[2], ' ');
    secrets text[] := string_to_array(TG_ARGV[3], ' ');
    before jsonb := CASE WHEN TG_OP <> 'INSERT' THEN to_jsonb(OLD) END;
    after jsonb := CASE WHEN TG_OP <> 'DELETE' THEN to_jsonb(NEW) END;
    whole jsonb := coalesce(after, before);
    at timestamptz := clock_timestamp();
    changes jsonb;
    was jsonb;
BEGIN
    SELECT jsonb_object_agg(regexp_replace(key, '^sealed_|_hash$', ''),
                            audit_shown(coalesce(after -> key, 'null'), key = ANY (secrets))),
           jsonb_object_agg(regexp_replace(key, '^sealed_|_hash$', ''),
                            audit_shown(coalesce(before -> key, 'null'), key = ANY (secrets)))
      INTO changes, was
      FROM jsonb_object_keys(whole) AS key
     WHERE key <> ALL (hidden) AND coalesce(before -> key, 'null') <> coalesce(after -> key, 'null');
    -- What the platform keeps for itself is nobody's change.
    IF TG_OP = 'UPDATE' AND changes IS NULL OR whole ->> 'built_in' = 'true' THEN
        RETURN NULL;
    END IF;
    INSERT INTO audit_entries (number, id, created_at, organization_id, user_id, api_key_id, method, resource_kind,
                               resource_id, result, request_id, address, changes, before)
    VALUES (
        audit_number(), audit_id(at), at,
        coalesce(whole ->> 'organization_id',
                 CASE WHEN TG_ARGV[0] = 'organization' THEN whole ->> 'id' END,
                 '00000000-0000-0000-0000-000000000000')::uuid,
        (call ->> 'user_id')::uuid, (call ->> 'api_key_id')::uuid, call ->> 'method', TG_ARGV[0],
        whole ->> TG_ARGV[1], 'OK', call ->> 'request_id', call ->> 'address',
        CASE WHEN TG_OP = 'DELETE' THEN '{}' ELSE coalesce(changes, '{}') END,
        CASE WHEN TG_OP <> 'INSERT' THEN coalesce(was, '{}') END);
    RETURN NULL;
END $$"""

# What is added by hand, a denial, has a negative number until the commit.
NUMBERED = """
CREATE FUNCTION audit_numbered() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE audit_entries SET number = audit_number() WHERE number = NEW.number;
    RETURN NULL;
END $$"""

NEWS = """
CREATE FUNCTION audit_news() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    NOTIFY thedata_audit;
    RETURN NULL;
END $$"""

DERIVED = "id organization_id created_at updated_at version"
# Table: when, kind, id, columns that are not told, secrets. What is not here, and why: tests/audit/test_coverage.py.
AUDITED = {
    "users": ("INSERT OR UPDATE OR DELETE", "user", "id", DERIVED, "password_hash"),
    # A session that goes on is no change.
    "sessions": ("INSERT OR DELETE", "session", "id", f"{DERIVED} generation refreshed_at", ""),
    "organizations": ("INSERT OR UPDATE OR DELETE", "organization", "id", DERIVED, ""),
    "memberships": ("INSERT OR UPDATE OR DELETE", "member", "user_id", f"{DERIVED} user_id", ""),
    "api_keys": ("INSERT OR UPDATE OR DELETE", "api_key", "id", f"{DERIVED} last_used_at", "secret_hash"),
    "data_sources": ("INSERT OR UPDATE OR DELETE", "data_source", "id", DERIVED, "sealed_secrets"),
    "pipelines": (
        "INSERT OR UPDATE OR DELETE", "pipeline", "id", f"{DERIVED} after_pipeline_id next_run_at", "webhook_secret"
    ),
    # Their data is that of the pipeline and of its rows; a pipeline that is deleted may have a great many of them.
    "runs": (
        "INSERT OR UPDATE OF state", "run", "id",
        f"{DERIVED} attempt epoch revision plan streams rows_read rows_committed rows_rejected bytes_read"
        " estimated_rows queued_at available_at started_at ended_at failure created_by executor_id attempts"
        " progress_at deadline_at occurrence told_revision told priority", "",
    ),
    "checkpoints": ("INSERT", "checkpoint", "id", f"{DERIVED} run_id rows_committed", ""),
    "realtime_views": (
        "INSERT OR UPDATE OR DELETE", "realtime_view", "id", f"{DERIVED} generation applied applying", ""
    ),
    "configurations": ("INSERT OR UPDATE OR DELETE", "configuration", "kind", "organization_id kind created_at user_id",
                       "sealed_secrets"),
    # Of an alert a call changes who has taken it on; the platform's own changes are no calls.
    "alerts": (
        "UPDATE", "alert", "id",
        f"{DERIVED} group_key labels severity state message value threshold started_at fired_at resolved_at silenced"
        " told_at told_channels number", "",
    ),
    "alert_silences": ("INSERT OR UPDATE OR DELETE", "alert_silence", "id", DERIVED, ""),
    # Of these a call makes only trials of a channel.
    "alert_deliveries": ("INSERT", "alert_delivery", "id", f"{DERIVED} message", ""),
}  # fmt: skip


def audit(table: str, events: str, kind: str, key: str, hidden: str, secrets: str) -> None:
    """Lets a table's changes be audited: at the end of the transaction, and only those of a call."""
    op.execute(
        f"CREATE CONSTRAINT TRIGGER audit AFTER {events} ON {table} DEFERRABLE INITIALLY DEFERRED FOR EACH ROW"
        " WHEN (current_setting('app.audit', true) <> '')"
        f" EXECUTE FUNCTION audit_change('{kind}', '{key}', '{hidden}', '{secrets}')"
    )


def upgrade() -> None:
    op.execute(sa.schema.CreateSequence(sa.Sequence("audit_numbers")))
    for function in (NUMBER, HEAD, ID, SHOWN, CHANGE, NUMBERED, NEWS):
        op.execute(function)
    op.create_table(
        "audit_entries",
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("created_at", TIME, server_default=sa.text("clock_timestamp()"), nullable=False),
        # No foreign keys: an entry outlives what it tells of. The platform's own have the organization of zeros.
        sa.Column("organization_id", sa.UUID(), nullable=False),
        sa.Column("user_id", sa.UUID(), nullable=True),
        sa.Column("api_key_id", sa.UUID(), nullable=True),
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("resource_kind", sa.Text(), server_default="", nullable=False),
        sa.Column("resource_id", sa.Text(), server_default="", nullable=False),
        sa.Column("result", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("request_id", sa.Text(), server_default="", nullable=False),
        sa.Column("address", sa.Text(), server_default="", nullable=False),
        sa.Column("changes", postgresql.JSONB(), server_default="{}", nullable=False),
        sa.Column("before", postgresql.JSONB(none_as_null=True), nullable=True),
        sa.Column("count", sa.BigInteger(), server_default=sa.text("1"), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_audit_entries")),
    )
    op.create_index("ix_audit_entries_organization_id_number", "audit_entries", ["organization_id", "number"])
    op.create_index("ix_audit_entries_user_id_number", "audit_entries", ["user_id", "number"])
    op.create_index("ix_audit_entries_resource", "audit_entries", ["resource_kind", "resource_id", "number"])
    # Times rise with numbers: a small index leaves most of the table out.
    op.create_index("ix_audit_entries_created_at", "audit_entries", ["created_at"], postgresql_using="brin")
    op.create_table(
        "audit_readers",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_audit_readers")),
    )
    rules = {
        "audit_entries": f"{PLATFORM} OR organization_id = ANY ({ORGANIZATIONS})",
        "audit_readers": PLATFORM,
    }
    for table, rule in rules.items():
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY visible ON {table} TO thedata_app USING ({rule})")
    # Append-only: nobody but the database's owner changes or removes an entry.
    op.execute("GRANT SELECT, INSERT ON audit_entries TO thedata_app")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON audit_readers TO thedata_app")
    for function in ("audit_number()", "audit_head()", "audit_change()", "audit_numbered()"):
        op.execute(f"REVOKE EXECUTE ON FUNCTION {function} FROM PUBLIC")
    op.execute("GRANT EXECUTE ON FUNCTION audit_head() TO thedata_app")
    op.execute(
        "CREATE CONSTRAINT TRIGGER numbered AFTER INSERT ON audit_entries DEFERRABLE INITIALLY DEFERRED FOR EACH ROW"
        " WHEN (NEW.number < 0) EXECUTE FUNCTION audit_numbered()"
    )
    op.execute("CREATE TRIGGER news AFTER INSERT ON audit_entries FOR EACH STATEMENT EXECUTE FUNCTION audit_news()")
    for table, how in AUDITED.items():
        audit(table, *how)


def downgrade() -> None:
    for table in AUDITED:
        op.execute(f"DROP TRIGGER audit ON {table}")
    op.drop_table("audit_readers")
    op.drop_table("audit_entries")
    for function in (
        "audit_news()", "audit_numbered()", "audit_change()", "audit_shown(jsonb, boolean)", "audit_id(timestamptz)",
        "audit_head()", "audit_number()",
    ):  # fmt: skip
        op.execute(f"DROP FUNCTION {function}")
    op.execute(sa.schema.DropSequence(sa.Sequence("audit_numbers")))
