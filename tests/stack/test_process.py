from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import psutil
import pytest

from server.stack.errors import ChildError
from server.stack.logs import LogFile
from server.stack.process import Child, Process
from tests.stack.conftest import poll

ENVIRONMENT = dict(os.environ)
STUBBORN = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(60)"


def process(folder: Path, code: str, **fields: object) -> Process:
    child = Child("tried", (sys.executable, "-c", code), ENVIRONMENT, **fields)  # type: ignore[arg-type]  # of Child
    return Process(child, LogFile(folder / "tried.log"))


async def test_a_child_that_ends_early_is_told_with_its_log(tmp_path: Path) -> None:
    child = process(tmp_path, "print('what went wrong'); raise SystemExit(3)", ready=lambda: asyncio.sleep(60))
    with pytest.raises(ChildError, match=r"(?s)exit code 3 before it was ready.*what went wrong"):
        await child.start()


async def test_a_child_that_is_never_ready_is_ended(tmp_path: Path) -> None:
    child = process(tmp_path, "import time; time.sleep(60)", ready=lambda: asyncio.sleep(60), start_seconds=0.2)
    with pytest.raises(ChildError, match=r"not ready within 0\.2 s"):
        await child.start()
    assert child.pid is None


async def test_a_missing_command_is_named(tmp_path: Path) -> None:
    missing = Process(Child("tried", ("/no/such/command",), {}), LogFile(tmp_path / "tried.log"))
    with pytest.raises(ChildError, match="cannot run /no/such/command"):
        await missing.finish(5)


async def test_a_child_that_ignores_sigterm_is_killed_in_time(tmp_path: Path) -> None:
    child = process(tmp_path, STUBBORN, stopping=((signal.SIGTERM, 0.2),))
    await child.start()
    await asyncio.to_thread(poll, lambda: "up" in child.log.tail())
    began = time.monotonic()
    await child.stop()
    assert time.monotonic() - began < 2
    assert await child.wait() == -signal.SIGKILL


async def test_a_child_has_a_session_of_its_own_and_no_signal_ignored_by_python(tmp_path: Path) -> None:
    script = "cut -d' ' -f6 /proc/$$/stat; echo $$; grep SigIgn /proc/self/status"
    child = Process(Child("tried", ("/bin/sh", "-c", script), ENVIRONMENT), LogFile(tmp_path / "tried.log"))
    await child.finish(10)
    session, pid, ignored = child.log.tail().splitlines()
    assert session == pid
    assert not int(ignored.split()[1], 16) & 1 << (signal.SIGPIPE - 1)


def test_children_die_with_a_killed_supervisor(tmp_path: Path) -> None:
    code = textwrap.dedent(f"""
        import asyncio, pathlib
        from tests.stack.test_process import STUBBORN, process
        async def main():
            child = process(pathlib.Path({str(tmp_path)!r}), STUBBORN)
            await child.start()
            print(child.pid, flush=True)
            await asyncio.sleep(60)
        asyncio.run(main())
    """)
    with subprocess.Popen((sys.executable, "-c", code), stdout=subprocess.PIPE, text=True) as supervisor:
        assert supervisor.stdout is not None
        pid = int(supervisor.stdout.readline())
        poll(lambda: "up" in LogFile(tmp_path / "tried.log").tail())
        supervisor.kill()
    poll(lambda: not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE)
