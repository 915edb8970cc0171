"""The headers of the answer to a call: collected while it is carried out, sent once."""

from __future__ import annotations

from contextvars import ContextVar

_headers: ContextVar[dict[str, str]] = ContextVar("headers")


def begin(name: str, value: str) -> None:
    """Begins the headers of a call with one of them; the outermost interceptor does."""
    _headers.set({name: value})


def add(name: str, value: str) -> None:
    """Adds a header, or replaces it."""
    _headers.get()[name] = value


def collected() -> tuple[tuple[str, str], ...]:
    """All of them, as metadata."""
    return tuple(_headers.get().items())
