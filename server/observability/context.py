"""The trace that this piece of work belongs to, as W3C Trace Context writes it: known whether or not traces are sent.

A caller's trace goes with a run through the queue, and its id into the logs, also where no OTLP endpoint is set.
"""

from __future__ import annotations

import re
from contextvars import ContextVar

TRACEPARENT = "traceparent"
_VALID = re.compile(r"(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}")

traceparent: ContextVar[str] = ContextVar(TRACEPARENT, default="")
"""The span that work of now has as its parent; empty outside any."""


def trace_id(parent: str) -> str:
    """The trace's id within a `traceparent`; empty for what is none."""
    found = _VALID.fullmatch(parent)
    return found[1] if found else ""


def parent_sampled(parent: str) -> bool:
    """Whether a valid `traceparent` says that its trace is recorded."""
    return bool(int(parent[-2:], 16) & 1)
