"""The unprivileged account that PostgreSQL runs as where we are root, and what that account can reach."""

from __future__ import annotations

import os
import pwd
import stat
from dataclasses import dataclass
from pathlib import Path

from server.stack.errors import StackError

USUAL = ("thedata", "nobody")


@dataclass(frozen=True)
class Account:
    """An account of the system, with its primary group only."""

    name: str
    uid: int
    gid: int


def unprivileged(name: str | None = None) -> Account:
    """Return the account called `name`, or else the first of `USUAL` that exists."""
    for candidate in (name,) if name else USUAL:
        try:
            entry = pwd.getpwnam(candidate)
        except KeyError:
            continue
        return _account(entry)
    raise StackError(f"PostgreSQL does not run as root and there is no account {name or ' or '.join(USUAL)}: make one")


def owner(folder: Path) -> Account:
    """Return the account that owns `folder`, which must not be root."""
    uid = folder.stat().st_uid
    try:
        return _account(pwd.getpwuid(uid))
    except KeyError as error:
        raise StackError(f"{folder} belongs to user {uid}, which has no account") from error


def obstacle(path: Path, account: Account) -> Path | None:
    """Return the first existing part of `path` that `account` can neither read (a file) nor pass (a folder)."""
    resolved = path.resolve()
    for part in (*reversed(resolved.parents), resolved):
        if not part.exists():
            return None
        needed = os.X_OK if part.is_dir() else os.R_OK
        if not _allows(part.stat(), account, needed):
            return part
    return None


def _account(entry: pwd.struct_passwd) -> Account:
    if entry.pw_uid == 0:
        raise StackError(f"PostgreSQL does not run as {entry.pw_name}: an unprivileged account is needed")
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)


def _allows(found: os.stat_result, account: Account, needed: int) -> bool:
    mode = stat.S_IMODE(found.st_mode)
    if found.st_uid == account.uid:
        mode >>= 6
    elif found.st_gid == account.gid:
        mode >>= 3
    return mode & needed == needed
