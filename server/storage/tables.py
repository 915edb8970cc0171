"""The platform's tables. Row-level security and grants stand in the migrations."""

from __future__ import annotations

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    Float,
    ForeignKey,
    ForeignKeyConstraint,
    Identity,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Sequence,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB, UUID

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
    }
)

Id = UUID(as_uuid=True)
Time = DateTime(timezone=True)


def _created() -> Column[object]:
    return Column("created_at", Time, nullable=False, server_default=text("now()"))


def _versioned() -> list[Column[object]]:
    return [
        _created(),
        Column("updated_at", Time, nullable=False, server_default=text("now()")),
        Column("version", Integer, nullable=False, server_default=text("1")),
    ]


def _of_pipeline() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(
        ["organization_id", "pipeline_id"], ["pipelines.organization_id", "pipelines.id"], ondelete="CASCADE"
    )


def _stream() -> list[Column[object]]:
    """The columns that name a stream of a pipeline."""
    return [
        Column("organization_id", Id, nullable=False),
        Column("pipeline_id", Id, nullable=False),
        Column("namespace", Text, nullable=False),
        Column("stream", Text, nullable=False),
    ]


users = Table(
    "users",
    metadata,
    Column("id", Id, primary_key=True),
    Column("email", Text, nullable=False, unique=True),
    Column("full_name", Text, nullable=False, server_default=""),
    Column("password_hash", Text, nullable=False),
    Column("active", Boolean, nullable=False, server_default=text("true")),
    Column("platform_admin", Boolean, nullable=False, server_default=text("false")),
    *_versioned(),
    CheckConstraint("email = lower(email)", name="email_lower"),
)

sessions = Table(
    "sessions",
    metadata,
    Column("id", Id, primary_key=True),
    Column("user_id", Id, ForeignKey("users.id", ondelete="CASCADE"), nullable=False, index=True),
    # How often the session was refreshed: a refresh token is good for one generation.
    Column("generation", Integer, nullable=False, server_default=text("0")),
    Column("refreshed_at", Time, nullable=False, server_default=text("now()")),
    Column("expires_at", Time, nullable=False),
    _created(),
)

login_failures = Table(
    "login_failures",
    metadata,
    Column("email", Text, primary_key=True),
    Column("failures", Integer, nullable=False),
    Column("blocked_until", Time, nullable=False),
)

organizations = Table(
    "organizations",
    metadata,
    Column("id", Id, primary_key=True),
    Column("name", Text, nullable=False),
    Column("description", Text, nullable=False, server_default=""),
    *_versioned(),
)

memberships = Table(
    "memberships",
    metadata,
    Column("organization_id", Id, ForeignKey("organizations.id", ondelete="CASCADE"), primary_key=True),
    Column("user_id", Id, ForeignKey("users.id", ondelete="CASCADE"), primary_key=True, index=True),
    Column("role", SmallInteger, nullable=False),
    _created(),
    CheckConstraint("role BETWEEN 1 AND 4", name="role"),
)

organization_keys = Table(
    "organization_keys",
    metadata,
    Column("organization_id", Id, ForeignKey("organizations.id", ondelete="CASCADE"), primary_key=True),
    # The organization's data key, wrapped by the platform's master key of that id.
    Column("master_key_id", Text, nullable=False),
    Column("wrapped_key", LargeBinary, nullable=False),
    _created(),
)

