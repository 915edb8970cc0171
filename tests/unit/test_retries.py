"""What follows a failed attempt."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.pipelines.model import Attempt, AttemptOutcome, RetryPolicy, RunFailure
from server.runs.retries import may_pass, wait_before_next

TRANSIENT = RunFailure("destination", "transient", "connection_lost", "It is gone")


def attempts(*outcomes: AttemptOutcome) -> list[Attempt]:
    return [
        Attempt(number, "worker", "2026-01-01T00:00:00+00:00", outcome=outcome)
        for number, outcome in enumerate(outcomes, 1)
    ]


@pytest.mark.parametrize(
    ("origin", "kind", "passes"),
    [
        ("source", "transient", True),
        ("platform", "transient", True),
        ("destination", "system", True),
        ("platform", "system", False),
        ("source", "config", False),
        ("platform", "cancelled", False),
    ],
)
def test_only_what_may_pass_by_itself_is_tried_again(origin: str, kind: str, passes: bool) -> None:
    failure = RunFailure(origin, kind, "code", "message")
    assert may_pass(failure) is passes
    wait = wait_before_next(RetryPolicy(), attempts(AttemptOutcome.NONE), failure, random.Random(1))
    assert (wait is not None) is passes


def test_attempts_that_were_lost_or_handed_over_do_not_count() -> None:
    gone = [AttemptOutcome.LOST, AttemptOutcome.HANDED_OVER] * 10
    policy = RetryPolicy(max_attempts=2)
    chance = random.Random(1)
    assert wait_before_next(policy, attempts(*gone, AttemptOutcome.NONE), TRANSIENT, chance)
    failed = attempts(*gone, AttemptOutcome.FAILED, AttemptOutcome.NONE)
    assert wait_before_next(policy, failed, TRANSIENT, chance) is None


@given(
    failed=st.integers(0, 18),
    initial=st.floats(0.1, 1000),
    longest=st.floats(0.1, 10_000),
    seed=st.integers(0, 2**32),
)
def test_the_wait_doubles_up_to_the_longest_and_is_never_less_than_half(
    failed: int, initial: float, longest: float, seed: int
) -> None:
    policy = RetryPolicy(20, initial, longest)
    before = attempts(*[AttemptOutcome.FAILED] * failed, AttemptOutcome.NONE)
    wait = wait_before_next(policy, before, TRANSIENT, random.Random(seed))
    whole = min(longest, initial * 2**failed)
    assert wait is not None
    assert timedelta(seconds=whole / 2) - timedelta(microseconds=1) <= wait
    assert wait <= timedelta(seconds=whole) + timedelta(microseconds=1)
