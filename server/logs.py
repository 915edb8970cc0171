"""Logging of the platform's own processes."""

from __future__ import annotations

import logging
import sys
from typing import Any

import structlog

from server.settings import Settings


def configure(settings: Settings) -> None:
    """Sets up structured logs on standard error: text for a terminal, or JSON lines."""
    level = logging.getLevelNamesMapping()[settings.log_level.upper()]
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
        processors=[*shared, structlog.processors.format_exc_info if settings.log_json else _pass, renderer],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(processor=renderer, foreign_pre_chain=shared))
    logging.basicConfig(handlers=[handler], level=max(level, logging.WARNING), force=True)


def _pass(_logger: object, _name: str, event: Any) -> Any:
    return event
