"""Tokens and keys: what is ours opens, and nothing else does."""

from __future__ import annotations

import base64
import json
import os
import stat
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import jwt
import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from pydantic import SecretStr

from server.auth.tokens import AccessTokens, RefreshTokens, new_api_key, read_api_key
from server.clock import now
from server.keys import MasterKey, MasterKeyError, SecretUnreadable, seal, unseal
from server.settings import Settings

MASTER = MasterKey(bytes(range(32)))
TOKENS = AccessTokens(MASTER, 900)
KEY_ID = jwt.get_unverified_header(TOKENS.issue(uuid4(), uuid4(), now()))["kid"]


def claims(**changes: Any) -> dict[str, Any]:
    at = int(now().timestamp())
    good = {
        "iss": "thedata.io",
        "aud": "thedata.io/api",
        "sub": str(uuid4()),
        "sid": str(uuid4()),
        "jti": str(uuid4()),
        "iat": at,
        "exp": at + 900,
    }
    return {key: value for key, value in {**good, **changes}.items() if value is not None}


def signed(body: dict[str, Any], **header: Any) -> str:
    return jwt.encode(body, MASTER.signing_key(), "EdDSA", headers={"kid": KEY_ID, **header})


def unsigned(header: dict[str, Any]) -> str:
    parts = [json.dumps(part).encode() for part in ({"typ": "JWT", "kid": KEY_ID, **header}, claims())]
    return ".".join(base64.urlsafe_b64encode(part).decode().rstrip("=") for part in parts) + "."


def test_a_token_says_who_and_in_which_session() -> None:
    user, session = uuid4(), uuid4()
    read = TOKENS.read(TOKENS.issue(user, session, now()))
    assert read is not None
    assert (read.user_id, read.session_id) == (user, session)


def hs256_with_the_public_key() -> str:
    public = MASTER.signing_key().public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    return jwt.encode(claims(), public, "HS256", headers={"kid": KEY_ID})


@pytest.mark.parametrize(
    "token",
    [
        "",
        "nonsense",
        unsigned({"alg": "none"}),
        hs256_with_the_public_key(),
        signed(claims(), kid="another"),
        signed(claims(), crit=["x"], x=1),
        jwt.encode(claims(), MasterKey(b"x" * 32).signing_key(), "EdDSA", headers={"kid": KEY_ID}),
        signed(claims(aud=["thedata.io/api"])),
        signed(claims(aud="another")),
        signed(claims(iss=None)),
        signed(claims(sub=None)),
        signed(claims(sid="no uuid")),
        signed(claims(exp=None)),
        signed(claims(exp=1)),
        signed(claims(iat=int(now().timestamp()) + 3600)),
    ],
)
def test_a_token_that_is_not_ours_is_nobody_s(token: str) -> None:
    assert TOKENS.read(token) is None


def test_a_token_expires() -> None:
    assert TOKENS.read(TOKENS.issue(uuid4(), uuid4(), now() - timedelta(hours=1))) is None


def test_a_refresh_token_is_of_one_generation_and_cannot_be_forged() -> None:
    tokens, session = RefreshTokens(MASTER), uuid4()
    token = tokens.issue(session, 3)
    assert tokens.read(token) == (session, 3)
    assert token == tokens.issue(session, 3) != tokens.issue(session, 4)
    assert RefreshTokens(MasterKey(b"x" * 32)).read(token) is None
    for position in range(0, len(token) - 1, 7):
        damaged = token[:position] + ("A" if token[position] != "A" else "B") + token[position + 1 :]
        assert tokens.read(damaged) is None
    assert tokens.read("ü") is None


def test_an_api_key_has_a_checksum() -> None:
    key_id = uuid4()
    secret, stored = new_api_key(key_id)
    assert secret.startswith("td_")
    assert read_api_key(secret) == (key_id, stored)
    assert read_api_key(secret[:-1] + ("0" if secret[-1] != "0" else "1")) is None
    assert read_api_key("td_") is None


def test_what_is_sealed_opens_only_in_its_place() -> None:
    key = os.urandom(32)
    sealed = seal(key, b"secret", b"here")
    assert unseal(key, sealed, b"here") == b"secret"
    flipped = sealed[:-1] + bytes([sealed[-1] ^ 1])
    for arguments in (
        (os.urandom(32), sealed, b"here"),
        (key, sealed, b"there"),
        (key, flipped, b"here"),
        (key, b"", b""),
    ):
        with pytest.raises(SecretUnreadable):
            unseal(*arguments)


def test_the_first_start_makes_a_master_key_that_stays(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path)
    made = MasterKey.load(settings)
    path = tmp_path / "keys" / "master.key"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert MasterKey.load(settings).id == made.id
    path.write_text("damaged")
    with pytest.raises(MasterKeyError):
        MasterKey.load(settings)
    assert path.read_text() == "damaged"


def test_a_short_master_key_is_refused(tmp_path: Path) -> None:
    short = SecretStr(base64.b64encode(b"short").decode())
    with pytest.raises(MasterKeyError, match="32 bytes"):
        MasterKey.load(Settings(home=tmp_path, master_key=short))


def test_secrets_do_not_print() -> None:
    settings = Settings(database_url=SecretStr("postgresql://u:hidden@h/d"), admin_password=SecretStr("hidden"))
    assert "hidden" not in f"{settings!r} {settings} {settings.model_dump()}"
