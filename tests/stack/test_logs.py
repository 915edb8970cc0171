from __future__ import annotations

import asyncio
import os
from pathlib import Path

import pytest

from server.stack import logs
from server.stack.logs import ErrorRecords, LogFile


def test_error_records_are_taken_with_their_continuation() -> None:
    lines = {
        "2026-11-23 20:00:00 [info     ] started": False,
        "2026-11-23 20:00:01 [error    ] it broke": True,
        "Traceback (most recent call last):": True,
        '  File "x.py", line 1, in <module>': True,
        "ValueError: no": True,
        '{"level": "info", "event": "fine"}': False,
        '{"level": "error", "event": "bad"}': True,
        "[2026-11-23 20:00:00.000][7][critical][main] cannot bind": True,
        "[2026-11-23 20:00:00.000][7][warning][main] hm": False,
        f"2026-11-23 20:00:00 [info     ] {'x' * 120} error": False,
    }
    records = ErrorRecords()
    assert {line: records.take(line) for line in lines} == lines


def test_a_log_stays_within_its_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logs, "LIMIT_BYTES", 100)
    log = LogFile(tmp_path / "x.log")
    output = log.open()
    os.write(output, b"a" * 101)
    log.rotate()
    os.write(output, b"one\ntwo\nthree\n")
    os.close(output)
    assert (tmp_path / "x.log.1").read_text() == "a" * 101
    assert log.tail(2) == "two\nthree"
    assert log.path.stat().st_mode & 0o777 == 0o600


async def test_following_yields_whole_lines_from_now_on(tmp_path: Path) -> None:
    log = LogFile(tmp_path / "x.log")
    output = log.open()
    os.write(output, b"earlier\n")
    lines = log.follow()
    first = asyncio.ensure_future(anext(lines))
    await asyncio.sleep(0)
    os.write(output, b"now ")
    await asyncio.sleep(logs.FOLLOW_SECONDS * 1.5)
    os.write(output, b"and here\nrest")
    assert await asyncio.wait_for(first, 5) == "now and here"
    os.close(output)
