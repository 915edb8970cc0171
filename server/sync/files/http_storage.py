"""One file behind an HTTP(S) address: read once through, or piece by piece where the server knows ranges."""

from __future__ import annotations

import io
import socket
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from email.utils import parsedate_to_datetime
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any, BinaryIO, cast
from urllib.parse import unquote, urljoin, urlsplit

from server.network.errors import HostNotAllowed, HostNotFound
from server.sync.connectors.base import ConnectorContext
from server.sync.errors import ErrorType, Origin, SyncError
from server.sync.files.config import FilesConfig
from server.sync.files.storage import Entry, Storage
from server.sync.reaching import refused
from server.sync.readers.safe_open import file_error

if TYPE_CHECKING:
    import httpx

RETRIES = 3
REDIRECTS = 5
PIECE = 1 << 20
MAX_SPOOLED = 4 << 30
_BUSY = frozenset((408, 425, 429, 500, 502, 503, 504))


class HttpStorage(Storage):
    """A web server's file. Credentials and own headers go to the configured host only, whatever it redirects to."""

    title = "HTTP"
    origin = Origin.SOURCE

    def __init__(self, config: FilesConfig, context: ConnectorContext) -> None:
        import httpx

        from server.network.http import CheckedTransport

        self._url = config.path
        self._own = dict(config.headers)
        auth: httpx.Auth | None = None
        if config.bearer_token is not None:
            self._own["Authorization"] = f"Bearer {config.bearer_token.get_secret_value()}"
        elif config.username and config.password is not None:
            auth = httpx.BasicAuth(config.username, config.password.get_secret_value())
            request = next(auth.auth_flow(httpx.Request("GET", "http://x")))
            self._own["Authorization"] = request.headers["Authorization"]
        seconds = self._seconds = context.timeout_seconds
        self._client = httpx.Client(
            timeout=httpx.Timeout(seconds, connect=min(seconds, 10.0)),
            headers={"Accept-Encoding": "identity"},
            trust_env=False,
            transport=CheckedTransport(context.network, httpx.Limits(max_connections=4)),
        )
        self._sockets: list[socket.socket] = []
        self.ranges = False
        self.cut = False

    @staticmethod
    def name_of(url: str) -> str:
        """The file's name within an address."""
        return PurePosixPath(unquote(urlsplit(url).path)).name or "index"

    def find(self, path: str) -> Entry | None:
        """Ask for the file's size and version."""
        return self._entry() if path == self.name_of(self._url) else None

    def walk(self, below: str = "") -> Iterator[Entry]:
        """Yield the one file: web servers tell no list."""
        if not below:
            yield self._entry()

    @contextmanager
    def open(self, entry: Entry, *, seeks: bool = False) -> Iterator[BinaryIO]:
        """Open the file; where it must be read out of order and the server knows no ranges it is kept in a file."""
        self.cut = False
        file = HttpFile(self, entry, seeks=seeks and self.ranges)
        try:
            if seeks and not self.ranges:
                with tempfile.TemporaryFile() as spooled:
                    _spool(file, spooled)
                    yield cast("BinaryIO", spooled)
            else:
                yield cast("BinaryIO", io.BufferedReader(file, PIECE))
        finally:
            file.close()

    def get(self, method: str = "GET", headers: dict[str, str] | None = None) -> httpx.Response:
        """Send a request, again where the server is busy; gives an answer with status 200 or 206, not yet read."""
        import httpx

        for attempt in range(RETRIES + 1):
            try:
                answer = self._follow(method, headers or {})
            except (HostNotAllowed, HostNotFound) as failure:
                raise refused(failure, self.origin) from failure
            except httpx.TransportError as error:
                if attempt == RETRIES or self.cut:
                    raise self.unreachable(error) from error
            else:
                if answer.status_code in (200, 206):
                    self._refuse_page(answer)
                    return answer
                answer.close()
                if answer.status_code not in _BUSY or attempt == RETRIES:
                    raise self._refused(answer.status_code)
            time.sleep(min(0.2 * 2**attempt, self._seconds / 10))
        raise AssertionError("unreachable")

    def unreachable(self, error: Exception) -> SyncError:
        """Make the error of a connection that fails."""
        timeout = "Timeout" in type(error).__name__
        return self.fault(
            ErrorType.TRANSIENT,
            "TIMEOUT" if timeout else "CONNECTION_FAILED",
            f"The server {'does not answer in time' if timeout else 'cannot be reached'} ({type(error).__name__})",
            "Check the address and the network, then try again.",
        )

    def interrupt(self) -> None:
        """Cut the connections: what waits for the server ends, and is not tried again."""
        self.cut = True
        for found in self._sockets:
            with suppress(OSError):  # gone already
                found.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def _follow(self, method: str, headers: dict[str, str]) -> httpx.Response:
        url = self._url
        home = _origin_of(url)
        for _ in range(REDIRECTS + 1):
            own = self._own if _origin_of(url) == home else {}
            request = self._client.build_request(
                method, url, headers={**headers, **own}, extensions={"trace": self._trace}
            )
            answer = self._client.send(request, stream=True)
            if not answer.has_redirect_location:
                return answer
            answer.close()
            url = urljoin(url, answer.headers["location"])
            if urlsplit(url).scheme not in ("http", "https"):
                break
        raise file_error("HTTP_REDIRECTS", "The server redirects without an end", "Name the file's final address.")

    def _trace(self, event: str, info: Any) -> None:
        """Remember the sockets: nothing else ends a wait for an answer that has not begun."""
        if event in ("connection.connect_tcp.complete", "connection.start_tls.complete"):
            made = info["return_value"].get_extra_info("socket")
            self._sockets = [*(found for found in self._sockets if found.fileno() >= 0), made]

    def _entry(self) -> Entry:
        # A GET that is not read: HEAD is not known to every server, least to signed addresses.
        answer = self.get(headers={"Range": "bytes=0-0"})
        with_range = answer.status_code == 206
        answer.close()
        self.ranges = with_range
        found = answer.headers
        size = found.get("content-range", "").rpartition("/")[2] if with_range else found.get("content-length", "")
        modified = _moment(found.get("last-modified"))
        version = found.get("etag") or found.get("last-modified") or ""
        return Entry(self.name_of(self._url), int(size) if size.isdigit() else 0, modified, version)

    def _refuse_page(self, answer: httpx.Response) -> None:
        if answer.headers.get("content-type", "").partition(";")[0].strip().lower() in _PAGES:
            answer.close()
            raise file_error(
                "HTTP_HTML_ANSWER",
                "The server answered with a web page, not with a file",
                "Name the address that gives the file itself; a login may be asked for.",
            )

    def _refused(self, status: int) -> SyncError:
        if status in (401, 403, 407):
            return file_error(
                "PERMISSION_DENIED", f"The server refuses access (status {status})", "Check the token or password."
            )
        if status in (404, 410):
            return file_error("FILE_NOT_FOUND", f"The server has no such file (status {status})", "Check the address.")
        if status in _BUSY:
            return self.fault(
                ErrorType.TRANSIENT, "SERVER_BUSY", f"The server fails again and again (status {status})", "Try later."
            )
        return file_error("HTTP_STATUS", f"The server answered with status {status}", "Check the address.")


