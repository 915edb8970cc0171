from __future__ import annotations

import asyncio
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path

import psutil
import pytest
from pydantic import SecretStr

from server.settings import Settings
from server.stack.ports import free_port
from server.stack.supervisor import Endpoints, Restarts, platform, run_stack, variables
from tests.stack.conftest import poll
from tests.stack.stand_in import STUBBORN, program

REPOSITORY = Path(__file__).resolve().parents[2]
Start = Callable[..., "Stack"]
HEALS_SECONDS = 5.0


class Stack:
    """A supervisor in a process of its own, its children, and what it prints."""

    def __init__(self, home: Path, output: Path, *arguments: str) -> None:
        self.home = home
        self.output = output
        self.port = free_port()
        ports = {"HTTP": self.port, "GRPC": free_port(), "POSTGRES": free_port()}
        own = {"THEDATA_HOME": str(home)} | {f"THEDATA_{name}_PORT": str(port) for name, port in ports.items()}
        with output.open("w") as file:
            self.process = psutil.Popen(
                (sys.executable, "-m", "tests.stack.stand_in", *arguments),
                env=os.environ | own,
                cwd=REPOSITORY,
                stdout=file,
                stderr=subprocess.STDOUT,
            )
        self.everything: list[psutil.Process] = []

    def said(self) -> str:
        return self.output.read_text()

    def wait_up(self) -> None:
        poll(lambda: "Ctrl-C stops it." in self.said() or self.process.poll() is not None, 30)
        assert self.process.poll() is None, self.said()
        self.everything = [self.process, *self.process.children(recursive=True)]

    def children(self, word: str) -> list[psutil.Process]:
        found = []
        for child in self.process.children():
            with suppress(psutil.ZombieProcess):  # killed, and not yet noticed by the supervisor
                if word in " ".join(child.cmdline()) and "launch.py" not in " ".join(child.cmdline()):
                    found.append(child)
        return found

    def child(self, word: str) -> psutil.Process:
        (found,) = self.children(word)
        return found

    def kill_child(self, word: str) -> None:
        """Kill a child and return once another runs in its place."""
        self.child(word).kill()
        name = "server" if word == "http.server" else word
        poll(lambda: f"{name} was ended by SIGKILL: starting it again" in self.said())
        poll(lambda: len(self.children(word)) == 1)

    def answers(self) -> int:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/", timeout=5) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as error:
            with error:
                return error.code

    def left(self) -> list[psutil.Process]:
        return [one for one in self.everything if one.is_running() and one.status() != psutil.STATUS_ZOMBIE]

    def is_gone(self) -> bool:
        return not self.left()


@pytest.fixture
def start(made_home: Path, room: Path) -> Iterator[Start]:
    stacks: list[Stack] = []

    def begin(*arguments: str) -> Stack:
        stack = Stack(made_home, room / f"output-{len(stacks)}", *arguments)
        stacks.append(stack)
        return stack

    yield begin
    for stack in stacks:
        if stack.process.poll() is None:
            stack.process.kill()
        stack.process.wait(10)
        poll(stack.is_gone)


def test_its_life(start: Start) -> None:
    stack = start()
    stack.wait_up()
    assert f"http://127.0.0.1:{stack.port}" in stack.said()
    assert str(stack.home / "logs") in stack.said()
    assert stack.answers() == 200
    assert (stack.home / "logs" / "migrate.log").read_text() == "migrated\n"

    password = (stack.home / "postgres" / "password").read_text().strip()
    assert not any(password in " ".join(one.cmdline()) for one in stack.everything)
    assert password in stack.child("time.sleep").environ()["THEDATA_DATABASE_URL"]
    assert all(os.getsid(child.pid) == child.pid for child in stack.process.children())

    for name in ("http.server", "envoy", "postgres"):
        stack.kill_child(name)
    poll(lambda: "ready to accept connections" in (stack.home / "logs" / "postgres.log").read_text()[-300:])
    poll(lambda: stack.answers() == 200)

    second = start()
    assert second.process.wait(10) == 1
    assert re.search(rf"home folder .* is in use by process {stack.process.pid} \(", second.said())

    stack.everything = [stack.process, *stack.process.children(recursive=True)]
    stack.process.send_signal(signal.SIGINT)
    assert stack.process.wait(10) == 0
    assert not stack.left()
    assert not list(stack.home.rglob("*lock"))
    assert not (stack.home / "postgres" / "data" / "postmaster.pid").exists()


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGSEGV], ids=["killed", "crashed"])
def test_an_analytics_engine_that_dies_is_back_in_seconds_and_takes_nobody_with_it(
    start: Start, how: signal.Signals
) -> None:
    stack = start()
    stack.wait_up()
    engine = stack.child("clickhouse_http")
    others = {child.pid for child in stack.process.children() if child.pid != engine.pid}
    words = engine.cmdline()
    ping = f"http://{words[words.index('--listen') + 1]}/ping"
    engine.send_signal(how)
    died = time.monotonic()
    engine.wait(HEALS_SECONDS)
    poll(lambda: answers(ping), HEALS_SECONDS)
    assert time.monotonic() - died < HEALS_SECONDS
    assert f"clickhouse was ended by {how.name}: starting it again" in stack.said()
    assert stack.child("clickhouse_http").pid != engine.pid
    assert others <= {child.pid for child in stack.process.children()}


def answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=1) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def test_kill_9_of_the_supervisor_leaves_nothing_and_the_next_start_works(start: Start) -> None:
    first = start(STUBBORN)
    first.wait_up()
    assert len(first.everything) >= 6
    first.process.kill()
    first.process.wait(10)
    second = start()
    second.wait_up()
    assert not first.left()
    # All of it at once, PostgreSQL too.
    for one in second.everything:
        if one.is_running():
            one.kill()
    second.process.wait(10)
    third = start()
    third.wait_up()
    assert not second.left()
    third.process.terminate()
    assert third.process.wait(10) == 0
    assert not third.left()


def test_a_second_ctrl_c_kills_at_once(start: Start) -> None:
    stack = start(STUBBORN)
    stack.wait_up()
    stack.process.send_signal(signal.SIGINT)
    poll(lambda: "once more kills at once" in stack.said())
    stack.process.send_signal(signal.SIGINT)
    assert stack.process.wait(5) == 0
    assert not stack.left()


def test_a_child_that_keeps_dying_ends_the_stack_with_its_log(start: Start) -> None:
    stack = start("import time; time.sleep(0.3); print('what went wrong'); raise SystemExit(3)")
    assert stack.process.wait(30) == 1
    assert stack.said().count("worker ended with exit code 3: starting it again") == 2
    assert "worker ended with exit code 3, 3 times within 60 s" in stack.said()
    assert stack.said().rstrip().endswith("what went wrong")


@pytest.fixture
def settings(home: Path) -> Settings:
    return Settings(home=home, http_port=0, grpc_port=0, database_url=SecretStr("postgresql://u:secret@127.0.0.1/x"))


async def test_the_demo_decides_when_to_end(settings: Settings) -> None:
    seen: list[Endpoints] = []
    before = set(psutil.Process().children())

    async def demo(endpoints: Endpoints) -> int:
        seen.append(endpoints)
        return 7

    said: list[str] = []
    code = await asyncio.wait_for(run_stack(settings, on_ready=demo, program=program, say=said.append), 20)
    assert code == 7
    assert seen[0].home == settings.home
    assert "secret" not in repr(seen[0])
    assert "secret" not in "\n".join(said)
    assert set(psutil.Process().children()) <= before


async def test_a_taken_port_is_told_before_anything_starts(settings: Settings, home: Path) -> None:
    said: list[str] = []
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        taken = settings.model_copy(update={"http_port": listener.getsockname()[1], "database_url": None})
        assert await run_stack(taken, program=program, say=said.append) == 1
    assert f"port {taken.http_port} on 127.0.0.1 is taken by process {os.getpid()}" in said[0]
    assert "THEDATA_HTTP_PORT" in said[0]
    assert not (home / "postgres").exists()


async def test_one_port_for_both_is_refused(settings: Settings) -> None:
    said: list[str] = []
    port = free_port()
    assert await run_stack(settings.model_copy(update={"http_port": port, "grpc_port": port}), say=said.append) == 1
    assert "THEDATA_HTTP_PORT and THEDATA_GRPC_PORT are both" in said[0]


async def test_the_first_start_is_not_repeated(settings: Settings) -> None:
    said: list[str] = []
    broken = "raise SystemExit('no such setting')"
    code = await run_stack(
        settings, program=lambda chosen: program(chosen, broken), restarts=Restarts(limit=0), say=said.append
    )
    assert code == 1
    assert "no such setting" in said[-1]


def test_children_get_the_settings_and_their_secrets_by_environment(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    chosen = settings.model_copy(update={"file_roots": [Path("/a"), Path("/b")], "log_json": True, "grpc_port": 5})
    for name, value in variables(chosen).items():
        monkeypatch.setenv(name, value)
    assert Settings() == chosen
    child = platform(chosen).services[0]
    assert child.env["THEDATA_DATABASE_URL"].endswith("u:secret@127.0.0.1/x")
    assert "secret" not in repr(platform(chosen))
    assert child.argv == (sys.executable, "-m", "server", "serve")
