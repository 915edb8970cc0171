"""Tells an observer of every statement: its text, how long it took, and whether it failed. Never its parameters."""

from __future__ import annotations

import time
from typing import Any, Protocol

from sqlalchemy import event
from sqlalchemy.engine import ExceptionContext
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

    def before(_connection: Any, _cursor: Any, statement: str, _parameters: Any, context: Any, _many: bool) -> None:
        context.observed = observer.began(statement), time.perf_counter()

    def after(_connection: Any, _cursor: Any, statement: str, _parameters: Any, context: Any, _many: bool) -> None:
        began, since = context.observed
        observer.ended(began, statement, time.perf_counter() - since, "")

    def failed(context: ExceptionContext) -> None:
        # Errors of a connection that is made, and of one that is tried before use, belong to no statement.
        observed = getattr(context.execution_context, "observed", None)
        if observed and context.statement:
            began, since = observed
            # The dialect's own error has the driver's as its cause.
            kind = type(context.original_exception.__cause__ or context.original_exception).__name__
            observer.ended(began, context.statement, time.perf_counter() - since, kind)

    event.listen(engine.sync_engine, "before_cursor_execute", before)
    event.listen(engine.sync_engine, "after_cursor_execute", after)
    event.listen(engine.sync_engine, "handle_error", failed)
