"""Blocking drivers beside the event loop: one thread that owns a driver's objects."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Generator
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")


class DriverThread:
    """A thread in which everything that touches one connection or file runs, one call after the other.

    ``interrupt`` must make the call in flight end soon; it is called from the loop when the waiting task is
    cancelled. ``translate`` turns a driver's error into a SyncError, and gives every other one back.
    """

    def __init__(
        self,
        name: str,
        translate: Callable[[Exception], Exception],
        interrupt: Callable[[], None] = lambda: None,
    ) -> None:
        self._executor = ThreadPoolExecutor(1, name)
        self._translate = translate
        self._interrupt = interrupt

    async def run(self, work: Callable[[], T]) -> T:
        """Run a call in the thread and give its result."""
        future = asyncio.get_running_loop().run_in_executor(self._executor, work)
        try:
            return await future
        except asyncio.CancelledError:
            self._interrupt()
            raise
        except Exception as error:
            raise self._translate(error) from error

    async def iterate(self, make: Callable[[], Generator[T, None, None]]) -> AsyncGenerator[T, None]:
        """Iterate a blocking generator, one item ahead of what is taken; closing this closes that."""
        generator = await self.run(make)
        ahead = asyncio.ensure_future(self._next(generator))
        try:
            while (found := await ahead) is not None:
                ahead = asyncio.ensure_future(self._next(generator))
                yield found[0]
        finally:
            if not ahead.done():
                self._interrupt()
            await asyncio.gather(ahead, return_exceptions=True)
            await asyncio.shield(self.run(generator.close))

    def close(self, last: Callable[[], None] = lambda: None) -> None:
        """End the thread after one last call, without waiting for it."""
        self._executor.submit(last)
        self._executor.shutdown(wait=False)

    async def _next(self, generator: Generator[T, None, None]) -> tuple[T] | None:
        def step() -> tuple[T] | None:
            for item in generator:
                return (item,)
            return None

        return await self.run(step)
