"""Become another command: as an unprivileged account where one is named, and dying with the parent.

A program of its own rather than a ``preexec_fn``: no Python code runs between fork and exec in a process that may hold
gRPC's threads. It needs the standard library only, so it starts in about 30 ms.

Arguments: the parent's pid, the number of the signal to get when the parent dies, ``uid:gid`` or ``-``, the command.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1


def main(arguments: list[str]) -> None:
    """Take on the account, tie the process to its parent, and execute the command; returns never."""
    parent, death_signal, account, *command = arguments
    if account != "-":
        uid, gid = (int(part) for part in account.split(":"))
        os.setgroups([gid])
        os.setgid(gid)
        os.setuid(uid)
    _die_with(int(parent), int(death_signal))
    # Python ignores these two, and what is ignored stays ignored in the command.
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
    try:
        os.execvp(command[0], command)  # noqa: S606 - to become the command is what this program is for
    except OSError as error:
        sys.exit(f"cannot run {command[0]}: {error.strerror}")


def _die_with(parent: int, death_signal: int) -> None:
    # Set after setuid, which clears it. Elsewhere than on Linux a killed parent's children are ended at the next start.
    if sys.platform == "linux" and ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, death_signal) != 0:
        sys.exit(f"prctl: {os.strerror(ctypes.get_errno())}")
    if os.getppid() != parent:
        sys.exit("the parent died before its child began")


if __name__ == "__main__":
    main(sys.argv[1:])
