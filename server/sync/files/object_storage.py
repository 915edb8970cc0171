"""Files in S3-compatible storage, Google Cloud Storage and Azure Blob Storage, through Arrow's own drivers.

All three are tried against servers of their protocols. Where their drivers differ, a subclass says how.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from io import BufferedReader, RawIOBase
from typing import Any, BinaryIO, cast
from urllib.parse import urlsplit

import pyarrow as pa

from server.sync.connectors.base import ConnectorContext
from server.sync.errors import ErrorType, Origin, SyncError
from server.sync.files.config import FilesConfig, scheme_of
from server.sync.files.storage import MAX_LISTED, Changed, Entry, WritableStorage, split_pattern
from server.sync.reaching import addresses

_CODE = re.compile(r"AWS Error ([A-Z_]+)|google::cloud::Status\(([A-Z_]+):|Azure Error: \[(\w*)\]")
READ_AHEAD_BYTES = 1 << 20
_HTTP_CODE = re.compile(r"\(HTTP status (\d{3})\)")


class ObjectStorage(WritableStorage):
    """A prefix of a bucket or container. Objects appear whole: one that is written shows up when it is complete."""

    def __init__(self, filesystem: Any, base: str, origin: Origin, title: str) -> None:
        self.origin = origin
        self.title = title
        self._fs = filesystem
        self._base = base.rstrip("/")

    def find(self, path: str) -> Entry | None:
        """Look for one object."""
        from pyarrow import fs

        with self._translated(path):
            info = self._fs.get_file_info(self._full(path))
        return self._entry(info) if info.type == fs.FileType.File else None

    def walk(self, below: str = "") -> Iterator[Entry]:
        """List the objects below a prefix."""
        from pyarrow import fs

        with self._translated(below):
            found = self._fs.get_file_info(
                fs.FileSelector(self._full(below).rstrip("/"), recursive=True, allow_not_found=True)
            )
        if len(found) > MAX_LISTED:
            raise self.fault(
                ErrorType.CONFIG, "TOO_MANY_FILES", f"More than {MAX_LISTED} files", "Name a longer prefix."
            )
        for info in sorted(found, key=lambda info: str(info.path)):
            if info.type == fs.FileType.File and not info.base_name.startswith("."):
                yield self._entry(info)

    @contextmanager
    def open(self, entry: Entry, *, seeks: bool = False) -> Iterator[BinaryIO]:
        """Open an object; it can be read from any place."""
        with self._translated(entry.path), self._fs.open_input_file(self._full(entry.path)) as file:
            yield cast(
                "BinaryIO", file if seeks else BufferedReader(_Translating(file, self, entry.path), READ_AHEAD_BYTES)
            )

    @contextmanager
    def create(self, path: str) -> Iterator[BinaryIO]:
        """Write an object; it appears when the block ends well."""
        with self._translated(path):
            try:
                file = self._fs.open_output_stream(self._full(path))
            except FileNotFoundError as error:
                # An object needs no folder: what is missing is the bucket.
                raise self._told(_NO_BUCKET, path) from error
            try:
                yield cast("BinaryIO", file)
            except BaseException:
                # Arrow's streams cannot be given up: closing completes the object with what has been written so far.
                file.close()
                self._fs.delete_file(self._full(path))
                raise
            file.close()

    def move(self, source: str, target: str) -> None:
        """Copy on the server, then delete: object storage knows no renaming."""
        with self._translated(source):
            self._fs.copy_file(self._full(source), self._full(target))
            self._fs.delete_file(self._full(source))

    def delete(self, path: str) -> None:
        """Remove an object."""
        with self._translated(path):
            if self.find(path) is not None:
                self._fs.delete_file(self._full(path))

    def delete_folder(self, path: str) -> None:
        """Remove every object below a prefix."""
        from pyarrow import fs

        with self._translated(path):
            if self._fs.get_file_info(self._full(path)).type == fs.FileType.Directory:
                self._fs.delete_dir(self._full(path))

    def read_small(self, path: str) -> tuple[bytes, str] | None:
        """Read an object with its generation (GCS), or its ETag."""
        if self.find(path) is None:
            return None
        with self._translated(path), self._fs.open_input_stream(self._full(path)) as file:
            told = file.metadata()
            content: bytes = file.read()
        return content, (told.get("generation") or told["ETag"]).decode()

    def replace(self, path: str, content: bytes, expected: str | None) -> None:
        """Look, then write: Arrow's drivers know no conditional write."""
        found = self.read_small(path)
        if (found[1] if found else None) != expected:
            raise Changed(path)
        self._put(path, content)

    def _put(self, path: str, content: bytes) -> None:
        """Write an object so that its readers see the old content until they see the new one."""
        with self.create(path) as file:
            file.write(content)

    def translate(self, error: Exception, path: str) -> Exception:
        """Turn a driver's error into a SyncError by its code."""
        if isinstance(error, SyncError | Changed):
            return error
        text = str(error)
        found = _CODE.search(text) or _HTTP_CODE.search(text)
        code = found.group(found.lastindex or 0) if found else type(error).__name__
        known = _CODES.get(code) or (_UNREACHABLE if code.startswith("5") else None)
        return self._told(
            known
            or (
                ErrorType.TRANSIENT,
                "STORAGE_FAILED",
                f"The storage failed ({code})",
                "Try again; look at the storage's state and at the configuration.",
            ),
            path,
        )

    def _told(self, known: tuple[ErrorType, str, str, str], path: str) -> SyncError:
        type_, code, message, advice = known
        return self.fault(type_, code, f"{message}: {path or self._base!r}", advice)

    @contextmanager
    def _translated(self, path: str) -> Iterator[None]:
        try:
            yield
        except pa.ArrowInvalid:
            raise  # what is in the file, not where it stands
        except (OSError, pa.ArrowException) as error:
            raise self.translate(error, path) from error

    def _full(self, path: str) -> str:
        return f"{self._base}/{path}" if path else self._base

    def _entry(self, info: Any) -> Entry:
        relative = str(info.path).removeprefix(self._base).lstrip("/")
        return Entry(relative, info.size, info.mtime, str(info.mtime_ns or ""))


