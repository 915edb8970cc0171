"""Polite and exact HTTP below dlt's REST client: waits as it is told, bounds every answer, keeps the digits of numbers.

Requests, authentication and the finding and following of pages are dlt's own. What is here is what its session has not:
its retries cut a ``Retry-After`` to their own longest delay and so ask too early, count such waits as failed attempts,
and are silent; an answer may be of any size and drip for ever, a redirect may lead anywhere, JSON numbers are rounded,
and pages may go in a circle.

Imported in the child process only (``dlt_sources.child``): it needs dlt and requests.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

import requests
from dlt.common import jsonpath
from dlt.sources.helpers.rest_client.detector import PaginatorFactory
from dlt.sources.helpers.rest_client.paginators import BasePaginator
from requests.adapters import HTTPAdapter
from urllib3.exceptions import HTTPError as Urllib3Error
from urllib3.exceptions import NameResolutionError, ReadTimeoutError

from server.sync.dlt_sources.process import granted
from server.sync.errors import ErrorType, Origin, SyncError
from server.sync.readers.jsonl import Digits, dump
from server.sync.redaction import redacted

MAX_REDIRECTS = 5
CONNECT_SECONDS = 10.0
_PIECE = 64 << 10
_WAITING = frozenset((429, 503))
_RETRIED = frozenset((500, 502, 504))


@dataclass(slots=True)
class Manners:
    """The bounds of talking with an API, and what has been used of them.

    ``seconds`` is the longest time that one answer may take, ``waits`` and ``waited`` count what a rate limit has cost.
    """

    seconds: float
    max_answer_bytes: int
    max_retries: int
    max_wait: float
    max_total_wait: float
    hosts: Sequence[str]
    secrets: tuple[str, ...]
    tell: Callable[[str], None]
    bytes_read: int = 0
    waits: int = 0
    waited: float = 0.0

    def wait(self, seconds: float, status: int, place: str) -> None:
        """Wait as long as the API asks for; raises SyncError RATE_LIMITED beyond the bounds."""
        if seconds > self.max_wait or self.waited + seconds > self.max_total_wait:
            raise http_error(
                "RATE_LIMITED",
                f"The API asks to wait {seconds:.0f} s (status {status}), after {self.waited:.0f} s of waiting"
                f" in {self.waits} waits",
                "Run it less often, ask for larger pages, or raise max_wait_seconds and max_total_wait_seconds.",
                place,
                ErrorType.TRANSIENT,
            )
        self.waits += 1
        self.waited += seconds
        self.tell(
            f"Status {status} from {place}: waiting {seconds:.0f} s (wait {self.waits}, {self.waited:.0f} s in all)."
        )
        time.sleep(seconds)


class ExactResponse(requests.Response):
    """An answer whose numbers stay the digits that they are."""

    _parsed: Any = None

    def json(self, **_kwargs: Any) -> Any:
        """Parse the body once; raises SyncError ANSWER_NOT_JSON, JSON_MALFORMED."""
        if self.status_code == 204:
            return []
        if self._parsed is None:
            self._parsed = self._parse()
        return self._parsed

    def _parse(self) -> Any:
        place = shown_url(self.url)
        kind = self.headers.get("Content-Type", "").partition(";")[0].strip().lower()
        if "html" in kind or self.content.lstrip()[:1] == b"<":
            raise http_error(
                "ANSWER_NOT_JSON",
                f"The API answered with {kind or 'a markup text'} instead of JSON",
                "Check base URL and path; some APIs answer with a login page when they are asked without a key.",
                place,
            )
        try:
            return json.loads(
                self.content, parse_int=Digits, parse_float=Digits, parse_constant=Digits, object_pairs_hook=_unique
            )
        except (ValueError, RecursionError) as error:
            told = str(error)[:100] if isinstance(error, ValueError) else "it is nested too deeply"
            raise http_error(
                "JSON_MALFORMED", f"The answer is no valid JSON: {told}", "Ask who runs the API.", place
            ) from error


class PoliteAdapter(HTTPAdapter):
    """Sends one request: to allowed hosts only, again after a wait or a passing fault, and reads all of the answer."""

    def __init__(self, manners: Manners) -> None:
        self.manners = manners
        super().__init__()

    def send(self, request: requests.PreparedRequest, **kwargs: Any) -> requests.Response:  # type: ignore[override]  # the same arguments, by name
        """Send, wait, try again; raises SyncError for every answer that is no success or redirect."""
        place = shown_url(request.url or "")
        require_allowed(request.url or "", self.manners.hosts)
        kwargs.update(stream=True, timeout=(min(CONNECT_SECONDS, self.manners.seconds), self.manners.seconds))
        for attempt in range(self.manners.max_retries + 1):
            last = attempt == self.manners.max_retries
            response = self._answer(request, place, last, kwargs)
            while response is not None and response.status_code in _WAITING:
                self.manners.wait(asked_wait(response.headers, self.manners.waits), response.status_code, place)
                response = self._answer(request, place, last, kwargs)
            if response is None or (response.status_code in _RETRIED and not last):
                time.sleep(min(0.5 * 2**attempt, 8.0))
                continue
            if response.status_code >= 400:
                raise refused(response, place, self.manners)
            return response
        raise AssertionError("the last attempt returns or raises")

    def build_response(self, req: requests.PreparedRequest, resp: Any) -> ExactResponse:
        """Make the answer an exact one."""
        exact = ExactResponse()
        exact.__dict__.update(super().build_response(req, resp).__dict__)
        return exact

    def _answer(
        self, request: requests.PreparedRequest, place: str, last: bool, kwargs: dict[str, Any]
    ) -> requests.Response | None:
        started = time.monotonic()
        try:
            response = super().send(request, **kwargs)
            self._read_body(response, place, started)
        except requests.Timeout as error:
            raise silent(place, self.manners.seconds) from error
        except ReadTimeoutError as error:
            raise silent(place, self.manners.seconds) from error
        except requests.exceptions.SSLError as error:
            raise http_error("TLS_FAILED", "TLS failed", "Check the certificate of the API.", place) from error
        except (requests.ConnectionError, Urllib3Error, OSError) as error:
            if isinstance(_reason(error), NameResolutionError):
                host = urlsplit(place).hostname
                raise http_error(
                    "HOST_NOT_FOUND", f"The host {host!r} has no address", "Check the name.", place
                ) from error
            if not last:
                return None
            raise http_error(
                "CONNECTION_FAILED",
                "The API could not be reached, or broke off its answer",
                "Check host and port, and that the API runs.",
                place,
                ErrorType.TRANSIENT,
            ) from error
        return response

    def _read_body(self, response: requests.Response, place: str, started: float) -> None:
        pieces, size, bound = [], 0, self.manners.max_answer_bytes
        # read1 gives what has come: read would wait for a full piece, however slowly the bytes drip.
        while piece := response.raw.read1(_PIECE, decode_content=True):
            size += len(piece)
            pieces.append(piece)
            if size > bound:
                response.raw.close()
                raise http_error(
                    "ANSWER_TOO_LARGE",
                    f"An answer is larger than {bound >> 20} MiB",
                    "Ask for smaller pages, or raise max_answer_mib.",
                    place,
                )
            if time.monotonic() - started > self.manners.seconds:
                response.raw.close()
                raise silent(place, self.manners.seconds)
        response._content = b"".join(pieces)
        response._content_consumed = True  # type: ignore[attr-defined]  # of requests, but not in its stubs
        self.manners.bytes_read += size


class ExactSession(requests.Session):
    """A session with polite adapters; bodies are written with the digits that numbers came with."""

    def __init__(self, manners: Manners, own_headers: Sequence[str]) -> None:
        super().__init__()
        self.max_redirects = MAX_REDIRECTS
        self._own_headers = own_headers
        adapter = PoliteAdapter(manners)
        self.mount("http://", adapter)
        self.mount("https://", adapter)

    def prepare_request(self, request: requests.Request) -> requests.PreparedRequest:
        """Write the JSON body digit by digit."""
        if request.json is None:
            return super().prepare_request(request)
        written = requests.Request(
            request.method,
            request.url,
            dict(request.headers) | {"Content-Type": "application/json"},
            params=request.params,
            data=dump(request.json).encode(),
            auth=request.auth,
            hooks=request.hooks,
        )
        return super().prepare_request(written)

    def rebuild_auth(self, prepared_request: requests.PreparedRequest, response: requests.Response) -> None:
        """Keep keys and the user's own headers from the host of a redirect."""
        super().rebuild_auth(prepared_request, response)  # type: ignore[no-untyped-call]  # its stubs are so
        if _origin(prepared_request.url or "") != _origin(response.request.url or ""):
            for name in self._own_headers:
                prepared_request.headers.pop(name, None)


