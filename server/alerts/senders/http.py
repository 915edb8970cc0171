"""Messages over HTTP: webhooks after Standard Webhooks, and what Slack and its like take.

No redirect is followed, only addresses that the policy gives are spoken to, and of the answer only its status is read:
neither a secret nor what stands behind a wall can come back in an error.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from urllib.parse import urlsplit, urlunsplit

import httpx

from server.alerts.errors import NotSent
from server.alerts.messages import text_of, title_of
from server.alerts.model import Channel, Delivery
from server.alerts.ports import Destinations
from server.clock import now
from server.pipelines.webhooks import signed

CONNECT_SECONDS, ANSWER_SECONDS = 4.0, 8.0
MOST_ADDRESSES = 3
MOST_WAIT = 600.0
_OK = range(200, 300)
_REDIRECTS = range(300, 400)
_BUSY = frozenset((429, 503))
_HEADERS = {"content-type": "application/json", "user-agent": "theData.io alerts"}


class HttpSender:
    """Posts bodies; one connection a message, because there are few."""

    def __init__(self, destinations: Destinations) -> None:
        self._destinations = destinations

    async def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> None:
        """Posts a body; raises NotSent, or the Failure of the policy."""
        parts = urlsplit(url)
        host = parts.hostname or ""
        addresses = await self._destinations.reachable(host)
        if not addresses:
            raise NotSent("the host has no address")
        for number, address in enumerate(addresses[:MOST_ADDRESSES], 1):
            try:
                return await self._posted(url, host, address, body, headers)
            except (httpx.ConnectError, httpx.ConnectTimeout) as error:
                if number == min(len(addresses), MOST_ADDRESSES):
                    raise NotSent(f"no connection to {host} ({type(error).__name__})") from error
            except httpx.InvalidURL as error:
                raise NotSent("the URL can't be used", final=True) from error
            except httpx.HTTPError as error:
                raise NotSent(f"{host} did not answer as HTTP has it ({type(error).__name__})") from error
        return None

    async def _posted(self, url: str, host: str, address: str, body: bytes, headers: Mapping[str, str]) -> None:
        parts = urlsplit(url)
        at = f"[{address}]" if ":" in address else address
        # To the address that was looked at: another look by the name could give one that nobody has looked at.
        pinned = urlunsplit(parts._replace(netloc=f"{at}:{parts.port}" if parts.port else at, fragment=""))
        timeout = httpx.Timeout(ANSWER_SECONDS, connect=CONNECT_SECONDS)
        async with httpx.AsyncClient(timeout=timeout, trust_env=False, follow_redirects=False) as client:
            request = client.build_request(
                "POST",
                pinned,
                content=body,
                headers={**_HEADERS, **headers, "host": parts.netloc},
                extensions={"sni_hostname": host},
            )
            answer = await client.send(request, stream=True)
            await answer.aclose()
        _check(answer)


class WebhookSender:
    """Signed messages; a receiver knows one that comes twice by its id."""

    def __init__(self, http: HttpSender) -> None:
        self._http = http

    async def send(self, channel: Channel, secret: str, delivery: Delivery) -> str:
        """Sends one; raises NotSent, Failure."""
        body = json.dumps(delivery.message, sort_keys=True, ensure_ascii=False).encode()
        message = signed(str(delivery.id), now(), body, secret)
        headers = {
            "webhook-id": message.id,
            "webhook-timestamp": message.timestamp,
            "webhook-signature": message.signatures,
        }
        await self._http.post(channel.url, body, headers)
        return ""


class SlackSender:
    """Messages to incoming webhooks; the secret is their URL."""

    def __init__(self, http: HttpSender) -> None:
        self._http = http

    async def send(self, channel: Channel, secret: str, delivery: Delivery) -> str:  # noqa: ARG002 - one signature
        """Sends one; raises NotSent, Failure."""
        message = dict(delivery.message)
        text = f"*{_escaped(title_of(message))}*\n{_escaped(text_of(message))}"
        await self._http.post(secret, json.dumps({"text": text}).encode(), {})
        return ""


def _check(answer: httpx.Response) -> None:
    code = answer.status_code
    if code in _OK:
        return
    if code in _REDIRECTS:
        raise NotSent(f"the receiver redirects (HTTP {code}); name its final URL")
    if code == httpx.codes.GONE:
        raise NotSent("the receiver wants no more messages (HTTP 410)", final=True)
    wait = answer.headers.get("retry-after", "") if code in _BUSY else ""
    seconds = min(float(wait), MOST_WAIT) if wait.isascii() and wait.isdigit() else 0.0
    raise NotSent(f"the receiver did not take it (HTTP {code})", wait_seconds=seconds)


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
