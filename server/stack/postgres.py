"""The embedded PostgreSQL 18: made at the first start, listening on 127.0.0.1 only, run as a direct child."""

from __future__ import annotations

import asyncio
import hashlib
import os
import re
import secrets
import shutil
import signal
import time
from collections.abc import Callable
from pathlib import Path

import asyncpg
import psutil

from server.stack.errors import StackError
from server.stack.folder import PRIVATE, make_folder, make_home
from server.stack.lock import FileLock
from server.stack.logs import LogFile
from server.stack.placement import SYSTEM_FOLDERS, Placement, place
from server.stack.ports import ensure_free, free_port
from server.stack.process import Child, Process

HOST = "127.0.0.1"
USER = "thedata"
INITDB_SECONDS = 120.0
START_SECONDS = 300.0  # a crash leaves up to max_wal_size to replay
FAST, IMMEDIATE = signal.SIGINT, signal.SIGQUIT  # PostgreSQL's kinds of shutdown; the second skips the checkpoint
STOPPING = ((FAST, 30.0), (IMMEDIATE, 10.0))
# Statements' errors are their callers' affair, and FATAL is also said of every connection that a stop ends.
ERRORS = re.compile(r"\bPANIC:")
ENVIRONMENT = {"LC_ALL": "C", "TZ": "UTC", "PATH": "/usr/bin:/bin"}

SETTINGS = {
    "listen_addresses": HOST,
    "unix_socket_directories": "",
    "max_connections": "200",
    "shared_buffers": "256MB",
    "maintenance_work_mem": "128MB",
    "random_page_cost": "1.1",
    # Bulk loads: few, spread checkpoints. Page images are not compressed: that takes ten times as long as writing them.
    "wal_level": "logical",
    "wal_compression": "off",
    "max_wal_size": "4GB",
    "min_wal_size": "256MB",
    "checkpoint_timeout": "15min",
    "log_min_messages": "warning",
    "log_line_prefix": "%m [%p] %q%u@%d ",
    "log_checkpoints": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "lc_messages": "C",
    "default_text_search_config": "pg_catalog.english",
}
# For data that nobody misses after a crash of the machine: tests.
FORGETFUL = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "shared_buffers": "128MB"}


class EmbeddedPostgres:
    """The PostgreSQL of one home folder, with the superuser and the database `thedata`.

    Port 0 takes a free one at each start. `durable=False` gives up surviving a crash of the machine for speed. Where
    we are root it runs as `account` (default: the first usual one), and `system_folders` are where it goes when that
    account cannot pass to `home`.
    """

    name = "postgres"
    errors = ERRORS

    def __init__(
        self,
        home: Path,
        port: int = 0,
        *,
        durable: bool = True,
        account: str | None = None,
        system_folders: tuple[Path, ...] = SYSTEM_FOLDERS,
    ) -> None:
        self.home = home.absolute()
        self.port = port
        self.log = LogFile(self.home / "logs" / "postgres.log")
        self._durable = durable
        self._account = account
        self._system_folders = system_folders
        self._password: str | None = None
        self._placement: Placement | None = None
        self._lock: FileLock | None = None
        self._process: Process | None = None

    @property
    def placement(self) -> Placement:
        """Return where the cluster stands; known once it was started."""
        if self._placement is None:
            raise StackError("the embedded PostgreSQL was never started")
        return self._placement

    @property
    def pid(self) -> int | None:
        """Return the pid of the postmaster while it runs."""
        return self._process.pid if self._process else None

    def dsn(self, database: str = "thedata") -> str:
        """Return the URL of `database` for the superuser: a secret; known once the cluster was started."""
        if self._password is None:
            raise StackError("the embedded PostgreSQL was never started")
        return f"postgresql://{USER}:{self._password}@{HOST}:{self.port}/{database}"

    async def start(self) -> None:
        """Make the cluster at the first start, end what a killed supervisor left, and serve; `StackError` otherwise."""
        make_home(self.home)
        make_folder(self.log.path.parent)
        try:
            placement = await asyncio.to_thread(place, self.home, self._account, self._system_folders)
        except PermissionError as error:
            raise StackError(
                f"{error.filename} belongs to another user: start as that user, or set THEDATA_HOME"
            ) from error
        self._placement = placement
        if self._lock is None:
            self._lock = FileLock(placement.folder / "lock", f"the database in {placement.folder}")
        self._lock.acquire()
        try:
            await self._serve(placement)
        except BaseException:
            self._lock.release()
            raise

    async def wait(self) -> int:
        """Wait until the postmaster ends and return its exit code."""
        if self._process is None:
            raise StackError("the embedded PostgreSQL was never started")
        return await self._process.wait()

    async def stop(self) -> None:
        """Shut down fast, with a checkpoint; harder where that takes longer than `STOPPING` allows."""
        try:
            if self._process is not None:
                await self._process.stop()
        finally:
            if self._lock is not None:
                self._lock.release()

    def kill(self) -> None:
        """Shut down at once, without a checkpoint: the next start replays the log."""
        if self._process is not None:
            self._process.send(IMMEDIATE)

    async def create_database(self, name: str = "thedata") -> None:
        """Create the database `name`, owned by the superuser, unless it exists."""
        connection = await self._connect("postgres")
        try:
            if not await connection.fetchval("SELECT 1 FROM pg_database WHERE datname = $1", name):
                quoted = name.replace('"', '""')
                await connection.execute(f'CREATE DATABASE "{quoted}"')
        finally:
            await connection.close(timeout=5)

    async def _serve(self, placement: Placement) -> None:
        await asyncio.to_thread(end_orphans, placement.data)
        self._password = _password(placement.folder / "password")
        if not placement.data.exists():
            await self._initialize(placement)
        self.port = self.port or free_port(HOST)
        ensure_free(HOST, self.port, "THEDATA_POSTGRES_PORT")
        self._process = Process(self._server(placement), self.log)
        await self._process.start()

    async def _initialize(self, placement: Placement) -> None:
        # Made beside its place and moved there when complete: a killed start leaves no half cluster that looks whole.
        scratch, password = placement.folder / "data.new", placement.folder / "password.initdb"
        if scratch.exists():
            await asyncio.to_thread(shutil.rmtree, scratch)
        password.unlink(missing_ok=True)
        make_folder(scratch, PRIVATE)
        _write_private(password, self._password or "")
        try:
            if placement.account:
                for path in (scratch, password):
                    os.chown(path, placement.account.uid, placement.account.gid)
            await Process(self._initdb(placement, scratch, password), self.log).finish(INITDB_SECONDS)
        finally:
            password.unlink(missing_ok=True)
        scratch.rename(placement.data)

    def _initdb(self, placement: Placement, data: Path, password: Path) -> Child:
        options = ("--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--data-checksums")
        login = (f"--username={USER}", f"--pwfile={password}", "--auth=scram-sha-256")
        speed = () if self._durable else ("--no-sync",)
        return Child(
            name="initdb",
            argv=(
                str(placement.binaries / "initdb"),
                f"--pgdata={data}",
                *login,
                *options,
                *speed,
                "--no-instructions",
            ),
            env=ENVIRONMENT,
            account=placement.account,
            directory=placement.folder,
        )

    def _server(self, placement: Placement) -> Child:
        # Outside the data folder: root writes nothing where the unprivileged account could have put a link.
        config = placement.folder / "postgresql.conf"
        config.write_text(self._configuration(placement))
        config.chmod(0o644)
        return Child(
            name=self.name,
            argv=(str(placement.binaries / "postgres"), "-D", str(placement.data), "-c", f"config_file={config}"),
            env=ENVIRONMENT,
            ready=self._ready,
            start_seconds=START_SECONDS,
            stopping=STOPPING,
            death_signal=FAST,
            account=placement.account,
            directory=placement.folder,
            errors=ERRORS,
        )

    def _configuration(self, placement: Placement) -> str:
        settings = SETTINGS | {"port": str(self.port), "cluster_name": _cluster_name(placement.data)}
        if not self._durable:
            settings |= FORGETFUL
        lines = (f"{key} = '{value}'" for key, value in settings.items())
        return "\n".join(("# Written at each start; keep changes of your own with ALTER SYSTEM.", *lines, ""))

    async def _ready(self) -> None:
        while True:
            if await self._accepts():
                await self.create_database()
                return
            await asyncio.sleep(0.02)

    async def _accepts(self) -> bool:
        try:
            connection = await self._connect("postgres")
        except (OSError, TimeoutError, asyncpg.CannotConnectNowError, asyncpg.ConnectionDoesNotExistError):
            return False
        await connection.close(timeout=5)
        return True

    async def _connect(self, database: str) -> asyncpg.Connection:
        return await asyncpg.connect(
            host=HOST, port=self.port, user=USER, password=self._password, database=database, ssl=False, timeout=10
        )


