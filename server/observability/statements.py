"""What becomes of each statement to the platform's PostgreSQL: a figure, a span, a line in the log when it was slow."""

from __future__ import annotations

import asyncio
import hashlib
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import structlog

from server.config.model import SystemConfig
from server.observability.metrics import ProcessMetrics
from server.observability.tracing import Tracing
from server.storage.plans import NoPlan, explainable, plan_of

if TYPE_CHECKING:
    from opentelemetry.trace import Span

log = structlog.get_logger("statements")

LONGEST = 4000  # characters of a statement that are logged
PLANS_WAITING = 10
SAME_PLAN_SECONDS = 300.0  # a statement that is slow all the time is explained once in so many seconds
SHAPES = 1000

Config = Callable[[], SystemConfig | None]


@dataclass(frozen=True)
class _Slow:
    key: str
    statement: str
    ids: Mapping[str, Any]


class Statements:
    """Is told of every statement; parameters it never sees."""

    def __init__(self, metrics: ProcessMetrics, tracing: Tracing | None, url: str) -> None:
        self._metrics = metrics
        self._tracing = tracing
        self._url = url
        self._config: Config = lambda: None
        self._slow: asyncio.Queue[_Slow] = asyncio.Queue(PLANS_WAITING)
        self._explained: dict[str, float] = {}

    def obey(self, config: Config) -> None:
        """Takes the thresholds from the platform's settings as they are when a statement ends."""
        self._config = config

    def began(self, statement: str) -> Span | None:
        """Begins a span, below what is being done."""
        if self._tracing is None or not self._tracing.records():
            return None
        verb = statement.split(None, 1)[0].upper()
        attributes = {"db.system.name": "postgresql", "db.query.text": statement}
        return self._tracing.begin(f"{verb} postgresql", attributes, client=True)

    def ended(self, began: Span | None, statement: str, seconds: float, error: str) -> None:
        """Ends the span, counts, and logs the statement where it was slow."""
        if began is not None and self._tracing is not None:
            self._tracing.end(began, error)
        self._metrics.statement_seconds.observe(seconds)
        config = self._config()
        if config is not None and seconds >= config.slow_statement_seconds:
            self._tell(statement, seconds, error, plans=config.slow_statement_plans)

    async def explain(self) -> None:
        """Logs the plans of slow statements, one at a time, until it is cancelled."""
        while True:
            slow = await self._slow.get()
            with structlog.contextvars.bound_contextvars(**slow.ids):
                try:
                    plan = await plan_of(self._url, slow.statement)
                except NoPlan as reason:
                    log.warning("slow_statement_has_no_plan", statement_id=slow.key, reason=str(reason))
                else:
                    log.warning("slow_statement_plan", statement_id=slow.key, plan=plan)

    def _tell(self, statement: str, seconds: float, error: str, *, plans: bool) -> None:
        self._metrics.slow_statements.inc()
        key = hashlib.sha256(statement.encode()).hexdigest()[:12]
        failed = {"error": error} if error else {}
        log.warning(
            "slow_statement", statement_id=key, ms=round(seconds * 1000, 1), statement=statement[:LONGEST], **failed
        )
        if plans and explainable(statement) and not self._slow.full() and self._is_due(key):
            self._slow.put_nowait(_Slow(key, statement, structlog.contextvars.get_contextvars()))

    def _is_due(self, key: str) -> bool:
        last = self._explained.pop(key, None)
        due = last is None or time.monotonic() - last >= SAME_PLAN_SECONDS
        self._explained[key] = time.monotonic() if due or last is None else last
        while len(self._explained) > SHAPES:
            del self._explained[next(iter(self._explained))]
        return due
