"""The child process that dlt runs in: started for one piece of work, listened to frame by frame, and killed.

dlt keeps state of its own in a process (settings, secrets, plugins), its sources are foreign code, and a request that
hangs cannot be ended from outside a thread. In a process of its own all of that is bounded: it gets the platform's
modules but not its environment, its memory has a limit, and cancelling a run ends it at once.
"""

from __future__ import annotations

import asyncio
import fnmatch
import json
import os
import signal
import sys
import tempfile
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import aclosing, suppress
from dataclasses import asdict, dataclass, field, replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pyarrow as pa
from pydantic import BaseModel, SecretStr

from server.network.check import OPEN
from server.network.policy import Policy
from server.sync.errors import ErrorType, Origin, SyncError
from server.sync.model import Catalog, Column, Stream
from server.sync.redaction import redacted
from server.sync.source import Batch, Read, Rejected, Source

MAX_FRAME_BYTES = 256 << 20
_KEPT_ENVIRONMENT = ("PATH", "LANG", "LC_ALL", "TZ", "SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE",
                     "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "no_proxy")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Frame:
    """What the child sends: a word for what it is, a JSON object, and bytes (a record batch as an Arrow stream)."""

    kind: str
    header: Mapping[str, Any]
    payload: bytes = b""


@dataclass(frozen=True, slots=True)
class Job:
    """What the child is to do: ``work`` is check, discover or read, ``reader`` the connector's kind.

    ``network`` is the policy of where connections may go; ``secrets`` must not stand in a message; ``patience`` is the
    longest silence in seconds.
    """

    reader: str
    work: str
    config: Mapping[str, Any]
    rules: Mapping[str, Any] = field(default_factory=dict)
    read: Mapping[str, Any] | None = None
    stream: str | None = None
    secrets: tuple[str, ...] = ()
    patience: float = 300.0
    network: Policy = OPEN.policy


class ChildSource(Source):
    """A source whose streams are described and read by children, one for each piece of work.

    A child that reads gives positions where its reader can go on.
    """

    def __init__(self, job: Job, tell: Callable[[str], None]) -> None:
        self._job = job
        self._tell = tell

    async def check(self) -> Mapping[str, Any]:
        """Try the source; gives what the child has found."""
        async with aclosing(frames(replace(self._job, work="check"), self._tell)) as received:
            found = [frame.header async for frame in received]
        return found[0]

    async def discover(self, name: str | None = None) -> Catalog:
        """Describe all streams, or one."""
        job = replace(self._job, work="discover", stream=name)
        async with aclosing(frames(job, self._tell)) as received:
            return Catalog(tuple([stream_from_json(frame.header) async for frame in received]))

    async def describe(self, namespace: str, name: str) -> Stream:
        """Describe one stream by a sample of it."""
        return (await self.discover(f"{namespace}.{name}" if namespace else name)).streams[0]

    async def read(self, read: Read) -> AsyncGenerator[Batch, None]:
        """Read the batches of a child."""
        job = replace(self._job, work="read", stream=read.stream.name, read=read_to_json(read))
        async with aclosing(frames(job, self._tell)) as received:
            async for frame in received:
                yield _batch(frame, read.stream.name)


async def frames(job: Job, tell: Callable[[str], None]) -> AsyncGenerator[Frame, None]:
    """Start the child and yield what it sends; closing kills it.

    Raises the child's SyncError, DRIVER_MISSING, SOURCE_STALLED (silent for too long), SOURCE_CRASHED.
    """
    require_dlt()
    with tempfile.TemporaryDirectory(prefix="thedata-dlt-") as folder:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-P",
            "-m",
            "server.sync.dlt_sources.child",
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            cwd=folder,
            env=_environment(folder),
            start_new_session=True,
        )
        complaint = asyncio.ensure_future(_tail(process))
        try:
            await _send(process, job)
            async with aclosing(_received(process, job, tell, complaint)) as received:
                async for frame in received:
                    yield frame
        finally:
            await asyncio.shield(_end(process, complaint))


def require_dlt() -> None:
    """Raise SyncError DRIVER_MISSING where dlt is missing."""
    if find_spec("dlt") is None:
        raise SyncError(
            origin=Origin.PLATFORM,
            type=ErrorType.CONFIG,
            code="DRIVER_MISSING",
            message="This connector needs dlt, which is not installed",
            advice='Let the operator install it: pip install "thedata[dlt]".',
        )


def revealed(value: Any) -> Any:
    """Write a configuration as plain JSON values, with its secrets."""
    if isinstance(value, SecretStr):
        return value.get_secret_value()
    if isinstance(value, BaseModel):
        return {name: revealed(getattr(value, name)) for name in type(value).model_fields}
    if isinstance(value, dict):
        return {name: revealed(item) for name, item in value.items()}
    if isinstance(value, tuple | list):
        return [revealed(item) for item in value]
    return value


def read_to_json(read: Read) -> dict[str, Any]:
    """Write a read as the child takes it."""
    return {
        "stream": read.stream.name,
        "known": [asdict(column) for column in read.stream.columns],
        "columns": [column.name for column in read.columns],
        "cursor": asdict(read.cursor) if read.cursor else None,
        "after": read.after,
        "limit": read.limit,
    }