api_keys = Table(
    "api_keys",
    metadata,
    Column("id", Id, primary_key=True),
    Column("organization_id", Id, ForeignKey("organizations.id", ondelete="CASCADE"), nullable=False),
    Column("created_by", Id, ForeignKey("users.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("name", Text, nullable=False),
    Column("role", SmallInteger, nullable=False),
    Column("secret_hash", LargeBinary, nullable=False),
    Column("expires_at", Time, nullable=False),
    Column("last_used_at", Time),
    _created(),
    CheckConstraint("role BETWEEN 1 AND 4", name="role"),
    Index(None, "organization_id", "id"),
)

data_sources = Table(
    "data_sources",
    metadata,
    Column("id", Id, primary_key=True),
    Column("organization_id", Id, ForeignKey("organizations.id", ondelete="CASCADE"), nullable=False),
    Column("name", Text, nullable=False),
    Column("description", Text, nullable=False, server_default=""),
    Column("connector", Text, nullable=False),
    Column("config", JSONB, nullable=False),
    # The secret fields as JSON, sealed under the organization's key; NULL without any.
    Column("sealed_secrets", LargeBinary),
    Column("secret_names", ARRAY(Text), nullable=False, server_default="{}"),
    Column("healthy", Boolean),
    Column("checked_at", Time),
    *_versioned(),
    UniqueConstraint("organization_id", "name"),
    UniqueConstraint("organization_id", "id"),
)

pipelines = Table(
    "pipelines",
    metadata,
    Column("id", Id, primary_key=True),
    Column("organization_id", Id, ForeignKey("organizations.id", ondelete="CASCADE"), nullable=False),
    Column("name", Text, nullable=False),
    Column("description", Text, nullable=False, server_default=""),
    Column("source_id", Id, nullable=False, index=True),
    Column("destination_id", Id, nullable=False, index=True),
    Column("destination_namespace", Text, nullable=False, server_default=""),
    Column("streams", JSONB, nullable=False, server_default="[]"),
    Column("verification", Text, nullable=False, server_default="content"),
    Column("schedule", JSONB(none_as_null=True)),
    # Of a schedule that follows another pipeline: that one.
    Column("after_pipeline_id", Id, index=True),
    Column("retry_policy", JSONB(none_as_null=True)),
    Column("timeout_seconds", Float),
    Column("priority", SmallInteger, nullable=False, server_default=text("2")),
    Column("paused", Boolean, nullable=False, server_default=text("false")),
    # When the schedule starts the next run; NULL: never, or not by the clock.
    Column("next_run_at", Time),
    # A run that an event (another pipeline, a webhook) asked for, and that could not be queued at once.
    Column("wanted", JSONB(none_as_null=True)),
    # Sealed under the organization's key.
    Column("webhook_secret", LargeBinary),
    *_versioned(),
    UniqueConstraint("organization_id", "name"),
    UniqueConstraint("organization_id", "id"),
    # Composite, because a foreign key check does not see row-level security.
    ForeignKeyConstraint(["organization_id", "source_id"], ["data_sources.organization_id", "data_sources.id"]),
    ForeignKeyConstraint(["organization_id", "destination_id"], ["data_sources.organization_id", "data_sources.id"]),
    CheckConstraint("verification IN ('none', 'counts', 'content')", name="verification"),
    CheckConstraint("priority BETWEEN 1 AND 3", name="priority"),
    Index("ix_pipelines_next_run_at", "next_run_at", postgresql_where=text("next_run_at IS NOT NULL AND NOT paused")),
    Index("ix_pipelines_wanted", "id", postgresql_where=text("wanted IS NOT NULL AND NOT paused")),
)

pipeline_changes = Table(
    "pipeline_changes",
    metadata,
    # One row for each pipeline: its newest change. The number rises in the order of commits, within an organization.
    Column("pipeline_id", Id, primary_key=True),
    Column("organization_id", Id, ForeignKey("organizations.id", ondelete="CASCADE"), nullable=False),
    Column("number", BigInteger, nullable=False),
    Column("deleted", Boolean, nullable=False, server_default=text("false")),
    Column("changed_at", Time, nullable=False, server_default=text("now()")),
    Index("ix_pipeline_changes_organization_id_number", "organization_id", "number"),
)

change_counters = Table(
    "change_counters",
    metadata,
    Column("organization_id", Id, ForeignKey("organizations.id", ondelete="CASCADE"), primary_key=True),
    Column("number", BigInteger, nullable=False),
)

IN_FLIGHT = "state IN ('queued', 'running', 'stopping')"
CARRIED_OUT = "state IN ('running', 'stopping')"

runs = Table(
    "runs",
    metadata,
    Column("id", Id, primary_key=True),
    Column("organization_id", Id, ForeignKey("organizations.id", ondelete="CASCADE"), nullable=False),
    Column("pipeline_id", Id, nullable=False),
    Column("state", Text, nullable=False, server_default="queued"),
    Column("trigger", Text, nullable=False),
    Column("attempt", Integer, nullable=False, server_default=text("0")),
    # Rises with every attempt of the pipeline, over all its runs; a writer with an older one is refused.
    Column("epoch", Integer, nullable=False, server_default=text("0")),
    # Rises with every change, so that a watcher knows what it has seen.
    Column("revision", BigInteger, nullable=False, server_default=text("1")),
    Column("queued_at", Time, nullable=False, server_default=text("now()")),
    Column("started_at", Time),
    Column("ended_at", Time),
    Column("rows_read", BigInteger, nullable=False, server_default=text("0")),
    Column("rows_committed", BigInteger, nullable=False, server_default=text("0")),
    Column("rows_rejected", BigInteger, nullable=False, server_default=text("0")),
    Column("bytes_read", BigInteger, nullable=False, server_default=text("0")),
    Column("estimated_rows", BigInteger),
    Column("streams", JSONB, nullable=False, server_default="[]"),
    Column("failure", JSONB),
    # The pipeline as it was when the run was queued: an edit acts from the next run on.
    Column("plan", JSONB, nullable=False),
    Column("created_by", Id),
    Column("priority", SmallInteger, nullable=False, server_default=text("2")),
    # No worker takes it before: a failed attempt is followed by a wait.
    Column("available_at", Time, nullable=False, server_default=text("now()")),
    # The worker process that carries it out.
    Column("executor_id", Text),
    Column("attempts", JSONB, nullable=False, server_default="[]"),
    Column("progress_at", Time),
    Column("deadline_at", Time),
    Column("schedule_time", Time),
    # What asked for the run, such as a time of the schedule: the same never gets two.
    Column("occurrence", Text),
    # The revision that the analytics store has been told, and of what the values were then; NULL: it is not told.
    Column("told_revision", BigInteger, server_default=text("0")),
    Column("told", JSONB, nullable=False, server_default="{}"),
    _of_pipeline(),
    CheckConstraint("state IN ('queued', 'running', 'stopping', 'succeeded', 'failed', 'cancelled')", name="state"),
    Index("ix_runs_pipeline_id_id", "pipeline_id", "id"),
    Index("ix_runs_organization_id_id", "organization_id", "id"),
    Index("ix_runs_untold", "organization_id", postgresql_where=text("told_revision < revision")),
    Index("uq_runs_in_flight", "pipeline_id", unique=True, postgresql_where=text(IN_FLIGHT)),
    Index(
        "uq_runs_occurrence",
        "pipeline_id",
        "occurrence",
        unique=True,
        postgresql_where=text("occurrence IS NOT NULL"),
    ),
    Index("ix_runs_queue", "priority", "queued_at", postgresql_where=text("state = 'queued'")),
    Index("ix_runs_ended_at", "ended_at", postgresql_where=text("ended_at IS NOT NULL")),
    Index("ix_runs_carried_out", "organization_id", "executor_id", postgresql_where=text(CARRIED_OUT)),
)

run_partitions = Table(
    "run_partitions",
    metadata,
    # A part of a stream that any worker may carry out for the run; offered by the attempt of this epoch.
    Column("run_id", Id, ForeignKey("runs.id", ondelete="CASCADE"), primary_key=True),
    Column("epoch", Integer, primary_key=True),
    Column("stream", Text, primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("organization_id", Id, nullable=False),
    Column("state", Text, nullable=False, server_default="queued"),
    Column("priority", SmallInteger, nullable=False, server_default=text("2")),
    Column("queued_at", Time, nullable=False, server_default=text("now()")),
    Column("executor_id", Text),
    # What is to be done, and what was done, as the engine writes it.
    Column("work", JSONB, nullable=False),
    Column("result", JSONB),
    Column("failure", JSONB),
    CheckConstraint("state IN ('queued', 'running', 'done', 'failed')", name="state"),
    Index("ix_run_partitions_queue", "priority", "queued_at", postgresql_where=text("state = 'queued'")),
    Index(
        "ix_run_partitions_carried_out", "organization_id", "executor_id", postgresql_where=text("state = 'running'")
    ),
)


run_log_order = Sequence("run_log_order", metadata=metadata)

run_logs = Table(
    "run_logs",
    metadata,
    # One row is one flush of one writer of one run.
    Column("day", Date, primary_key=True),
    Column("run_id", Id, primary_key=True),
    Column("writer", Integer, primary_key=True),
    Column("first_n", BigInteger, primary_key=True),
    Column("last_n", BigInteger, nullable=False),
    Column("organization_id", Id, nullable=False),
    Column("written_at", Time, nullable=False),
    Column("max_level", SmallInteger, nullable=False),
    # zlib over JSON lines.
    Column("body", LargeBinary, nullable=False),
    Column("attempt", Integer, nullable=False, server_default=text("0")),
    Column("worker", Text, nullable=False, server_default=""),
    # The order of reading: rises with every chunk of a writer, and about with time.
    Column("position", BigInteger, run_log_order, nullable=False, server_default=run_log_order.next_value()),
    postgresql_partition_by="RANGE (day)",
)

checkpoints = Table(
    "checkpoints",
    metadata,
    Column("id", Id, primary_key=True),
    *_stream(),
    Column("cursor", Text),
    Column("origin", Text, nullable=False),
    # Rises with everything that somebody sets; NULL for what a run has reached.
    Column("version", Integer),
    # No foreign key: the checkpoint outlives its run.
    Column("run_id", Id),
    Column("rows_committed", BigInteger, nullable=False, server_default=text("0")),
    _created(),
    _of_pipeline(),
    CheckConstraint("origin IN ('run', 'reset', 'rewind')", name="origin"),
    Index("ix_checkpoints_pipeline_id_id", "pipeline_id", "id"),
    Index(
        "uq_checkpoints_version",
        "pipeline_id",
        "namespace",
        "stream",
        "version",
        unique=True,
        postgresql_where=text("version IS NOT NULL"),
    ),
)

stream_receipts = Table(
    "stream_receipts",
    metadata,
    Column("run_id", Id, ForeignKey("runs.id", ondelete="CASCADE"), primary_key=True),
    Column("namespace", Text, primary_key=True),
    Column("stream", Text, primary_key=True),
    Column("organization_id", Id, nullable=False),
    # In the order of the run's streams.
    Column("number", Integer, nullable=False),
    Column("receipt", JSONB, nullable=False),
)

schema_changes = Table(
    "schema_changes",
    metadata,
    Column("id", Id, primary_key=True),
    *_stream(),
    Column("run_id", Id, nullable=False),
    Column("changes", JSONB, nullable=False),
    _created(),
    _of_pipeline(),
    Index("ix_schema_changes_pipeline_id_id", "pipeline_id", "id"),
)

rejected_rows = Table(
    "rejected_rows",
    metadata,
    Column("id", Id, primary_key=True),
    *_stream(),
    Column("run_id", Id, nullable=False),
    # The place in the run: a chunk that is read again rejects the same rows again.
    Column("chunk", Integer, nullable=False),
    Column("number", Integer, nullable=False),
    Column("place", Text, nullable=False),
    Column("row_number", BigInteger, nullable=False),
    Column("column_name", Text, nullable=False),
    Column("code", Text, nullable=False),
    Column("message", Text, nullable=False),
    # Sealed under the organization's key: it is the user's data.
    Column("content", LargeBinary, nullable=False),
    Column("replayable", Boolean, nullable=False),
    Column("replay_run_id", Id),
    _created(),
    _of_pipeline(),
    UniqueConstraint("run_id", "namespace", "stream", "chunk", "number", name="uq_rejected_rows_place"),
    Index("ix_rejected_rows_pipeline_id_id", "pipeline_id", "id"),
)

executors = Table(
    "executors",
    metadata,
    Column("id", Text, primary_key=True),
    Column("seen_at", Time, nullable=False),
    Column("started_at", Time, nullable=False, server_default=text("now()")),
    Column("host", Text, nullable=False),
    Column("version", Text, nullable=False, server_default=""),
    # Runs and partitions that it carries, and how many it may.
    Column("carried", Integer, nullable=False, server_default=text("0")),
    Column("concurrency", Integer, nullable=False, server_default=text("0")),
)

configurations = Table(
    "configurations",
    metadata,
    # No foreign key: the platform's own have the organization of zeros.
    Column("organization_id", Id, primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("content", JSONB, nullable=False),
    Column("sealed_secrets", LargeBinary),
    Column("user_id", Id),
    Column("rolled_back_to", Integer, nullable=False, server_default=text("0")),
    _created(),
    CheckConstraint("kind IN ('system', 'metrics', 'alerts')", name="kind"),
)

alerts = Table(
    "alerts",
    metadata,
    Column("id", Id, primary_key=True),
    # No foreign key: the platform's own have the organization of zeros.
    Column("organization_id", Id, nullable=False),
    Column("rule", Text, nullable=False),
    # A hash of the labels of its group: at a time a group of a rule has one alert that is active.
    Column("group_key", Text, nullable=False),
    Column("labels", JSONB, nullable=False),
    Column("severity", SmallInteger, nullable=False),
    Column("state", Text, nullable=False),
    Column("message", Text, nullable=False),
    Column("value", Float, nullable=False),
    Column("threshold", Float, nullable=False),
    Column("started_at", Time, nullable=False),
    Column("updated_at", Time, nullable=False),
    Column("fired_at", Time),
    Column("resolved_at", Time),
    Column("acknowledged_at", Time),
    Column("acknowledged_by", Id),
    Column("silenced", Boolean, nullable=False, server_default=text("false")),
    # When channels were last told that it fires, and which.
    Column("told_at", Time),
    Column("told_channels", ARRAY(Text), nullable=False, server_default="{}"),
    # Of its newest change; rises in the order of commits, within an organization.
    Column("number", BigInteger, nullable=False),
    CheckConstraint("state IN ('pending', 'firing', 'resolved')", name="state"),
    CheckConstraint("severity BETWEEN 1 AND 3", name="severity"),
    Index(
        "uq_alerts_active",
        "organization_id",
        "rule",
        "group_key",
        unique=True,
        postgresql_where=text("state <> 'resolved'"),
    ),
    Index("ix_alerts_organization_id_id", "organization_id", "id"),
    Index("ix_alerts_organization_id_number", "organization_id", "number"),
    Index("ix_alerts_resolved_at", "resolved_at", postgresql_where=text("state = 'resolved'")),
)

alert_counters = Table(
    "alert_counters",
    metadata,
    Column("organization_id", Id, primary_key=True),
    Column("number", BigInteger, nullable=False),
)

alert_problems = Table(
    "alert_problems",
    metadata,
    # What keeps a rule from being looked at.
    Column("organization_id", Id, primary_key=True),
    Column("rule", Text, primary_key=True),
    Column("problem", Text, nullable=False),
)

alert_silences = Table(
    "alert_silences",
    metadata,
    Column("id", Id, primary_key=True),
    Column("organization_id", Id, nullable=False),
    Column("rule", Text, nullable=False),
    Column("labels", JSONB, nullable=False),
    Column("starts_at", Time, nullable=False),
    Column("ends_at", Time, nullable=False),
    Column("comment", Text, nullable=False),
    Column("created_by", Id, nullable=False),
    Index("ix_alert_silences_organization_id_ends_at", "organization_id", "ends_at"),
)

alert_deliveries = Table(
    "alert_deliveries",
    metadata,
    Column("id", Id, primary_key=True),
    Column("organization_id", Id, nullable=False),
    # NULL: a test of the channel.
    Column("alert_id", Id, ForeignKey("alerts.id", ondelete="CASCADE"), index=True),
    Column("channel", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("message", JSONB, nullable=False),
    Column("state", Text, nullable=False, server_default="pending"),
    Column("attempts", Integer, nullable=False, server_default=text("0")),
    Column("error", Text, nullable=False, server_default=""),
    Column("delivered_at", Time),
    # When it is tried next; while it is tried, when somebody else does so unless it is settled.
    Column("next_attempt_at", Time),
    _created(),
    CheckConstraint("kind IN ('firing', 'resolved', 'test')", name="kind"),
    CheckConstraint("state IN ('pending', 'delivered', 'failed')", name="state"),
    Index("ix_alert_deliveries_organization_id_id", "organization_id", "id"),
    Index("ix_alert_deliveries_due", "next_attempt_at", postgresql_where=text("state = 'pending'")),
)

leases = Table(
    "leases",
    metadata,
    Column("name", Text, primary_key=True),
    Column("holder", Text, nullable=False),
    Column("expires_at", Time, nullable=False),
)

ingest_batches = Table(
    "ingest_batches",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    # No foreign key: the platform's own have the organization of zeros.
    Column("organization_id", Id, nullable=False),
    Column("kind", Text, nullable=False),
    Column("token", Text),
    Column("items", BigInteger, nullable=False),
    Column("accepted", BigInteger, nullable=False, server_default=text("0")),
    Column("rejected", BigInteger, nullable=False, server_default=text("0")),
    Column("duplicates", BigInteger, nullable=False, server_default=text("0")),
    # Its place in the order of commits; NULL: it is not known to be in the store.
    Column("version", BigInteger),
    # The group of batches with which it was gathered into the roll-ups.
    Column("gathered", BigInteger),
    Column("gathered_at", Time),
    _created(),
    CheckConstraint("kind IN ('events', 'metrics')", name="kind"),
    UniqueConstraint("organization_id", "kind", "token", name="uq_ingest_batches_token"),
    Index("ix_ingest_batches_version", "organization_id", "kind", "version", unique=True),
    Index("ix_ingest_batches_reserved", "created_at", postgresql_where=text("version IS NULL")),
    Index(
        "ix_ingest_batches_to_gather",
        "id",
        postgresql_where=text("kind = 'metrics' AND version IS NOT NULL AND gathered_at IS NULL"),
    ),
)

ingest_heads = Table(
    "ingest_heads",
    metadata,
    Column("organization_id", Id, primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("version", BigInteger, nullable=False),
)

producers = Table(
    "producers",
    metadata,
    Column("organization_id", Id, ForeignKey("organizations.id", ondelete="CASCADE"), primary_key=True),
    Column("name", Text, primary_key=True),
    Column("durable_sequence", BigInteger, nullable=False),
    Column("updated_at", Time, nullable=False, server_default=text("now()")),
)

rejected_items = Table(
    "rejected_items",
    metadata,
    Column("id", Id, primary_key=True),
    Column("organization_id", Id, ForeignKey("organizations.id", ondelete="CASCADE"), nullable=False),
    Column("kind", Text, nullable=False),
    Column("producer", Text, nullable=False),
    Column("index", BigInteger, nullable=False),
    Column("field", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("content", Text, nullable=False),
    _created(),
    Index("ix_rejected_items_organization_id_id", "organization_id", "id"),
    Index("ix_rejected_items_created_at", "created_at"),
)

realtime_views = Table(
    "realtime_views",
    metadata,
    Column("id", Id, primary_key=True),
    Column("organization_id", Id, ForeignKey("organizations.id", ondelete="CASCADE"), nullable=False),
    Column("name", Text, nullable=False),
    Column("definition", JSONB, nullable=False),
    # Rises whenever the view begins again from what is there.
    Column("generation", Integer, nullable=False, server_default=text("1")),
    # The versions of its source up to which it is, and to which it is on its way.
    Column("applied", BigInteger),
    Column("applying", BigInteger),
    Column("built_in", Boolean, nullable=False, server_default=text("false")),
    *_versioned(),
    UniqueConstraint("organization_id", "name", name="uq_realtime_views_name"),
)

projections = Table(
    "projections",
    metadata,
    Column("organization_id", Id, ForeignKey("organizations.id", ondelete="CASCADE"), primary_key=True),
    # What is on its way into the analytics store; NULL: nothing is.
    Column("frozen", JSONB(none_as_null=True)),
)

idempotency_keys = Table(
    "idempotency_keys",
    metadata,
    Column("user_id", Id, ForeignKey("users.id", ondelete="CASCADE"), primary_key=True),
    Column("method", Text, primary_key=True),
    Column("request_id", Id, primary_key=True),
    Column("fingerprint", LargeBinary, nullable=False),
    Column("resource_id", Id, nullable=False),
    _created(),
)

Index(None, idempotency_keys.c.created_at)

audit_numbers = Sequence("audit_numbers", metadata=metadata)

audit_entries = Table(
    "audit_entries",
    metadata,
    # Rises in the order in which entries can be read; negative until the commit.
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("id", Id, nullable=False),
    Column("created_at", Time, nullable=False, server_default=text("clock_timestamp()")),
    # No foreign keys: an entry outlives what it tells of. The platform's own have the organization of zeros.
    Column("organization_id", Id, nullable=False),
    Column("user_id", Id),
    Column("api_key_id", Id),
    Column("method", Text, nullable=False),
    Column("resource_kind", Text, nullable=False, server_default=""),
    Column("resource_id", Text, nullable=False, server_default=""),
    Column("result", Text, nullable=False),
    Column("reason", Text, nullable=False, server_default=""),
    Column("request_id", Text, nullable=False, server_default=""),
    Column("address", Text, nullable=False, server_default=""),
    Column("changes", JSONB, nullable=False, server_default="{}"),
    Column("before", JSONB(none_as_null=True)),
    # How many denials it stands for.
    Column("count", BigInteger, nullable=False, server_default=text("1")),
    Index("ix_audit_entries_organization_id_number", "organization_id", "number"),
    Index("ix_audit_entries_user_id_number", "user_id", "number"),
    Index("ix_audit_entries_resource", "resource_kind", "resource_id", "number"),
    Index("ix_audit_entries_created_at", "created_at", postgresql_using="brin"),
)

audit_readers = Table(
    "audit_readers",
    metadata,
    # How far a part of the platform that reads the audit has come.
    Column("name", Text, primary_key=True),
    Column("number", BigInteger, nullable=False),
)

# -- limits: the first three are not logged, so that a crash of the database empties them --------------------------

rate_windows = Table(
    "rate_windows",
    metadata,
    Column("kind", Text, primary_key=True),
    Column("subject_id", Id, primary_key=True),
    # The minute since 1970, and what all servers have taken of it.
    Column("number", BigInteger, nullable=False),
    Column("taken", BigInteger, nullable=False),
    prefixes=["UNLOGGED"],
)

stream_servers = Table(
    "stream_servers",
    metadata,
    Column("server", Text, primary_key=True),
    Column("expires_at", Time, nullable=False),
    prefixes=["UNLOGGED"],
)

stream_places = Table(
    "stream_places",
    metadata,
    Column("kind", Text, primary_key=True),
    Column("subject_id", Id, primary_key=True),
    Column("server", Text, primary_key=True),
    Column("places", Integer, nullable=False),
    prefixes=["UNLOGGED"],
)

usage_days = Table(
    "usage_days",
    metadata,
    # A day by UTC. A trigger on `runs` writes it in the transaction that begins a run or notes its progress.
    Column("organization_id", Id, ForeignKey("organizations.id", ondelete="CASCADE"), primary_key=True),
    Column("day", Date, primary_key=True),
    Column("runs", BigInteger, nullable=False, server_default=text("0")),
    Column("rows", BigInteger, nullable=False, server_default=text("0")),
)
