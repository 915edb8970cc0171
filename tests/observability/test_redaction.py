"""Secrets that are planted everywhere a log line may come from, and are found nowhere."""

from __future__ import annotations

import json
import logging
import subprocess
import sys
from typing import Any
from uuid import uuid4

import pytest
import structlog

from server import logs
from server.observability.redaction import MOST, SHORTEST, Secrets, known, redacted
from server.settings import Settings
from server.sync.redaction import redacted as foreign
from tests.conftest import IMPORTS, ROOT
from tests.observability.conftest import Said

CANARY = "c4n4ry"


@pytest.mark.parametrize(
    "text",
    [
        f"cannot connect to postgresql://ann:{CANARY}@db.example.com:5432/shop",
        f"postgresql+asyncpg://ann:{CANARY}/with/slash@db/shop",
        f"https://user:{CANARY}%40x@clickhouse:8443",
        f"host=db user=ann password={CANARY} dbname=shop",
        f"host=db password='{CANARY} with a space' dbname=shop",
        f"AccountKey={CANARY};EndpointSuffix=core.windows.net",
        f'{{"user": "ann", "password": "{CANARY}\\" quoted"}}',
        f"{{'api_key': '{CANARY}'}}",
        f"https://bucket.s3.amazonaws.com/a?X-Amz-Signature={CANARY}&x=1",
        f"https://api.example.com/items?access_token={CANARY}&page=2",
        f"client_secret: {CANARY}",
        f"Authorization: Bearer {CANARY}-and-more",
        f"authorization=Basic {CANARY}QWxhZGRpbg==",
        f"whsec_{CANARY}MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        f"td_{CANARY}Vr5hJ2kLmN8pQ1sT4uW7xY0zA3bC6dE91a2b3c4",
        f"eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiI{CANARY}xIn0.{CANARY}signature",
        f"-----BEGIN PRIVATE KEY-----\n{CANARY}\nMIIEvQ\n-----END PRIVATE KEY-----",
        f"-----BEGIN RSA PRIVATE KEY-----\n{CANARY}",
    ],
)
def test_what_looks_like_a_secret_is_taken_out(text: str) -> None:
    told = redacted(text)
    assert CANARY not in told
    assert "***" in told
    assert redacted(told) == told, "once is enough"


@pytest.fixture(autouse=True)
def _nothing_known(monkeypatch: pytest.MonkeyPatch) -> None:
    """Other tests of this process have had secrets too."""
    for name, empty in vars(Secrets()).items():
        monkeypatch.setattr(known, name, empty)


@pytest.mark.parametrize(
    "text",
    [
        "60 rows landed in public.orders in 0.20 s, 4,711 bytes; verified by content.",
        'relation "tokens" does not exist',
        "http://127.0.0.1:8080/api/v1/pipelines?page_size=10",
        "AuthService/CreateApiKey",
        "The connection to db.example.com port 5432 broke",
        "a key column must not be NULL",
    ],
)
def test_what_is_none_stays(text: str) -> None:
    assert redacted(text) == text


def test_names_of_secrets_hide_whatever_is_under_them_however_deep() -> None:
    given = {
        "user": "ann",
        "password": CANARY,
        "connection": {"dsn": f"anything {CANARY}", "options": [{"secret_access_key": CANARY}, "plain"]},
        "authorization": f"{CANARY}",
        "api_key": 4711,
        "secret": None,
        "token_bucket": 5,
    }
    told = redacted(given)
    assert CANARY not in str(told)
    assert (told["user"], told["secret"], told["token_bucket"], told["api_key"]) == ("ann", None, 5, "***")
    assert told["connection"]["options"][1] == "plain"


def test_known_values_are_taken_out_as_urls_and_json_have_them() -> None:
    secret = f'{CANARY} "/&ü'
    secrets = Secrets()
    secrets.register([secret])
    for form in (secret, f"{CANARY}%20%22/%26%C3%BC", f"{CANARY}+%22%2F%26%C3%BC", json.dumps(secret)):
        assert CANARY not in secrets.redacted(f"it says {form}!")


def test_a_value_of_one_organization_stays_a_word_in_the_runs_of_others() -> None:
    secrets = Secrets()
    secrets.register(["orders"], "a")
    secrets.register(["platform"])
    assert secrets.redacted("orders of the platform", "a") == "*** of the ***"
    assert secrets.redacted("orders of the platform", "b") == "orders of the ***"
    assert secrets.redacted("orders of the platform") == "*** of the ***", "the process's own log tells nobody's"


