"""The rules of what runs by itself: schedules, pauses, webhooks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from uuid import UUID

from server.auth.permissions import Caller
from server.data_sources.vault import Vault
from server.errors import InvalidFields, NotFound, Violation
from server.ids import new_id
from server.pipelines.errors import PipelinePaused, WebhookRefused
from server.pipelines.model import Pipeline, RetryPolicy, Run, RunTrigger, Schedule
from server.pipelines.ports import Store, Transaction
from server.pipelines.runs import queued
from server.pipelines.schedules import after_pause, is_same, next_after, violations
from server.pipelines.webhooks import LARGEST_BODY, SignedMessage, is_genuine, new_secret
from server.scope import Scope


class SchedulingService:
    """Pauses and resumes pipelines, and lets other systems start them."""

    def __init__(self, store: Store, vault: Vault) -> None:
        self._store = store
        self._vault = vault

    async def pause(self, caller: Caller, pipeline_id: UUID) -> tuple[Pipeline, Run | None]:
        """Lets nothing start by itself any more; a run in flight goes on."""
        async with self._store.begin(caller.scope) as tx:
            pipeline = await _authorized(tx, caller, pipeline_id)
            if not pipeline.paused:
                pipeline = await tx.pipelines.set(pipeline_id, {"paused": True})
            return pipeline, (await tx.runs.newest([pipeline_id])).get(pipeline_id)

    async def resume(self, caller: Caller, pipeline_id: UUID) -> tuple[Pipeline, Run | None]:
        """Ends a pause; what was missed meanwhile is caught up with as the schedule says."""
        async with self._store.begin(caller.scope) as tx:
            pipeline = await _authorized(tx, caller, pipeline_id)
            if pipeline.paused:
                values = {"paused": False, "next_run_at": after_pause(pipeline, await tx.schedules.now())}
                pipeline = await tx.pipelines.set(pipeline_id, values)
                await tx.schedules.wake()
            return pipeline, (await tx.runs.newest([pipeline_id])).get(pipeline_id)

    async def rotate_webhook(self, caller: Caller, pipeline_id: UUID) -> str:
        """Gives a pipeline a new webhook secret, which is told only here."""
        secret = new_secret()
        async with self._store.begin(caller.scope) as tx:
            pipeline = await _authorized(tx, caller, pipeline_id)
            sealed = await self._vault.seal_webhook(tx, pipeline.organization_id, pipeline_id, secret)
            await tx.pipelines.set(pipeline_id, {"webhook_secret": sealed})
        return secret

    async def delete_webhook(self, caller: Caller, pipeline_id: UUID) -> None:
        """Removes a pipeline's webhook, if it has one."""
        async with self._store.begin(caller.scope) as tx:
            if (await _authorized(tx, caller, pipeline_id)).webhook_secret is not None:
                await tx.pipelines.set(pipeline_id, {"webhook_secret": None})

    async def receive_webhook(self, pipeline_id: UUID, message: SignedMessage) -> Run | None:
        """Queues a run for a signed message; None: it is queued when the one in flight has ended.

        Raises:
            InvalidFields: the message is too large.
            WebhookRefused: it is not signed as it must be, or there is no such pipeline, or it has no webhook.
            PipelinePaused: nothing may start now.
        """
        if len(message.body) > LARGEST_BODY:
            raise InvalidFields(Violation("payload", f"must have at most {LARGEST_BODY} bytes"))
        async with self._store.begin(Scope.everything()) as tx:
            await self._require_genuine(tx, pipeline_id, message)
            pipeline = await tx.pipelines.get(pipeline_id, lock=True)
            occurrence = f"webhook {message.id}"
            known = await tx.runs.has_occurred(pipeline_id, occurrence)
            if known:
                return known
            if pipeline.paused:
                raise PipelinePaused
            if await tx.runs.in_flight(pipeline_id):
                wanted = {"trigger": RunTrigger.WEBHOOK.value, "occurrence": occurrence}
                await tx.pipelines.set(pipeline_id, {"wanted": wanted})
                return None
            return await tx.runs.enqueue(queued(new_id(), pipeline, RunTrigger.WEBHOOK, None, occurrence=occurrence))

    async def _require_genuine(self, tx: Transaction, pipeline_id: UUID, message: SignedMessage) -> None:
        pipeline = await tx.pipelines.find(pipeline_id)
        # Without a webhook the message is checked all the same, against a secret that nobody has.
        secret = new_secret()
        if pipeline and pipeline.webhook_secret:
            secret = await self._vault.open_webhook(tx, pipeline.organization_id, pipeline_id, pipeline.webhook_secret)
        if not is_genuine(message, secret, await tx.schedules.now()):
            raise WebhookRefused


async def scheduled(
    tx: Transaction, organization_id: UUID, pipeline_id: UUID, schedule: Schedule | None, current: Pipeline | None
) -> dict[str, Any]:
    """What a new schedule changes of a pipeline; nothing when it says what the ``current`` one says.

    Raises:
        InvalidFields: the schedule can't be kept.
        NotFound: it follows a pipeline that is not the organization's.
    """
    if current and is_same(current.schedule, schedule):
        return {}
    at = await tx.schedules.now()
    values: dict[str, Any] = {"schedule": None, "after_pipeline_id": None, "next_run_at": None}
    if current and current.wanted and current.wanted["trigger"] == RunTrigger.PIPELINE:
        values["wanted"] = None
    if schedule is None:
        return values
    broken = list(violations(schedule, at))
    if broken:
        raise InvalidFields(*broken)
    schedule = replace(schedule, set_at=at.isoformat())
    values |= {"schedule": schedule, "next_run_at": next_after(schedule, at)}
    if schedule.after_pipeline_id:
        values["after_pipeline_id"] = UUID(schedule.after_pipeline_id)
        await _require_leader(tx, organization_id, pipeline_id, values["after_pipeline_id"])
    return values


def check_retries(policy: RetryPolicy | None) -> Iterator[Violation]:
    """What is wrong with a retry policy."""
    if policy and policy.initial_backoff > policy.max_backoff:
        yield Violation("retry_policy.max_backoff", "must not be less than initial_backoff")


async def _require_leader(tx: Transaction, organization_id: UUID, pipeline_id: UUID, leader_id: UUID) -> None:
    chain = await tx.schedules.chain(organization_id, leader_id)
    # Locked, so that it is not deleted meanwhile.
    leader = await tx.pipelines.find(leader_id, lock=True)
    if leader is None or leader.organization_id != organization_id:
        raise NotFound("pipeline", leader_id)
    if pipeline_id in chain:
        raise InvalidFields(Violation("schedule.after.pipeline_id", "must not run, directly or not, after this one"))


async def _authorized(tx: Transaction, caller: Caller, pipeline_id: UUID) -> Pipeline:
    pipeline = await tx.pipelines.get(pipeline_id, lock=True)
    caller.authorize(pipeline.organization_id)
    return pipeline
