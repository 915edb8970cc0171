"""The three kinds of token: access tokens, refresh tokens, API keys."""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import struct
import zlib
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import jwt
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from server.ids import new_id
from server.keys import MasterKey

ISSUER = "thedata.io"
AUDIENCE = "thedata.io/api"
ALGORITHM = "EdDSA"
LEEWAY_SECONDS = 5
API_KEY_PREFIX = "td_"


@dataclass(frozen=True)
class AccessClaims:
    """What a valid access token says."""

    user_id: UUID
    session_id: UUID
    expires_at: float


class AccessTokens:
    """Signs and reads access tokens: JWTs under Ed25519 that name a user and a session, and no roles.

    ``lifetime_seconds``, from issue to expiry, may change; it is that of tokens that are issued from then on.
    """

    def __init__(self, master_key: MasterKey, lifetime_seconds: int) -> None:
        self._private = master_key.signing_key()
        self._public = self._private.public_key()
        self.lifetime_seconds = lifetime_seconds
        raw = self._public.public_bytes(Encoding.Raw, PublicFormat.Raw)
        self._key_id = hashlib.sha256(raw).hexdigest()[:16]

    def issue(self, user_id: UUID, session_id: UUID, now: datetime) -> str:
        """Signs a token."""
        claims = {
            "iss": ISSUER,
            "aud": AUDIENCE,
            "sub": str(user_id),
            "sid": str(session_id),
            "jti": str(new_id()),
            "iat": int(now.timestamp()),
            "exp": int(now.timestamp()) + self.lifetime_seconds,
        }
        return jwt.encode(claims, self._private, ALGORITHM, headers={"kid": self._key_id})

    def read(self, token: str) -> AccessClaims | None:
        """Reads a token; None for one that is not ours, not valid or expired."""
        try:
            if jwt.get_unverified_header(token).get("kid") != self._key_id:
                return None
            claims = jwt.decode(
                token,
                self._public,
                algorithms=[ALGORITHM],
                issuer=ISSUER,
                audience=AUDIENCE,
                leeway=LEEWAY_SECONDS,
                options={"require": ["exp", "iat", "iss", "aud", "sub", "sid", "jti"], "strict_aud": True},
            )
            return AccessClaims(UUID(claims["sub"]), UUID(claims["sid"]), float(claims["exp"]))
        except (jwt.PyJWTError, ValueError, TypeError, AttributeError):
            return None


class RefreshTokens:
    """Makes and reads refresh tokens: a session's id and generation under a MAC, so that none need be stored."""

    def __init__(self, master_key: MasterKey) -> None:
        self._key = master_key.derive("refresh-token")

    def issue(self, session_id: UUID, generation: int) -> str:
        """Makes the token of one generation of a session; the same arguments give the same token."""
        body = session_id.bytes + struct.pack(">I", generation)
        return base64.urlsafe_b64encode(body + self._mac(body)).decode()

    def read(self, token: str) -> tuple[UUID, int] | None:
        """Reads a token into session id and generation; None for one that is not ours."""
        try:
            raw = base64.urlsafe_b64decode(token.encode())
        except ValueError:
            return None
        body, mac = raw[:20], raw[20:]
        if len(body) != 20 or not hmac.compare_digest(mac, self._mac(body)):
            return None
        return UUID(bytes=body[:16]), struct.unpack(">I", body[16:])[0]

    def _mac(self, body: bytes) -> bytes:
        return hmac.digest(self._key, body, "sha256")


def new_api_key(key_id: UUID) -> tuple[str, bytes]:
    """Makes an API key's secret and the hash to store: `td_<id>_<secret><checksum>`, 256 random bits."""
    random = base64.b32encode(os.urandom(32)).decode().rstrip("=").lower()
    body = f"{key_id.hex}_{random}"
    secret = f"{API_KEY_PREFIX}{body}{zlib.crc32(body.encode()):08x}"
    return secret, hashlib.sha256(secret.encode()).digest()


def read_api_key(secret: str) -> tuple[UUID, bytes] | None:
    """Reads an API key into its id and the hash to compare; None for one whose checksum is wrong."""
    body, checksum = secret.removeprefix(API_KEY_PREFIX)[:-8], secret[-8:]
    if f"{zlib.crc32(body.encode()):08x}" != checksum:
        return None
    try:
        return UUID(hex=body.split("_")[0]), hashlib.sha256(secret.encode()).digest()
    except ValueError:
        return None