def end_orphans(data: Path) -> None:
    """End the PostgreSQL that a killed supervisor left running on `data`; the caller holds the lock on its folder."""
    pid_file = data / "postmaster.pid"
    if not pid_file.exists():
        return
    for request, seconds in STOPPING:
        _signal(_postmasters(data), request)
        if _end(_postmasters, data, seconds):
            break
    # Without their postmaster the others leave by themselves; one in the middle of a statement does not look for it.
    if not _end(_servers, data, 1.0):
        _signal(_servers(data), signal.SIGKILL)
        if not _end(_servers, data, 5.0):
            raise StackError(f"an earlier PostgreSQL on {data} does not end: {_servers(data)}")
    # Whatever has that pid now is another program, for which PostgreSQL would refuse to start.
    pid_file.unlink(missing_ok=True)


def _end(find: Callable[[Path], list[psutil.Process]], data: Path, seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while find(data):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.03)
    return True


def _postmasters(data: Path) -> list[psutil.Process]:
    return _processes(lambda command: str(data) in command)


def _servers(data: Path) -> list[psutil.Process]:
    title = f"postgres: {_cluster_name(data)}: "
    return _processes(lambda command: str(data) in command or " ".join(command).startswith(title))


def _processes(wanted: Callable[[list[str]], bool]) -> list[psutil.Process]:
    # By command line, which may be read of any user's process; a working folder may not, in a container.
    found = []
    for process in psutil.process_iter():
        try:
            if process.name() == "postgres" and wanted(process.cmdline()):
                found.append(process)
        except psutil.Error:  # ended meanwhile, or a zombie
            continue
    return found


def _signal(processes: list[psutil.Process], request: signal.Signals) -> None:
    for process in processes:
        try:
            process.send_signal(request)
        except psutil.NoSuchProcess:
            continue


def _cluster_name(data: Path) -> str:
    return f"thedata-{hashlib.sha256(str(data).encode()).hexdigest()[:16]}"


def _password(path: Path) -> str:
    if not path.exists():
        _write_private(path, secrets.token_urlsafe(24))
    return path.read_text().strip()


def _write_private(path: Path, text: str) -> None:
    file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    with os.fdopen(file, "w") as opened:
        opened.write(text + "\n")
        opened.flush()
        os.fsync(file)
