"""Password hashing, off the event loop and bounded."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import TypeVar, TypeVarTuple

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError

from server.errors import LimitReached

T = TypeVar("T")
Arguments = TypeVarTuple("Arguments")

WAITING_PER_WORKER = 16


class Passwords:
    """Hashes and verifies with argon2id (19 MiB, t=2, p=1) on a few threads with a bounded queue."""

    def __init__(self, workers: int) -> None:
        self._hasher = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
        self._executor = ThreadPoolExecutor(workers, thread_name_prefix="argon2")
        self._free = workers * WAITING_PER_WORKER
        # Verified against where there is no account, so that its absence takes as long as a wrong password.
        self._decoy = self._hasher.hash("no account has this password")

    async def hash(self, password: str) -> str:
        """Hashes a password."""
        return await self._run(self._hasher.hash, password)

    async def verify(self, stored: str | None, password: str) -> bool:
        """Says whether a password is the stored one; without a stored one it takes as long and is False."""
        matches = await self._run(self._matches, stored or self._decoy, password)
        return matches and stored is not None

    def outdated(self, stored: str) -> bool:
        """Says whether a hash was made with other parameters than today's."""
        return self._hasher.check_needs_rehash(stored)

    def close(self) -> None:
        """Ends the threads."""
        self._executor.shutdown(wait=False, cancel_futures=True)

    def _matches(self, stored: str, password: str) -> bool:
        try:
            return self._hasher.verify(stored, password)
        except VerificationError:
            return False

    async def _run(self, function: Callable[[*Arguments], T], *arguments: *Arguments) -> T:
        if self._free <= 0:
            raise LimitReached("logins", "Too many logins at once; try again.", timedelta(seconds=1))
        self._free -= 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._executor, function, *arguments)
        finally:
            self._free += 1
