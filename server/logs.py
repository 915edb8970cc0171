"""Logging of the platform's own processes."""

from __future__ import annotations

import logging
import sys
from typing import Any

import structlog

from server.settings import Settings

_least = logging.INFO


def set_level(level: str) -> None:
    """Logs from a level on: debug, info, warning or error. Libraries say nothing below warning."""
    global _least
    _least = logging.getLevelNamesMapping()[level.upper()]
    logging.getLogger().setLevel(max(_least, logging.WARNING))


def configure(settings: Settings) -> None:
    """Sets up structured logs on standard error: text for a terminal, or JSON lines."""
    # Plain tracebacks: richer ones show local variables, and secrets with them.
    plain = structlog.dev.plain_traceback
    renderer: Any = structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), exception_formatter=plain)
    if settings.log_json:
        renderer = structlog.processors.JSONRenderer()
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        # Not by the loggers' class, which they keep: the level may change.
        processors=[_filtered, *shared, structlog.processors.format_exc_info if settings.log_json else _pass, renderer],
        wrapper_class=structlog.make_filtering_bound_logger(logging.DEBUG),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(processor=renderer, foreign_pre_chain=shared))
    logging.basicConfig(handlers=[handler], force=True)
    set_level(settings.log_level)


def _filtered(_logger: object, method: str, event: Any) -> Any:
    if structlog.processors.NAME_TO_LEVEL[method] < _least:
        raise structlog.DropEvent
    return event


def _pass(_logger: object, _name: str, event: Any) -> Any:
    return event