class HttpFile(io.RawIOBase):
    """The file's bytes; a connection that breaks is taken up again where it broke, if the server knows ranges."""

    def __init__(self, storage: HttpStorage, entry: Entry, *, seeks: bool) -> None:
        self._storage = storage
        self._entry = entry
        self._seeks = seeks
        self._place = 0
        self._answer: httpx.Response | None = None
        self._chunks: Iterator[bytes] = iter(())
        self._left = b""

    def readable(self) -> bool:
        """Files behind addresses are read."""
        return True

    def seekable(self) -> bool:
        """Whether another place can be gone to."""
        return self._seeks

    def tell(self) -> int:
        """The place that is read next."""
        return self._place

    def seek(self, place: int, whence: int = 0) -> int:
        """Go to another place."""
        if not self._seeks:
            raise io.UnsupportedOperation("seek")
        self._place = place + (0, self._place, self._entry.size)[whence]
        return self._place

    def readinto(self, buffer: Any) -> int:
        """Read some bytes."""
        view = memoryview(buffer).cast("B")
        if self._seeks:
            return self._read_piece(view)
        found = self._next()
        count = min(len(view), len(found))
        view[:count] = found[:count]
        self._left = found[count:]
        self._place += count
        return count

    def close(self) -> None:
        """Let go of the connection."""
        if self._answer is not None:
            self._answer.close()
        super().close()

    def _read_piece(self, view: memoryview) -> int:
        end = min(self._place + len(view), self._entry.size)
        if end <= self._place:
            return 0
        import httpx

        for attempt in range(RETRIES + 1):
            answer = self._storage.get(headers=self._range(f"bytes={self._place}-{end - 1}"))
            try:
                self._same(answer)
                content = answer.read()
                break
            except httpx.TransportError as error:
                if attempt == RETRIES or self._storage.cut:
                    raise self._storage.unreachable(error) from error
            finally:
                answer.close()
        content = content[: len(view)]
        view[: len(content)] = content
        self._place += len(content)
        return len(content)

    def _next(self) -> bytes:
        import httpx

        if self._left:
            return self._left
        for attempt in range(RETRIES + 1):
            try:
                if self._answer is None:
                    headers = self._range(f"bytes={self._place}-") if self._place else {}
                    self._answer = self._storage.get(headers=headers)
                    self._same(self._answer)
                    self._chunks = self._answer.iter_raw(PIECE)
                return next(self._chunks, b"")
            except httpx.TransportError as error:
                if attempt == RETRIES or self._storage.cut or not self._storage.ranges:
                    raise self._storage.unreachable(error) from error
                self._answer = None
        return b""

    def _range(self, wanted: str) -> dict[str, str]:
        return {"Range": wanted}

    def _same(self, answer: httpx.Response) -> None:
        version = answer.headers.get("etag") or answer.headers.get("last-modified") or ""
        partly = self._place == 0 or answer.status_code == 206
        if version != self._entry.version or not partly:
            answer.close()
            raise source_changed(self._entry.path)


def source_changed(path: str) -> SyncError:
    """Make the error of a file that is another one than it was when reading began."""
    return file_error(
        "SOURCE_CHANGED",
        f"{path} has changed while it was being read",
        "Run the stream again: it starts anew. Write new files beside the old ones rather than over them.",
        path,
    )


_PAGES = frozenset(("text/html", "application/xhtml+xml"))


def _origin_of(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    return parts.scheme.lower(), parts.netloc.lower()


def _moment(text: str | None) -> datetime | None:
    if not text:
        return None
    try:
        return parsedate_to_datetime(text)
    except ValueError:
        return None


def _spool(file: HttpFile, into: BinaryIO) -> None:
    total = 0
    buffer = bytearray(PIECE)
    while count := file.readinto(buffer):
        total += count
        if total > MAX_SPOOLED:
            raise file_error(
                "FILE_TOO_LARGE",
                f"The file has more than {MAX_SPOOLED >> 30} GiB, and its server knows no ranges",
                "Serve it with ranges, or as CSV or JSON Lines.",
            )
        into.write(memoryview(buffer)[:count])
    into.seek(0)
