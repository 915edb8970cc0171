"""Signed messages of other systems: the scheme of Standard Webhooks (https://www.standardwebhooks.com)."""

from __future__ import annotations

import base64
import hmac
import secrets
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from hashlib import sha256

SECRET_PREFIX = "whsec_"  # noqa: S105 - what all secrets begin with
SECRET_BYTES = 32
VERSION = "v1"
TOLERANCE = timedelta(minutes=5)
LONGEST_ID = 200
LARGEST_BODY = 64 * 1024


@dataclass(frozen=True)
class SignedMessage:
    """A message as it came; ``timestamp`` is seconds since 1970, ``signatures`` are separated by spaces."""

    id: str
    timestamp: str
    signatures: str = field(repr=False)
    body: bytes = field(repr=False)


def new_secret() -> str:
    """Makes a secret to sign with."""
    return SECRET_PREFIX + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def signed(id_: str, at: datetime, body: bytes, secret: str) -> SignedMessage:
    """A message with its signature under a secret."""
    unsigned = SignedMessage(id_, str(int(at.timestamp())), "", body)
    return replace(unsigned, signatures=f"{VERSION},{_signature(unsigned, secret)}")


def is_genuine(message: SignedMessage, secret: str, at: datetime) -> bool:
    """Whether a message was signed under the secret, not long from ``at``."""
    expected = f"{VERSION},{_signature(message, secret)}".encode()
    # All of them, whether one has matched or not: the time that it takes tells nothing.
    matches = [hmac.compare_digest(expected, given.encode()) for given in message.signatures.split(" ")]
    return any(matches) and _is_recent(message.timestamp, at) and 0 < len(message.id) <= LONGEST_ID


def _signature(message: SignedMessage, secret: str) -> str:
    key = base64.b64decode(secret.removeprefix(SECRET_PREFIX))
    signed = f"{message.id}.{message.timestamp}.".encode() + message.body
    return base64.b64encode(hmac.new(key, signed, sha256).digest()).decode()


def _is_recent(timestamp: str, at: datetime) -> bool:
    digits = timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= len("253402300799")
    return digits and abs(at.timestamp() - int(timestamp)) <= TOLERANCE.total_seconds()
