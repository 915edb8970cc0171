"""Logging of the platform's own processes: one line an event, with the ids that are bound, and without secrets."""

from __future__ import annotations

import logging
import sys
import threading
from types import TracebackType
from typing import Any

import structlog

from server.observability import redaction
from server.settings import Settings

LIBRARIES = logging.WARNING
"""Libraries are heard from this level on, whatever the platform's own is below it."""

_LEVELS = {name.lower(): number for name, number in logging.getLevelNamesMapping().items()}
_least = logging.INFO


def configure(settings: Settings) -> None:
    """Sets up structured logs on standard error: text for a terminal, or JSON lines."""
    redaction.register_settings(settings)
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    # Tracebacks become texts before secrets are taken out; plain ones, as richer ones show local variables.
    last: list[Any] = [structlog.processors.format_exc_info, redaction.processor]
    renderer: Any = structlog.dev.ConsoleRenderer(
        colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback
    )
    if settings.log_json:
        renderer = structlog.processors.JSONRenderer()
    structlog.configure(
        processors=[_wanted, *shared, *last, renderer],
        wrapper_class=structlog.make_filtering_bound_logger(logging.DEBUG),
        logger_factory=structlog.WriteLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.addFilter(redaction.Filter())
    chain = [structlog.stdlib.ProcessorFormatter.remove_processors_meta, *last, renderer]
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(processors=chain, foreign_pre_chain=[_named, *shared]))
    logging.basicConfig(handlers=[handler], force=True)
    set_level(settings.log_level)
    sys.excepthook = _uncaught
    threading.excepthook = lambda given: _uncaught(given.exc_type, given.exc_value, given.exc_traceback)


def set_level(level: str) -> None:
    """Changes the least level that is logged, of this process and at once: debug, info, warning or error."""
    global _least
    _least = _LEVELS[level]
    logging.getLogger().setLevel(max(_least, LIBRARIES))


def _wanted(_logger: object, method: str, event: Any) -> Any:
    # Not by structlog's own filter: a logger that was used once keeps that for good.
    if _LEVELS["error" if method == "exception" else method] < _least:
        raise structlog.DropEvent
    return event


def _named(_logger: object, _method: str, event: Any) -> Any:
    record: logging.LogRecord = event["_record"]
    event["logger"] = record.name
    return event


def _uncaught(kind: type[BaseException], error: BaseException | None, trace: TracebackType | None) -> None:
    if error is None or issubclass(kind, KeyboardInterrupt | SystemExit):
        return
    structlog.get_logger("main").critical("uncaught", exc_info=(kind, error, trace))
