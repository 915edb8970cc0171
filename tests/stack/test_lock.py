from __future__ import annotations

import os
from pathlib import Path

import pytest

from server.stack.errors import StackError
from server.stack.lock import FileLock


def test_the_second_is_told_who_holds_it(tmp_path: Path) -> None:
    first, second = (FileLock(tmp_path / "lock", "the home folder x") for _ in range(2))
    first.acquire()
    with pytest.raises(StackError, match=rf"the home folder x is in use by process {os.getpid()} \("):
        second.acquire()
    first.release()
    second.acquire()
    second.release()
    assert not (tmp_path / "lock").exists()


def test_what_a_killed_holder_left_is_no_obstacle(tmp_path: Path) -> None:
    (tmp_path / "lock").write_text("process 1 (gone)\n")
    lock = FileLock(tmp_path / "lock", "it")
    lock.acquire()
    assert f"process {os.getpid()}" in (tmp_path / "lock").read_text()
    lock.release()