@dataclass
class Watched(BasePaginator):
    """A paginator that cannot go round in circles; without an inner one it is found from the first answer, as dlt does.

    ``selector`` is where the rows stand: an answer without it is an error, not an empty page.
    """

    inner: BasePaginator | None
    selector: str | None
    max_pages: int
    found: BasePaginator | None = None
    pages: set[bytes] = field(default_factory=set)

    def init_request(self, request: requests.Request) -> None:
        """Begin anew."""
        self.found, self.pages = self.inner, set()
        if self.found is not None:
            self.found.init_request(request)

    def update_state(self, response: requests.Response, data: list[Any] | None = None) -> None:
        """Look at a page; raises SyncError PAGINATION_ENDLESS, DATA_NOT_FOUND."""
        place = shown_url(response.url)
        if not data and self.selector and not jsonpath.find_values(self.selector, response.json()):
            raise _no_data(response.json(), self.selector, place)
        if self.found is None:
            self.found, _ = PaginatorFactory().create_paginator(response)
        self.found.update_state(response, data)
        # Pages without rows are alike, and a link in the header may still lead on.
        link = response.headers.get("Link", "").encode()
        digest = hashlib.blake2b(response.content + link, digest_size=16).digest()
        if digest in self.pages and (data or self.found.has_next_page):
            raise http_error(
                "PAGINATION_ENDLESS",
                f"Page {len(self.pages) + 1} is a page that has been read before",
                "Check the pagination: the API ignores its parameter, or its links go in a circle.",
                place,
            )
        self.pages.add(digest)
        if len(self.pages) >= self.max_pages and self.found.has_next_page:
            raise http_error(
                "PAGINATION_ENDLESS", f"There are more than {self.max_pages:,} pages", "Raise max_pages.", place
            )

    def update_request(self, request: requests.Request) -> None:
        """Ask for the next page."""
        assert self.found is not None
        self.found.update_request(request)

    @property
    def has_next_page(self) -> bool:
        """Whether there is a next page."""
        return self.found is None or self.found.has_next_page