class GcsStorage(ObjectStorage):
    """A prefix of a bucket of Google Cloud Storage."""

    def delete_folder(self, path: str) -> None:
        """Remove every object below a prefix: the prefix itself is no object here, which ``delete_dir`` insists on."""
        with self._translated(path):
            self._fs.delete_dir_contents(self._full(path), missing_dir_ok=True)


class AzureStorage(ObjectStorage):
    """A prefix of a container of Azure Blob Storage."""

    def _put(self, path: str, content: bytes) -> None:
        """Write beside, then copy over: Arrow empties a blob when it opens it, long before it has the new content."""
        folder, _, name = path.rpartition("/")
        beside = f"{folder}/.{name}.new".lstrip("/")
        with self.create(beside) as file:
            file.write(content)
        self.move(beside, path)


class _Translating(RawIOBase):
    """A file whose reads raise SyncErrors, whatever reads it."""

    def __init__(self, file: Any, storage: ObjectStorage, path: str) -> None:
        self._file = file
        self._storage = storage
        self._path = path

    def readinto(self, buffer: Any, /) -> int:
        try:
            return int(self._file.readinto(buffer))
        except OSError as error:
            raise self._storage.translate(error, self._path) from error

    def seek(self, place: int, whence: int = 0, /) -> int:
        return int(self._file.seek(place, whence))

    def tell(self) -> int:
        return int(self._file.tell())

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True


def open_object_storage(config: FilesConfig, context: ConnectorContext, origin: Origin) -> tuple[ObjectStorage, str]:
    """Make the storage of a URL, and split off its pattern or the name of its one object."""
    scheme = scheme_of(config.path)
    path = config.path.partition("://")[2]
    if scheme in ("abfs", "abfss") and "@" in path.partition("/")[0]:
        container, _, rest = path.partition("@")
        path = f"{container}/{rest.partition('/')[2]}"
    base, pattern = (path.rstrip("/"), "") if origin is Origin.DESTINATION else split_pattern(path.rstrip("/"))
    for host, port in _servers_of(scheme, config):
        addresses(context.network, host, port, origin)
    kind, filesystem, title = _filesystem(scheme, config, context.timeout_seconds)
    storage = kind(filesystem, base, origin, title)
    if (
        not pattern
        and "/" in base
        and origin is Origin.SOURCE
        and not path.endswith("/")
        and storage.find("") is not None
    ):
        folder, _, name = base.rpartition("/")
        return kind(filesystem, folder, origin, title), name
    return storage, pattern


def _filesystem(scheme: str, config: FilesConfig, seconds: float) -> tuple[type[ObjectStorage], Any, str]:
    from pyarrow import fs

    anonymous = config.anonymous
    if scheme == "s3":
        endpoint = _endpoint(config.endpoint)
        filesystem = fs.S3FileSystem(
            access_key=None if anonymous else config.access_key_id,
            secret_key=None if anonymous else _plain(config.secret_access_key),
            session_token=None if anonymous else _plain(config.session_token),
            anonymous=anonymous,
            region=config.region,
            connect_timeout=min(seconds, 10.0),
            request_timeout=seconds,
            retry_strategy=fs.AwsStandardS3RetryStrategy(max_attempts=3),
            **endpoint,
        )
        return ObjectStorage, filesystem, "S3"
    if scheme in ("gs", "gcs"):
        from datetime import UTC, datetime, timedelta

        token = _plain(config.access_token)
        filesystem = fs.GcsFileSystem(
            anonymous=anonymous,
            access_token=token,
            # Arrow wants to know; a token that has run out is refused by the server by name.
            credential_token_expiration=datetime.now(UTC) + timedelta(hours=1) if token else None,
            retry_time_limit=timedelta(seconds=seconds),
            **_endpoint(config.endpoint),
        )
        return GcsStorage, filesystem, "Google Cloud Storage"
    account = _account_of(config)
    sas_token = _plain(config.sas_token)
    endpoint = _endpoint(config.endpoint)
    filesystem = fs.AzureFileSystem(
        account_name=account,
        account_key=_plain(config.account_key),
        # Arrow appends it to the blobs' addresses as it is; the portal shows it with the question mark or without.
        sas_token=None if config.account_key or sas_token is None else f"?{sas_token.removeprefix('?')}",
        **(
            {
                "blob_storage_authority": endpoint["endpoint_override"],
                "dfs_storage_authority": endpoint["endpoint_override"],
                "blob_storage_scheme": endpoint.get("scheme", "https"),
                "dfs_storage_scheme": endpoint.get("scheme", "https"),
            }
            if endpoint
            else {}
        ),
    )
    return AzureStorage, filesystem, "Azure Blob Storage"


