"""Every setting of the platform: typed, documented, checked at start, with secrets that do not print."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from pydantic import Field, IPvAnyNetwork, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

FIRST_ADMIN_FILE = "first-admin.txt"
"""Below the home folder: who the first platform administrator is, until it was shown."""

Port = Annotated[int, Field(ge=0, le=65535)]


class Settings(BaseSettings):
    """The platform's settings, read from ``THEDATA_*`` environment variables."""

    model_config = SettingsConfigDict(
        env_prefix="THEDATA_",
        extra="ignore",
        frozen=True,
        hide_input_in_errors=True,  # a rule over several settings would tell all of them, secrets too
    )

    home: Path = Field(default=Path(".thedata"), description="Folder of the embedded database, keys and uploads.")
    host: str = Field(default="127.0.0.1", description="Address that Envoy and the gRPC server listen on.")
    http_port: Port = Field(default=8080, description="Envoy's port: REST, gRPC and gRPC-Web.")
    grpc_port: Port = Field(default=50051, description="The gRPC server's own port.")
    gateway_url: SecretStr | None = Field(
        default=None,
        description="Where Envoy is reached, as http://host:port, to be watched. Unset: at http_port of this machine.",
    )
    postgres_port: Port = Field(default=54329, description="Port of the embedded PostgreSQL on 127.0.0.1.")
    database_url: SecretStr | None = Field(
        default=None,
        description="PostgreSQL of the platform, as postgresql://user:password@host:port/name. Unset: embedded.",
    )
    master_key: SecretStr | None = Field(
        default=None,
        description="Base64 of the 32-byte key that wraps every organization's data key. Unset: made in the home.",
    )
    migrate: bool = Field(default=False, description="Let `serve` upgrade an out-of-date schema by itself.")
    reflection: bool = Field(default=True, description="Serve gRPC reflection; switch it off where the API is closed.")
    log_level: str = Field(default="info", description="debug, info, warning or error.")
    log_json: bool = Field(default=False, description="Log JSON lines instead of text for a terminal.")
    admin_email: str | None = Field(default=None, description="E-mail address of the first platform administrator.")
    admin_password: SecretStr | None = Field(
        default=None, description="Password of the first platform administrator. Unset: made and shown once."
    )
    access_token_seconds: int = Field(default=900, ge=30, le=3600, description="Lifetime of an access token.")
    refresh_token_seconds: int = Field(
        default=30 * 86400, ge=60, le=365 * 86400, description="Lifetime of a session since its last refresh."
    )
    password_hash_workers: int = Field(default=2, ge=1, le=64, description="Threads that hash passwords.")
    upload_root: Path | None = Field(
        default=None, description="Folder of files that `files` sources may read. Unset: uploads/ in the home folder."
    )
    file_roots: list[Path] = Field(
        default_factory=list, description="Further folders that `files` sources may read, as a JSON list."
    )
    worker_concurrency: int = Field(default=4, ge=1, le=256, description="Runs that one worker carries at a time.")
    runs_per_organization: int = Field(
        default=10, ge=1, le=10_000, description="Runs of one organization that all workers carry at a time."
    )
    partitions_per_organization: int = Field(
        default=20, ge=1, le=10_000, description="Parts of large tables that helping workers carry, per organization."
    )
    share_tables_from_bytes: int = Field(
        default=1 << 30, ge=0, description="Size from which on all workers share a table's first copy; 0: never."
    )
    log_retention_days: int = Field(default=7, ge=1, le=3650, description="Days that logs of runs are kept.")
    log_archive: str | None = Field(
        default=None,
        description="Where logs go before they are dropped: a folder, or a URL like s3://bucket/logs. Unset: nowhere.",
    )
    analytics_url: SecretStr | None = Field(
        default=None,
        description="ClickHouse of the analytics store, as https://user:password@host:port/database. Unset: embedded.",
    )
    analytics_embedded: bool = Field(
        default=True, description="Start the embedded ClickHouse where no analytics_url is set; else, no analytics."
    )
    analytics_port: Port = Field(default=0, description="Port of the embedded ClickHouse on 127.0.0.1; 0: any.")
    analytics_memory_bytes: int = Field(
        default=2 << 30, ge=256 << 20, description="The most memory that the embedded ClickHouse takes."
    )
    analytics_retention_days: int | None = Field(
        default=None,
        ge=1,
        le=3650,
        description="Days that events and metrics are kept; roll-ups ten times as long. Unset: for ever.",
    )
    analytics_cluster: str = Field(
        default="", pattern=r"^[A-Za-z0-9_]*$", description="Name of the ClickHouse cluster; empty: a single server."
    )
    gateways: list[IPvAnyNetwork] = Field(
        default=["127.0.0.0/8", "::1/128"],
        validate_default=True,
        description="Networks of the gateways that are believed where a call comes from, as a JSON list.",
    )
    metrics_host: str = Field(default="127.0.0.1", description="Address that /metrics is served on.")
    metrics_port: Port | None = Field(
        default=None,
        description="Port of the server's /metrics for Prometheus; 0: any, told by the log. Unset: none.",
    )
    worker_metrics_port: Port | None = Field(
        default=None, description="Port of a worker's /metrics; 0: any, for several on one machine. Unset: none."
    )
    otlp_endpoint: str | None = Field(
        default=None,
        validate_default=True,
        description="Where traces and metrics go, as http://host:4317. Unset: OTEL_EXPORTER_OTLP_ENDPOINT, or nowhere.",
    )
    otlp_protocol: Literal["grpc", "http/protobuf"] = Field(
        default="grpc", description="How they go there: grpc or http/protobuf, then without the path /v1/traces."
    )
    otlp_headers: SecretStr | None = Field(
        default=None, description="Headers for the endpoint, such as a key, as name=value,name=value."
    )
    otlp_interval_seconds: float = Field(
        default=15.0, ge=1, le=3600, description="Time between two sendings of the metrics by OTLP."
    )
    trace_sample_ratio: float = Field(
        default=0.05,
        ge=0,
        le=1,
        description="Share of calls and runs that are traced; a caller's own decision holds.",
    )
    smtp_url: SecretStr | None = Field(
        default=None,
        description=(
            "Mail server for alerts, as smtp://, smtps:// or smtp+starttls://user:password@host:port. Unset: no e-mail."
        ),
    )
    smtp_from: str = Field(default="", max_length=320, description="The sender's address of e-mails; with smtp_url.")
    stop_grace_seconds: float = Field(default=10.0, ge=0, le=600, description="Time to finish after SIGTERM.")
    max_message_bytes: int = Field(default=4 << 20, ge=1 << 16, description="Largest gRPC message.")

    @field_validator("home", "upload_root", mode="after")
    @classmethod
    def _absolute(cls, path: Path | None) -> Path | None:
        return path.expanduser().absolute() if path else None

    @field_validator("otlp_endpoint", mode="before")
    @classmethod
    def _or_the_standard_variable(cls, endpoint: str | None) -> str | None:
        return endpoint or os.environ.get("OTEL_EXPORTER_OTLP_ENDPOINT") or None

    @field_validator("otlp_endpoint")
    @classmethod
    def _address(cls, endpoint: str | None) -> str | None:
        parts = urlsplit(endpoint or "http://host")
        if parts.scheme not in {"http", "https"} or not parts.hostname or parts.username or parts.query:
            raise ValueError("write http://host:port or https://host:port; secrets belong into otlp_headers")
        return endpoint

    @field_validator("otlp_headers")
    @classmethod
    def _pairs(cls, headers: SecretStr | None) -> SecretStr | None:
        if headers and not re.fullmatch(r"[^=,\s]+=[^,]*(,[^=,\s]+=[^,]*)*", headers.get_secret_value()):
            raise ValueError("write name=value,name=value")
        return headers

    @property
    def otlp_header_pairs(self) -> dict[str, str]:
        """The headers for the OTLP endpoint, by their names in lower case."""
        given = self.otlp_headers.get_secret_value() if self.otlp_headers else ""
        pairs = (pair.partition("=") for pair in given.split(",") if pair)
        return {name.strip().lower(): value.strip() for name, _, value in pairs}

    @model_validator(mode="after")
    def _mail_whole(self) -> Self:
        if self.smtp_url is None:
            return self
        url = urlsplit(self.smtp_url.get_secret_value())
        # What was given is not told: it holds a password.
        if url.scheme not in {"smtp", "smtps", "smtp+starttls"} or not url.hostname or url.path.strip("/"):
            raise ValueError("smtp_url must be smtp://, smtps:// or smtp+starttls:// with a host and nothing behind it")
        if not self.smtp_from.isprintable() or "@" not in self.smtp_from:
            raise ValueError("smtp_from must be an e-mail address, with smtp_url")
        return self

    @field_validator("log_level")
    @classmethod
    def _known_level(cls, level: str) -> str:
        if level.lower() not in {"debug", "info", "warning", "error"}:
            raise ValueError("use debug, info, warning or error")
        return level.lower()
