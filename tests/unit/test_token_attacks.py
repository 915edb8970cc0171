"""Forged tokens: each attack by its name; all are signed well but for the one thing wrong."""

from __future__ import annotations

import json
from typing import Any
from uuid import uuid4

import jwt
import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given
from hypothesis import strategies as st

from server.auth.tokens import AccessTokens, RefreshTokens, new_api_key, read_api_key
from server.clock import now
from server.keys import MasterKey

MASTER = MasterKey(bytes(range(32)))
TOKENS = AccessTokens(MASTER, 900)
HEADER, _, _ = TOKENS.issue(uuid4(), uuid4(), now()).partition(".")
KEY_ID = jwt.get_unverified_header(TOKENS.issue(uuid4(), uuid4(), now()))["kid"]
OTHER = MasterKey(b"o" * 32).signing_key()
AT = int(now().timestamp())
GOOD: dict[str, Any] = {
    "iss": "thedata.io",
    "aud": "thedata.io/api",
    "sub": str(uuid4()),
    "sid": str(uuid4()),
    "jti": str(uuid4()),
    "iat": AT,
    "exp": AT + 900,
}


def signed(changes: dict[str, Any], key: Any = None, **header: Any) -> str:
    # As bytes of our own, because the library refuses to write some of these claims.
    claims = {name: value for name, value in {**GOOD, **changes}.items() if value is not ...}
    return jwt.PyJWS().encode(
        jwt.utils.force_bytes(json.dumps(claims)),
        key or MASTER.signing_key(),
        "EdDSA",
        headers={"kid": KEY_ID, "typ": "JWT", **header},
    )


def jwk_of_other() -> dict[str, str]:
    raw = OTHER.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    return {"kty": "OKP", "crv": "Ed25519", "x": jwt.utils.base64url_encode(raw).decode()}


def test_the_forger_s_tool_makes_good_tokens_where_nothing_is_changed() -> None:
    assert TOKENS.read(signed({})) is not None


@pytest.mark.parametrize("claim", GOOD)
def test_every_claim_is_required(claim: str) -> None:
    assert TOKENS.read(signed({claim: ...})) is None


@pytest.mark.parametrize(
    "changes",
    [
        {"aud": ["thedata.io/api"]},
        {"aud": ["thedata.io/api", "another"]},
        {"aud": "another"},
        {"aud": None},
        {"iss": ["thedata.io"]},
        {"iss": "another"},
        {"iss": None},
        {"exp": "tomorrow"},
        {"exp": None},
        {"exp": AT - 60},
        {"exp": []},
        {"iat": AT + 3600},
        {"iat": "now"},
        {"nbf": AT + 3600},
        {"sub": 7},
        {"sub": ""},
        {"sub": None},
        {"sid": 7},
        {"sid": ["x"]},
        {"sid": None},
    ],
    # The moment is not part of the name: parallel test processes must find the same tests.
    ids=lambda changes: "-".join(f"{name}-{type(value).__name__}" for name, value in changes.items()),
)
def test_a_claim_of_another_value_or_type_is_refused(changes: dict[str, Any]) -> None:
    assert TOKENS.read(signed(changes)) is None


@pytest.mark.parametrize(
    "header",
    [
        {"jwk": jwk_of_other()},
        {"jku": "https://attacker.example/keys"},
        {"x5u": "https://attacker.example/keys"},
        {"kid": "another"},
        {"kid": "../../dev/null"},
        {"kid": ""},
    ],
    ids=lambda header: next(iter(header)),
)
def test_no_header_brings_a_key_along(header: dict[str, Any]) -> None:
    assert TOKENS.read(signed({}, OTHER, **header)) is None


def test_an_unknown_critical_header_is_refused() -> None:
    assert TOKENS.read(signed({}, crit=["unheard-of"], **{"unheard-of": True})) is None


@given(st.text(max_size=200))
def test_any_text_is_read_without_an_error(text: str) -> None:
    assert TOKENS.read(text) is None
    assert TOKENS.read(f"{HEADER}.{text}.{text}") is None
    assert RefreshTokens(MASTER).read(text) is None
    assert read_api_key(text) is None
    assert read_api_key(f"td_{text}") is None


@given(st.integers(0, 2**32 - 1), st.data())
def test_a_refresh_token_with_one_other_bit_is_refused(generation: int, data: st.DataObject) -> None:
    tokens, session = RefreshTokens(MASTER), uuid4()
    raw = bytearray(jwt.utils.base64url_decode(tokens.issue(session, generation)))
    bit = data.draw(st.integers(0, len(raw) * 8 - 1))
    raw[bit // 8] ^= 1 << bit % 8
    assert tokens.read(jwt.utils.base64url_encode(bytes(raw)).decode()) is None


@given(st.data())
def test_an_api_key_with_one_other_character_has_a_wrong_checksum(data: st.DataObject) -> None:
    secret, _ = new_api_key(uuid4())
    place = data.draw(st.integers(len("td_"), len(secret) - 1))
    other = data.draw(st.sampled_from("abcdefghijklmnopqrstuvwxyz0123456789_").filter(lambda c: c != secret[place]))
    assert read_api_key(secret[:place] + other + secret[place + 1 :]) is None


def test_a_valid_checksum_alone_opens_nothing() -> None:
    key_id = uuid4()
    (_, stored), (forged, _) = new_api_key(key_id), new_api_key(key_id)
    read = read_api_key(forged)
    assert read is not None
    assert read[0] == key_id
    assert read[1] != stored, "the hash to compare is that of the whole secret"
