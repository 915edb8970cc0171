"""Tells an observer of every statement: its text, how long it took, and whether it failed. Never its parameters."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, Protocol

from sqlalchemy.ext.asyncio import AsyncEngine


class StatementObserver(Protocol):
    """Who is told; it must return at once."""

    def began(self, statement: str) -> Any:
        """A statement is sent; what is given back comes back with its end."""
        ...

    def ended(self, began: Any, statement: str, seconds: float, error: str) -> None:
        """It is answered; `error` is the class of the driver's error, empty where it did well."""
        ...


def observe(engine: AsyncEngine, observer: StatementObserver) -> None:
    """Has an observer told of an engine's statements, in the context of who sends them."""
    dialect = engine.dialect

    def observed(send: Callable[..., None]) -> Callable[..., None]:
        def send_observed(cursor: Any, statement: str, *given: Any) -> None:
            began, since, error = observer.began(statement), time.perf_counter(), ""
            try:
                send(cursor, statement, *given)
            except BaseException as raised:
                # The dialect's own error has the driver's as its cause.
                error = type(raised.__cause__ or raised).__name__
                raise
            finally:
                observer.ended(began, statement, time.perf_counter() - since, error)

        return send_observed

    # Not by SQLAlchemy's events: an engine that has any looks for listeners all over, which takes longer than they do.
    for name in ("do_execute", "do_executemany", "do_execute_no_params"):
        setattr(dialect, name, observed(getattr(dialect, name)))