def stream_from_json(raw: Mapping[str, Any]) -> Stream:
    """Read a stream as the child tells it."""
    columns = tuple(Column(**column) for column in raw["columns"])
    return Stream(raw["name"], "", columns, tuple(raw["primary_key"]))


def batch_header(batch: Batch) -> dict[str, Any]:
    """Write what a batch has beside its rows."""
    return {
        "first_row": batch.first_row,
        "bytes_read": batch.bytes_read,
        "position": batch.position,
        "rejected": [asdict(item) for item in batch.rejected],
    }


def granted(name: str, patterns: Sequence[str]) -> bool:
    """Tell whether a pattern gives the name and none with "!" in front takes it away."""
    taken = any(fnmatch.fnmatchcase(name, pattern[1:]) for pattern in patterns if pattern.startswith("!"))
    return not taken and any(fnmatch.fnmatchcase(name, pattern) for pattern in patterns)


def _batch(frame: Frame, place: str) -> Batch:
    with pa.ipc.open_stream(frame.payload) as reader:
        rows = reader.read_next_batch()
    header = frame.header
    rejected = tuple(Rejected(**item) for item in header["rejected"])
    return Batch(rows, place, header["first_row"], header["bytes_read"], header["position"], rejected)


async def _send(process: asyncio.subprocess.Process, job: Job) -> None:
    assert process.stdin is not None
    # One line: what stays open after it tells the child that we are still there.
    process.stdin.write(json.dumps(asdict(job)).encode() + b"\n")
    with suppress(ConnectionError):  # a child that has ended is told by what it leaves behind
        await process.stdin.drain()


async def _received(
    process: asyncio.subprocess.Process, job: Job, tell: Callable[[str], None], complaint: asyncio.Future[str]
) -> AsyncGenerator[Frame, None]:
    assert process.stdout is not None
    place: str | None = None
    while True:
        try:
            async with asyncio.timeout(job.patience):
                frame = await _next(process.stdout)
        except TimeoutError as error:
            raise SyncError(
                origin=Origin.SOURCE,
                type=ErrorType.TRANSIENT,
                code="SOURCE_STALLED",
                message=f"The source has given nothing for {job.patience:.0f} seconds and was ended",
                advice="Look at the system that it reads; raise the connection's patience if that is normal.",
                stream=job.stream,
                position=place,
            ) from error
        except asyncio.IncompleteReadError as error:
            raise await _crashed(process, job, place, complaint) from error
        match frame.kind:
            case "alive":
                place = str(frame.header["position"])
            case "log":
                tell(str(frame.header["message"]))
            case "error":
                raise _error(frame.header)
            case "end":
                return
            case _:
                yield frame


async def _next(stream: asyncio.StreamReader) -> Frame:
    sizes = await stream.readexactly(8)
    header_size, payload_size = int.from_bytes(sizes[:4], "big"), int.from_bytes(sizes[4:], "big")
    if header_size + payload_size > MAX_FRAME_BYTES:
        raise asyncio.IncompleteReadError(sizes, None)
    header = json.loads(await stream.readexactly(header_size))
    return Frame(header.pop("kind"), header, await stream.readexactly(payload_size))


async def _crashed(
    process: asyncio.subprocess.Process, job: Job, place: str | None, complaint: asyncio.Future[str]
) -> SyncError:
    code = await process.wait()
    said = redacted((await complaint).strip(), job.secrets).rsplit("\n", 1)[-1]
    ended = f"by signal {-code}" if code < 0 else f"with code {code}"
    return SyncError(
        origin=Origin.SOURCE,
        type=ErrorType.SYSTEM,
        code="SOURCE_CRASHED",
        message=f"The source's process ended {ended}" + (f": {said}" if said else ""),
        advice="Look at the memory of the machine and at the source's own documentation.",
        stream=job.stream,
        position=place,
    )


def _error(header: Mapping[str, Any]) -> SyncError:
    values = dict(header)
    return SyncError(origin=Origin(values.pop("origin")), type=ErrorType(values.pop("type")), **values)


async def _tail(process: asyncio.subprocess.Process) -> str:
    """Read what the child and its source print, and keep the end of it."""
    assert process.stderr is not None
    kept = b""
    while piece := await process.stderr.read(4096):
        kept = (kept + piece)[-4096:]
    return kept.decode(errors="replace")


async def _end(process: asyncio.subprocess.Process, complaint: asyncio.Future[str]) -> None:
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.close()
    with suppress(ProcessLookupError):  # it has ended by itself, with all that it had started
        os.killpg(process.pid, signal.SIGKILL)
    while await process.stdout.read(1 << 16):
        continue
    await complaint
    await process.wait()


def _environment(folder: str) -> dict[str, str]:
    kept = {name: os.environ[name] for name in _KEPT_ENVIRONMENT if name in os.environ}
    paths = [str(Path(path or ".").resolve()) for path in sys.path]
    return kept | {
        "PYTHONPATH": os.pathsep.join(paths),
        "HOME": folder,
        "DLT_DATA_DIR": folder,
        "DLT_PROJECT_DIR": folder,
        "DLT_CONFIG_FOLDER": folder,
        "RUNTIME__DLTHUB_TELEMETRY": "false",
        "RUNTIME__LOG_LEVEL": "CRITICAL",
    }
