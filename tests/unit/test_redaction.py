"""Secrets are taken out of what runs tell, however a system spells them."""

from __future__ import annotations

import base64
import json
from urllib.parse import quote, quote_plus

import pytest
from pydantic import BaseModel, SecretStr

from server.pipelines.model import RunFailure
from server.runs.redaction import Redaction

SECRET = 'pa ss/wörd"+1'


class Inner(BaseModel):
    token: SecretStr


class Config(BaseModel):
    host: str = "db.example.com"
    password: SecretStr = SecretStr(SECRET)
    headers: dict[str, SecretStr] = {"x-key": SecretStr("header-key")}
    accounts: list[Inner] = [Inner(token=SecretStr("inner-token"))]
    unset: SecretStr | None = None
    empty: SecretStr = SecretStr("")
    short: SecretStr = SecretStr("a")


@pytest.mark.parametrize(
    "spelled",
    [
        SECRET,
        quote(SECRET),
        quote(SECRET, ""),
        quote_plus(SECRET),
        json.dumps(SECRET)[1:-1],
        base64.b64encode(SECRET.encode()).decode(),
        "header-key",
        "inner-token",
    ],
)
def test_a_secret_is_hidden_however_it_is_spelled(spelled: str) -> None:
    told = Redaction.of(Config()).text(f"cannot log in at db.example.com with {spelled}, twice {spelled}")
    assert told == "cannot log in at db.example.com with ***, twice ***"


def test_what_is_no_secret_stays() -> None:
    assert Redaction.of(Config()).text("a table of db.example.com") == "a table of db.example.com"
    assert Redaction().text("anything") == "anything"


def test_a_secret_within_another_leaves_no_rest() -> None:
    assert Redaction(["key1", "key1-and-more"]).text("it was key1-and-more") == "it was ***"


def test_values_and_failures_are_cleaned_to_the_last_text() -> None:
    redaction = Redaction.of(Config())
    assert redaction.value({"a": ["header-key", 1, None, {"b": "header-key"}]}) == {"a": ["***", 1, None, {"b": "***"}]}
    failure = RunFailure("source", "config", "refused", "header-key", "ask header-key", "s", "line header-key")
    cleaned = redaction.failure(failure)
    assert (cleaned.message, cleaned.advice, cleaned.position) == ("***", "ask ***", "line ***")
    assert cleaned.code == "refused"
