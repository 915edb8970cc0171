"""How files are named, reached, read and written: the configuration of the files connector."""

from __future__ import annotations

import base64
from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field, SecretStr, field_validator, model_validator

from server.sync.connectors.base import ConnectorConfig
from server.sync.readers import text_types


class FileFormat(StrEnum):
    """How a file is read; AUTO goes by its name (and writes Parquet). ARROW is Arrow IPC, file or stream."""

    AUTO = "auto"
    CSV = "csv"
    JSONL = "jsonl"
    PARQUET = "parquet"
    ARROW = "arrow"


class Compression(StrEnum):
    """How written files are packed; AUTO is zstd within Parquet, and nothing elsewhere."""

    AUTO = "auto"
    NONE = "none"
    GZIP = "gzip"
    ZSTD = "zstd"


SCHEMES = ("s3", "gs", "gcs", "az", "abfs", "abfss", "http", "https")


def scheme_of(path: str) -> str:
    """The scheme of a URL, empty for a local path."""
    scheme, found, _ = path.partition("://")
    return scheme.lower() if found else ""


_Secret = SecretStr | None


class FilesConfig(ConnectorConfig):
    """Files in a local folder below an allowed root, in S3-compatible storage, GCS, Azure, or behind a URL.

    Each file of the folder is a stream named like the file without its endings; each folder in it is one stream
    of all files below it, which must have the same columns. Folders such as ``dt=2024-01-01`` become columns.
    """

    path: Annotated[
        str,
        Field(
            min_length=1,
            max_length=4096,
            description=(
                "Folder, file or glob pattern (*, ?, [abc], **); a local path, s3://bucket/prefix, gs://bucket/prefix,"
                " az://container/prefix, or the https:// address of one file. A destination writes a folder for each"
                " table below it."
            ),
        ),
    ]
    format: Annotated[FileFormat, Field(description="How the files are read; auto goes by their names.")] = (
        FileFormat.AUTO
    )
    stream: Annotated[
        str, Field(max_length=200, description="Makes one stream of this name of all files that are found.")
    ] = ""
    file_columns: Annotated[
        bool,
        Field(
            description=(
                "Adds the columns _file_name and _file_modified; with _file_modified as the cursor only newer files"
                " are opened."
            )
        ),
    ] = False
    delimiter: Annotated[
        str, Field(min_length=1, max_length=1, description="CSV: what separates values; .tsv files use a tab.")
    ] = ","
    header: Annotated[bool, Field(description="CSV: the first row names the columns.")] = True
    null_values: Annotated[
        tuple[str, ...],
        Field(
            max_length=20,
            description=(
                'CSV: unquoted texts that mean NULL. The default is the empty text alone: "NA" or "null" may be data'
                " (NA is Namibia). A quoted text is never NULL."
            ),
        ),
    ] = ("",)
    encoding: Annotated[str, Field(max_length=32, description="CSV: the files' character encoding.")] = "utf-8"
    types: Annotated[
        dict[str, str],
        Field(
            max_length=1000,
            description=(
                "CSV and JSON Lines: types of columns by name, where the sample would mislead. One of "
                + ", ".join(text_types.DECLARABLE)
                + "."
            ),
            default_factory=dict,
        ),
    ]
    compression: Annotated[Compression, Field(description="Destination: how the files are packed.")] = Compression.AUTO
    partition_by: Annotated[
        tuple[str, ...],
        Field(max_length=4, description="Destination: columns whose values become folders such as dt=2024-01-01."),
    ] = ()
    endpoint: Annotated[
        str, Field(max_length=400, description="S3, GCS, Azure: address of a compatible server, with http:// or not.")
    ] = ""
    region: Annotated[str, Field(max_length=60, pattern=r"^[A-Za-z0-9-]*$", description="S3: the bucket's region.")] = (
        "us-east-1"
    )
    access_key_id: Annotated[str, Field(max_length=200, description="S3: the access key's id.")] = ""
    secret_access_key: Annotated[_Secret, Field(description="S3: the access key's secret.")] = None
    session_token: Annotated[_Secret, Field(description="S3: the token of temporary credentials.")] = None
    access_token: Annotated[_Secret, Field(description="GCS: an OAuth access token.")] = None
    account_name: Annotated[
        str, Field(max_length=100, pattern=r"^[A-Za-z0-9.-]*$", description="Azure: the storage account.")
    ] = ""
    account_key: Annotated[_Secret, Field(description="Azure: the account's key.")] = None
    sas_token: Annotated[_Secret, Field(description="Azure: a shared access signature.")] = None
    anonymous: Annotated[bool, Field(description="S3, GCS: read a public bucket without credentials.")] = False
    headers: Annotated[
        dict[str, str],
        Field(max_length=20, description="HTTP: headers for this host; nothing secret.", default_factory=dict),
    ]
    bearer_token: Annotated[_Secret, Field(description="HTTP: sent as Authorization: Bearer, to this host only.")] = (
        None
    )
    username: Annotated[str, Field(max_length=200, description="HTTP: the user of basic authentication.")] = ""
    password: Annotated[_Secret, Field(description="HTTP: the password of basic authentication.")] = None

    @field_validator("path")
    @classmethod
    def _known_path(cls, value: str) -> str:
        if "\0" in value:
            raise ValueError("must not hold a NUL character")
        scheme = scheme_of(value)
        if scheme and scheme not in SCHEMES:
            raise ValueError(f"unknown scheme; known are {', '.join(SCHEMES)}")
        if scheme and "@" in value.removeprefix(f"{scheme}://").partition("/")[0] and scheme not in ("abfs", "abfss"):
            raise ValueError("must not hold credentials: there are fields for them")
        return value

    @field_validator("account_key")
    @classmethod
    def _readable_key(cls, value: _Secret) -> _Secret:
        try:
            base64.b64decode(value.get_secret_value() if value else "", validate=True)
        except ValueError:
            raise ValueError("is not Base64, which Azure writes account keys in") from None
        return value

    @field_validator("encoding")
    @classmethod
    def _known_encoding(cls, value: str) -> str:
        try:
            "".encode(value)
        except LookupError:
            raise ValueError("is no known character encoding") from None
        return value

    @field_validator("types")
    @classmethod
    def _known_types(cls, value: dict[str, str]) -> dict[str, str]:
        unknown = sorted(set(value.values()) - set(text_types.DECLARABLE))
        if unknown:
            raise ValueError(f"unknown type {unknown[0]!r}; known are {', '.join(text_types.DECLARABLE)}")
        return value

    @field_validator("headers")
    @classmethod
    def _safe_headers(cls, value: dict[str, str]) -> dict[str, str]:
        for name, text in value.items():
            if not name.isascii() or not text.isascii() or any(c in name + text for c in "\r\n\0:" if c not in text):
                raise ValueError("a header's name or value holds a character that none may hold")
            if name.lower() in ("authorization", "host", "range", "cookie"):
                raise ValueError(f"the header {name} cannot be set here")
        return value

    @model_validator(mode="after")
    def _own_credentials(self) -> Self:
        # The worker's own cloud identity is never lent to a pipeline.
        scheme = scheme_of(self.path)
        if scheme == "s3" and not self.anonymous and not (self.access_key_id and self.secret_access_key):
            raise ValueError("s3 needs access_key_id and secret_access_key, or anonymous")
        if scheme in ("gs", "gcs") and not self.anonymous and not self.access_token:
            raise ValueError("gs needs access_token, or anonymous (HMAC keys work through s3:// and an endpoint)")
        if scheme in ("az", "abfs", "abfss") and not (self.account_key or self.sas_token):
            raise ValueError("azure needs account_key or sas_token")
        return self
