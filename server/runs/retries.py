"""Whether a failed attempt is followed by another, and after how long."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import timedelta

from server.pipelines.model import Attempt, AttemptOutcome, RetryPolicy, RunFailure


def may_pass(failure: RunFailure) -> bool:
    """Whether a failure may pass by itself; a setting does not, and a bug of the platform needs somebody to look."""
    return failure.type == "transient" or (failure.type == "system" and failure.origin != "platform")


def wait_before_next(
    policy: RetryPolicy, attempts: Sequence[Attempt], failure: RunFailure, chance: random.Random
) -> timedelta | None:
    """How long to wait after an attempt that has just failed; None: there is no next one.

    The wait doubles with every failed attempt up to the policy's longest; a random half to whole of it is taken, so
    that what failed together does not come back together. Attempts that were lost or handed over do not count.
    """
    failed = 1 + sum(attempt.outcome is AttemptOutcome.FAILED for attempt in attempts)
    if not may_pass(failure) or failed >= policy.max_attempts:
        return None
    longest = min(policy.max_backoff, policy.initial_backoff * 2.0 ** (failed - 1))
    return timedelta(seconds=longest * chance.uniform(0.5, 1.0))