def require_allowed(url: str, hosts: Sequence[str]) -> None:
    """Raise SyncError HOST_FORBIDDEN unless the patterns grant the URL's host.

    Every request comes by here: pages, redirects, tokens.
    """
    parts = urlsplit(url)
    host = (parts.hostname or "").lower()
    if parts.scheme not in ("http", "https") or not host or not granted(host, hosts):
        raise http_error(
            "HOST_FORBIDDEN",
            f"Requests to {parts.scheme}://{host} are not allowed",
            "Use another API, or let the operator allow the host.",
            shown_url(url),
        )


def asked_wait(headers: Mapping[str, str], waits: int) -> float:
    """Read how long to wait, in seconds: Retry-After as a number or a date, otherwise twice as long each time.

    It is a second at least: an API that always asks for no wait at all would never come to the bound of all waits.
    """
    asked = headers.get("Retry-After", "").strip()
    if asked.isdecimal():
        return max(1.0, float(asked))
    with suppress(ValueError):  # neither a number nor a date is no answer
        return max(1.0, parsedate_to_datetime(asked).timestamp() - time.time())
    return float(min(2 ** min(waits, 6), 60))


def refused(response: requests.Response, place: str, manners: Manners) -> SyncError:
    """Make the error of an answer with a status of 400 or above."""
    status = response.status_code
    if status in _RETRIED or status > 500:
        return http_error(
            "SERVER_ERROR",
            f"The API answered with status {status}, {manners.max_retries + 1} times",
            "Try again later; ask who runs the API.",
            place,
            ErrorType.TRANSIENT,
        )
    code, advice = _STATUS.get(status, ("REQUEST_REFUSED", "Check path, parameters and method of the resource."))
    kind = response.headers.get("Content-Type", "")
    said = "" if "html" in kind else " ".join(response.text[:2000].split())
    told = redacted(said, manners.secrets, 200)
    return http_error(code, f"The API answered with status {status}" + (f": {told}" if told else ""), advice, place)


def silent(place: str, seconds: float) -> SyncError:
    """Make the error of an API that does not answer."""
    return http_error(
        "TIMEOUT",
        f"The API has not answered within {seconds:g} s",
        "Try again later, ask for smaller pages, or raise timeout_seconds.",
        place,
        ErrorType.TRANSIENT,
    )


def http_error(code: str, message: str, advice: str, place: str, type_: ErrorType = ErrorType.CONFIG) -> SyncError:
    """Make the error of an API; ``place`` is a URL as ``shown_url`` gives it."""
    return SyncError(origin=Origin.SOURCE, type=type_, code=code, message=message, advice=advice, position=place)


def shown_url(url: str) -> str:
    """Write a URL without what may be secret in it: its account and its query."""
    parts = urlsplit(url)
    port = f":{parts.port}" if parts.port else ""
    return f"{parts.scheme}://{parts.hostname or ''}{port}{parts.path}"


_STATUS = {
    401: ("AUTHENTICATION_FAILED", "Check the kind of authentication and its secret."),
    403: ("PERMISSION_DENIED", "Give the key the right to read this resource."),
    404: ("ENDPOINT_NOT_FOUND", "Check base URL and path."),
}


def _no_data(answer: Any, selector: str, place: str) -> SyncError:
    keys = ", ".join(sorted(map(str, answer))[:20]) if isinstance(answer, dict) else f"a {type(answer).__name__}"
    return http_error(
        "DATA_NOT_FOUND",
        f"The answer has nothing at {selector!r}; it has {keys}"[:300],
        "Correct the data selector.",
        place,
    )


def _reason(error: BaseException) -> object:
    return getattr(error.args[0], "reason", None) if error.args else None


def _origin(url: str) -> tuple[str, str | None, int | None]:
    parts = urlsplit(url)
    return parts.scheme, parts.hostname, parts.port


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    row = dict(pairs)
    if len(row) != len(pairs):
        raise ValueError("a key occurs twice")
    return row