def _account_of(config: FilesConfig) -> str:
    return (config.account_name or urlsplit(config.path).hostname or "").partition(".")[0]


def _servers_of(scheme: str, config: FilesConfig) -> list[tuple[str, int]]:
    """The hosts and ports that Arrow's driver will ask; it resolves the names itself, a moment after the policy did."""
    if config.endpoint:
        given = config.endpoint if "://" in config.endpoint else f"https://{config.endpoint}"
        parts = urlsplit(given)
        return [(parts.hostname or "", parts.port or (80 if parts.scheme == "http" else 443))]
    if scheme == "s3":
        return [(f"s3.{config.region}.amazonaws.com", 443)]
    if scheme in ("gs", "gcs"):
        return [("storage.googleapis.com", 443)]
    return [(f"{_account_of(config)}.{service}.core.windows.net", 443) for service in ("blob", "dfs")]


def _endpoint(endpoint: str) -> dict[str, str]:
    if not endpoint:
        return {}
    scheme, found, rest = endpoint.partition("://")
    return {"scheme": scheme, "endpoint_override": rest.rstrip("/")} if found else {"endpoint_override": endpoint}


def _plain(secret: Any) -> str | None:
    return None if secret is None else secret.get_secret_value()


_UNREACHABLE = (
    ErrorType.TRANSIENT,
    "CONNECTION_FAILED",
    "The storage cannot be reached",
    "Check endpoint, region and network, then try again.",
)
_FORBIDDEN = (
    ErrorType.CONFIG,
    "PERMISSION_DENIED",
    "The storage refuses these credentials here",
    "Check the keys and what they are allowed to do with this path.",
)
_MISSING = (ErrorType.CONFIG, "FILE_NOT_FOUND", "The storage has no such file", "Check the path.")
_NO_BUCKET = (
    ErrorType.CONFIG,
    "BUCKET_NOT_FOUND",
    "There is no such bucket or container",
    "Check its name and the endpoint.",
)
_CODES = {
    "ACCESS_DENIED": _FORBIDDEN,
    "INVALID_ACCESS_KEY_ID": _FORBIDDEN,
    "SIGNATURE_DOES_NOT_MATCH": _FORBIDDEN,
    "INVALID_CLIENT_TOKEN_ID": _FORBIDDEN,
    "UNRECOGNIZED_CLIENT": _FORBIDDEN,
    "INVALID_SIGNATURE": _FORBIDDEN,
    "UNAUTHENTICATED": _FORBIDDEN,
    "AuthenticationFailed": _FORBIDDEN,
    "AuthorizationFailure": _FORBIDDEN,
    "AuthorizationPermissionMismatch": _FORBIDDEN,
    "NoAuthenticationInformation": _FORBIDDEN,
    "PERMISSION_DENIED": _FORBIDDEN,
    "PermissionError": _FORBIDDEN,
    "401": _FORBIDDEN,
    "403": _FORBIDDEN,
    "NO_SUCH_KEY": _MISSING,
    "RESOURCE_NOT_FOUND": _MISSING,
    "BlobNotFound": _MISSING,
    "NOT_FOUND": _MISSING,
    "FileNotFoundError": _MISSING,
    "404": _MISSING,
    "NO_SUCH_BUCKET": _NO_BUCKET,
    "ContainerNotFound": _NO_BUCKET,
    "": _UNREACHABLE,  # Azure's driver has no code where no server has answered
    "NETWORK_CONNECTION": _UNREACHABLE,
    "ServerBusy": _UNREACHABLE,
    "SERVICE_UNAVAILABLE": _UNREACHABLE,
    "INTERNAL_FAILURE": _UNREACHABLE,
    "SLOW_DOWN": _UNREACHABLE,
    "UNAVAILABLE": _UNREACHABLE,
    "THROTTLING": _UNREACHABLE,
    "429": _UNREACHABLE,
}
