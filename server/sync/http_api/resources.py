"""The resources of an HTTP API as dlt's ``rest_api`` makes them. Imported in the child process only.

Its ``incremental`` is not used: it would keep a state of its own beside the engine's checkpoint, and knows no upper
bound that is included. The cursor's range becomes parameters of the request, and rows are filtered again by it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from dlt.sources.helpers.rest_client.paginators import (
    BasePaginator,
    HeaderLinkPaginator,
    JSONLinkPaginator,
    JSONResponseCursorPaginator,
    OffsetPaginator,
    PageNumberPaginator,
    SinglePagePaginator,
)
from dlt.sources.rest_api import rest_api_resources

from server.sync.cursors import parsed_time
from server.sync.dlt_sources.process import Job
from server.sync.http_api.pages import ExactSession, Manners, Watched, require_allowed
from server.sync.model import Column
from server.sync.source import CursorRange


class HttpReader:
    """Reads the resources of a configuration (``HttpApiConfig``, written as JSON)."""

    native = "json value"

    def __init__(self, job: Job, tell: Callable[[str], None]) -> None:
        config = job.config
        self._config = config
        self._resources = {resource["name"]: resource for resource in config["resources"]}
        self._manners = Manners(
            seconds=config["timeout_seconds"],
            max_answer_bytes=config["max_answer_mib"] << 20,
            max_retries=config["max_retries"],
            max_wait=config["max_wait_seconds"],
            max_total_wait=config["max_total_wait_seconds"],
            hosts=job.rules["hosts"],
            secrets=tuple(job.secrets),
            tell=tell,
        )
        require_allowed(config["base_url"], job.rules["hosts"])

    @property
    def bytes_read(self) -> int:
        """The bytes of all answers so far."""
        return self._manners.bytes_read

    def streams(self) -> Sequence[str]:
        """Name the resources, those without a parent first."""
        return sorted(self._resources, key=lambda name: self._resources[name]["parent"] is not None)

    def declared(self, name: str) -> Mapping[str, str]:
        """Tell the configured types."""
        types: dict[str, str] = self._resources[name]["types"]
        return types

    def primary_key(self, name: str) -> Sequence[str]:
        """Tell the configured key."""
        key: list[str] = self._resources[name]["primary_key"]
        return key

    def position(self) -> None:
        """There is none: a page's number means something else when rows have come or gone."""

    def last_position(self) -> None:
        """There is none."""

    def items(
        self, name: str, cursor: CursorRange | None, _after: Mapping[str, Any] | None, column: Column | None
    ) -> Iterator[Any]:
        """Ask for a resource, with the parents that it needs."""
        needed, above = [name], self._resources[name]["parent"]
        while above is not None:
            needed.append(above["resource"])
            above = self._resources[above["resource"]]["parent"]
        resources = rest_api_resources(
            {
                "client": self._client(),
                "resources": [
                    self._resource(self._resources[one], cursor if one == name else None, column)
                    for one in needed[::-1]
                ],
            }
        )
        return iter(next(resource for resource in resources if resource.name == name))

    def _client(self) -> Any:
        config = self._config
        auth, secret = config["auth"], config["secret"]
        own = [*config["headers"], *([auth["name"]] if auth["kind"] == "api_key" else [])]
        session = ExactSession(self._manners, own)
        client = {"base_url": config["base_url"], "headers": dict(config["headers"]), "session": session}
        match auth["kind"]:
            case "bearer":
                client["auth"] = {"type": "bearer", "token": secret}
            case "basic":
                client["auth"] = {"type": "http_basic", "username": auth["username"], "password": secret}
            case "api_key":
                client["auth"] = {
                    "type": "api_key", "name": auth["name"], "api_key": secret, "location": auth["place"],
                }  # fmt: skip
            case "oauth2_client_credentials":
                client["auth"] = {
                    "type": "oauth2_client_credentials",
                    "access_token_url": auth["token_url"],
                    "client_id": auth["client_id"],
                    "client_secret": secret,
                    "access_token_request_data": {"scope": auth["scope"]} if auth["scope"] else {},
                    "session": session,
                }
        return client

    def _resource(self, resource: Mapping[str, Any], cursor: CursorRange | None, column: Column | None) -> Any:
        selector = resource["data_selector"].removesuffix("[*]")
        pages = resource["pagination"] or self._config["pagination"]
        endpoint: dict[str, Any] = {
            "path": resource["path"],
            "method": resource["method"],
            "params": resource["params"] | cursor_params(resource["cursor"], cursor, column),
            "paginator": Watched(paginator(pages), selector or None, self._config["max_pages"]),
        }
        if selector:
            endpoint["data_selector"] = selector
        if resource["body"] is not None:
            endpoint["json"] = resource["body"]
        made: dict[str, Any] = {"name": resource["name"], "endpoint": endpoint}
        if (parent := resource["parent"]) is not None:
            for placeholder, field in parent["fields"].items():
                bound = f"{{resources.{parent['resource']}.{field}}}"
                endpoint["path"] = endpoint["path"].replace(f"{{{placeholder}}}", bound)
            made["include_from_parent"] = parent["include"]
        return made


def paginator(pages: Mapping[str, Any]) -> BasePaginator | None:
    """Make dlt's paginator of a kind; None for the one that is found in the first answer."""
    total, more = pages["total_path"] or None, pages["has_more_path"] or None
    match pages["kind"]:
        case "single":
            return SinglePagePaginator()
        case "link_header":
            return HeaderLinkPaginator()
        case "next_url":
            return JSONLinkPaginator(pages["next_path"])
        case "cursor":
            return JSONResponseCursorPaginator(pages["next_path"], pages["cursor_param"])
        case "offset":
            return OffsetPaginator(
                pages["limit"],
                offset_param=pages["offset_param"],
                limit_param=pages["limit_param"],
                total_path=total,
                has_more_path=more,
            )
        case "page_number":
            return PageNumberPaginator(
                base_page=pages["first_page"], page_param=pages["page_param"], total_path=total, has_more_path=more
            )
        case _:
            return None


def cursor_params(told: Mapping[str, Any] | None, cursor: CursorRange | None, column: Column | None) -> dict[str, str]:
    """Write the parameters that ask for a cursor's range; of another field's range there are none."""
    if told is None:
        return {}
    own = cursor is not None and column is not None and column.name == told["field"]
    lower = (cursor.lower if cursor is not None and own else None) or told["initial_value"]
    upper = cursor.upper if cursor is not None and own else None
    # Rows without a cursor value are not in any range that the API could be asked for.
    if cursor is not None and own and cursor.nulls:
        lower = told["initial_value"]
    params = {}
    if lower and told["start_param"]:
        params[told["start_param"]] = written(lower, told["format"], up=False)
    if upper and told["end_param"]:
        params[told["end_param"]] = written(upper, told["format"], up=True)
    return params


def written(text: str, form: str, *, up: bool) -> str:
    """Write a cursor value for a request; where its form is coarser, outside of the range (``up``: above)."""
    if form == "text":
        return text
    moment = parsed_time(text)
    moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    if form == "iso8601":
        return moment.isoformat().replace("+00:00", "Z")
    if form == "date":
        return (moment.date() + timedelta(days=1 if up else 0)).isoformat()
    microseconds = (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)
    divisor = 1_000_000 if form == "unix_seconds" else 1_000
    return str(math.ceil(microseconds / divisor) if up else microseconds // divisor)
