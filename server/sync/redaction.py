"""What takes secrets out of a text: the engine's errors, runs' logs, the platform's own logs go by it."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterable, Iterator
from urllib.parse import quote, quote_plus

MASK = "***"
LONGEST_MESSAGE = 400  # characters of a foreign message that are passed on

SECRET_KEY = re.compile(
    r"pass(word|wd|phrase)?$|pwd$|secret|token$|api_?key|private_?key|master_?key|access_?key|credential|authorization"
    r"|^cookie$|set-cookie|signature$|dsn$|database_url$|analytics_url$",
    re.IGNORECASE,
)
"""Names of what is a secret whatever its value is."""

_NAMES = (
    r"pass(?:word|wd|phrase)?|pwd|[\w-]*secret(?:_?key)?|(?:access|refresh|bearer|auth|id|session)?_?token|[\w-]*api_?key"
    r"|(?:private|master|secret_access|access|account)_?key|sig|x-amz-signature|x-amz-security-token"
)
_SHAPES = re.compile(
    # user:password@ of a URL; a password is not always quoted as it should be.
    r"(?P<url>\b[a-z][a-z0-9+.-]{1,30}://[^\s/:@]{0,256}:)[^\s@]{1,512}(?=@)"
    # The header of who calls.
    r"|(?P<scheme>\b(?:Bearer|Basic)\s+)[A-Za-z0-9._~+/=-]{8,}"
    # name=value of connection strings and queries; "name": "value" of JSON.
    rf"|(?P<name>(?<![\w-])[\"']?(?:{_NAMES})[\"']?\s*(?:=|:(?!//))\s*)"
    r"(?:\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'|(?!\*\*\*|Bearer\b|Basic\b|None\b|null\b)[^\s,;&)}\]]+)"
    # Keys that are known by how they begin: webhooks', the platform's own, JSON web tokens, AWS's, PEM.
    r"|\bwhsec_[A-Za-z0-9+/=_-]{6,}|\btd_[A-Za-z0-9_-]{20,}"
    r"|\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*|\bA(?:KIA|SIA)[A-Z0-9]{16}\b"
    r"|-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|\Z)",
    re.IGNORECASE | re.DOTALL,
)
# Every shape has one of these: most lines have none, and are done with it.
_SIGNS = (
    "://", "bearer", "basic", "pass", "pwd", "secret", "token", "key", "sig", "whsec_", "td_", "eyj", "akia", "asia",
)  # fmt: skip


def suspicious(text: str) -> bool:
    """Whether a text may hold what looks like a secret; quick, and never wrong when it says no."""
    lowered = text.lower()
    return any(sign in lowered for sign in _SIGNS)


def without_shapes(text: str) -> str:
    """The text without what looks like a secret: passwords of URLs, bearer tokens, keys by their names or prefixes."""
    return _SHAPES.sub(_masked, text) if suspicious(text) else text


def without(text: str, secrets: Iterable[str]) -> str:
    """The text without known secrets, as they are and as URLs, JSON and base64 have them; the longest first."""
    spelled = {form for secret in secrets for form in spellings(secret)}
    for form in sorted(spelled, key=len, reverse=True):
        text = text.replace(form, MASK)
    return text


def spellings(secret: str) -> Iterator[str]:
    """How a secret may stand in a text; nothing for an empty one."""
    if secret:
        yield from {secret, quote(secret), quote(secret, ""), quote_plus(secret), json.dumps(secret)[1:-1]}
        yield base64.b64encode(secret.encode()).decode()


def redacted(text: str, secrets: Iterable[str], longest: int = LONGEST_MESSAGE) -> str:
    """A foreign message as it may be passed on: a hostile server can send our password back to us in its error."""
    text = without(text, secrets)
    return text if len(text) <= longest else text[:longest] + "…"


def _masked(found: re.Match[str]) -> str:
    return (found["url"] or found["scheme"] or found["name"] or "") + MASK
