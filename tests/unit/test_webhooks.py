"""Signed messages: the scheme's own example, and everything that is nearly right."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.pipelines.webhooks import SignedMessage, is_genuine, new_secret

# From the specification's reference libraries.
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
SIGNATURE = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
MESSAGE = SignedMessage("msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", SIGNATURE, b'{"test": 2432232314}')
AT = datetime.fromtimestamp(1614265330, UTC)
OTHER = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OF="


@pytest.mark.parametrize(
    "signatures", [SIGNATURE, f"{OTHER} {SIGNATURE}", f"v1a,x {SIGNATURE} {OTHER}", f" {SIGNATURE}"]
)
@pytest.mark.parametrize("late", [0, 300, -300])
def test_a_signed_message_is_genuine(signatures: str, late: int) -> None:
    assert is_genuine(replace(MESSAGE, signatures=signatures), SECRET, AT + timedelta(seconds=late))


@pytest.mark.parametrize(
    "changes",
    [
        {"id": "msg_p5jXN8AQM9LWM0D4loKWxJel"},
        {"id": ""},
        {"timestamp": "1614265331"},
        {"timestamp": ""},
        {"timestamp": "now"},
        {"timestamp": "1614265330.0"},
        {"timestamp": "²"},
        {"timestamp": "9" * 5000},
        {"body": b'{"test": 2432232315}'},
        {"body": b""},
        {"signatures": ""},
        {"signatures": OTHER},
        {"signatures": SIGNATURE.replace("v1,", "v2,")},
        {"signatures": SIGNATURE.removeprefix("v1,")},
        {"signatures": SIGNATURE[:-1]},
        {"signatures": SIGNATURE + "="},
        {"signatures": "v1,"},
        {"signatures": "v1,é"},
    ],
    ids=repr,
)
def test_whatever_differs_is_refused(changes: dict[str, Any]) -> None:
    assert not is_genuine(replace(MESSAGE, **changes), SECRET, AT)


@pytest.mark.parametrize("late", [301, -301, 86400 * 365 * 50])
def test_old_and_future_messages_are_refused(late: int) -> None:
    assert not is_genuine(MESSAGE, SECRET, AT + timedelta(seconds=late))


def test_another_secret_refuses() -> None:
    assert not is_genuine(MESSAGE, new_secret(), AT)
    assert len({new_secret() for _ in range(100)}) == 100


def test_what_signs_is_in_no_text() -> None:
    assert SIGNATURE not in repr(MESSAGE)


@given(st.text(), st.text(), st.text(), st.binary())
def test_any_message_is_refused_without_an_error(id_: str, timestamp: str, signatures: str, body: bytes) -> None:
    assert not is_genuine(SignedMessage(id_, timestamp, signatures, body), SECRET, AT)