def test_what_is_too_short_to_be_told_from_words_is_not_looked_for() -> None:
    secrets = Secrets()
    secrets.register(["", "a" * (SHORTEST - 1)])
    assert secrets.redacted("a" * (SHORTEST - 1)) == "a" * (SHORTEST - 1)


def test_the_values_that_were_used_last_are_kept() -> None:
    secrets = Secrets()
    secrets.register([f"secret number {number}" for number in range(MOST)])
    secrets.register(["secret number 0"])
    secrets.register(["the newest"])
    assert secrets.redacted("secret number 0, the newest") == "***, ***"
    assert secrets.redacted("secret number 1 ") != "*** ", "forgotten"


def test_foreign_messages_are_cut_after_their_secrets_are_out() -> None:
    text = "x" * 395 + CANARY + "y" * 100
    assert CANARY[:3] not in foreign(text, [CANARY])
    assert len(foreign(text, [])) == 401


@pytest.fixture
def planted() -> str:
    """A value that this process knows as a secret."""
    value = f"{CANARY}-{uuid4()}"
    known.register([value], "an organization")
    return value


def test_lines_tracebacks_and_libraries_lose_what_is_known(said: Said, planted: str) -> None:
    log = structlog.get_logger("test")
    log.info("connected", url=f"driver {planted}", config={"inner": [planted]}, error=ValueError(planted))
    try:
        int(f"no {planted}")
    except ValueError:
        log.exception("bug")
        logging.getLogger("library").exception("failed for %s", planted)
    logging.getLogger("library").warning("retrying %(dsn)s", {"dsn": f"mysql://u:{CANARY}@h"})
    assert CANARY not in said.text
    assert len(said.text.splitlines()) == 4
    assert "ValueError: invalid literal for int() with base 10: 'no ***'" in said.lines("bug")[0]["exception"]


def test_bound_ids_stand_in_every_line_of_libraries_too(said: Said) -> None:
    with structlog.contextvars.bound_contextvars(run_id="r", organization_id="o"):
        structlog.get_logger("test").info("one")
        logging.getLogger("library").warning("two")
    for event in ("one", "two"):
        [line] = said.lines(event)
        assert (line["run_id"], line["organization_id"]) == ("r", "o")
        assert line["timestamp"].endswith("Z")


def test_the_level_changes_while_it_runs_for_loggers_that_were_used_before(said: Said) -> None:
    log = structlog.get_logger("test")

    def heard() -> list[str]:
        for method in ("debug", "info", "warning", "error"):
            getattr(log, method)(method)
        found = [line["level"] for line in map(json.loads, said.text.splitlines())]
        said.stream.truncate(0)
        said.stream.seek(0)
        return found

    assert heard() == ["info", "warning", "error"]
    logs.set_level("debug")
    assert heard() == ["debug", "info", "warning", "error"]
    logs.set_level("error")
    assert heard() == ["error"]
    logging.getLogger("library").warning("not heard")
    assert said.text == ""


ENDS: dict[str, str] = {
    "in the main thread": "raise RuntimeError('no ' + secret)",
    "in a thread": "import threading; t = threading.Thread(target=lambda: int(secret)); t.start(); t.join()",
    "in a task": """
import asyncio
async def fails():
    raise RuntimeError('no ' + secret)
async def main():
    task = asyncio.create_task(fails())
    await asyncio.sleep(0.01)
    del task
    import gc; gc.collect()
asyncio.run(main())""",
}


@pytest.mark.parametrize("where", ENDS)
@pytest.mark.parametrize("as_json", [True, False])
def test_an_uncaught_error_tells_no_secret(where: str, as_json: bool, settings: Settings) -> None:
    code = f"""
from server import logs
from server.settings import Settings
logs.configure(Settings())
secret = Settings().admin_password.get_secret_value()
{ENDS[where]}"""
    environment = {
        "PYTHONPATH": IMPORTS,
        "THEDATA_ADMIN_PASSWORD": CANARY,
        "THEDATA_DATABASE_URL": f"postgresql://ann:{CANARY}2@h/d",
        "THEDATA_LOG_JSON": str(as_json),
    }
    ended = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60
    )
    told: Any = ended.stdout + ended.stderr
    assert CANARY not in told
    assert "***" in told
    assert "Traceback" in told
    assert ended.returncode == (1 if where == "in the main thread" else 0)
