"""The ledger of batches: which is in the analytics store, in what order; producers; and what was not taken."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, func, insert, select, text, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from server.analytics.model import Batch, Kind, Producer, RejectedItem
from server.errors import Conflict
from server.storage.rows import Rows
from server.storage.tables import ingest_batches as batches
from server.storage.tables import ingest_heads, producers, rejected_items

BATCHES_CHANNEL = "thedata_batches"
# Longer than an insert into the store may take, with a margin.
_LONG = text("SET LOCAL idle_in_transaction_session_timeout = '120s'")

_COLUMNS = [batches.c[name] for name in Batch.__dataclass_fields__]
_NOTIFY = text("SELECT pg_notify(:channel, :payload)").bindparams(channel=BATCHES_CHANNEL)
# Who looks at which batches there are waits for those who are about to get a number.
_NUMBERING = text("SELECT pg_advisory_xact_lock_shared(hashtextextended(:key, 1))")
_NUMBERED = text("SELECT pg_advisory_xact_lock(hashtextextended(:key, 1))")
_LOCK_IDS = text("SELECT pg_advisory_xact_lock(hashtextextended(:key, 0))")


class IngestRows:
    """Batches of events and metrics, each with its number, and its version once it is in the store."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def reserve(self, organization_id: UUID, kind: Kind, token: str | None, items: int) -> Batch:
        """A number for a batch; for a token that was there before, the batch that it named."""
        await self._connection.execute(_NUMBERING, {"key": f"{organization_id}:{kind}"})
        values = {"organization_id": organization_id, "kind": kind, "token": token, "items": items}
        statement = upsert(batches).values(**values).on_conflict_do_nothing().returning(*_COLUMNS)
        row = (await self._connection.execute(statement)).mappings().one_or_none()
        if row is None:
            known = select(*_COLUMNS).where(
                batches.c.organization_id == organization_id, batches.c.kind == kind, batches.c.token == token
            )
            row = (await self._connection.execute(known)).mappings().one()
        return _batch(row)

    async def commit(self, batch: Batch, accepted: int, rejected: int, duplicates: int) -> bool:
        """Says that a batch is in the store: it gets the next version of its kind. False: somebody else has said so.

        The head's row stays locked until the commit, so that versions become visible in their order.

        Raises:
            Conflict: it was given up meanwhile.
        """
        head = upsert(ingest_heads).values(organization_id=batch.organization_id, kind=batch.kind, version=1)
        risen = head.on_conflict_do_update(
            index_elements=["organization_id", "kind"], set_={"version": ingest_heads.c.version + 1}
        ).returning(ingest_heads.c.version)
        version = (await self._connection.execute(risen)).scalar_one()
        statement = (
            update(batches)
            .where(batches.c.id == batch.id, batches.c.version.is_(None))
            .values(version=version, accepted=accepted, rejected=rejected, duplicates=duplicates)
        )
        if not (await self._connection.execute(statement)).rowcount:
            known = await self._connection.scalar(select(batches.c.version).where(batches.c.id == batch.id))
            if known is None:
                raise Conflict
            return False
        for payload in (f"{batch.organization_id}:{batch.kind}", ""):
            await self._connection.execute(_NOTIFY, {"payload": payload})
        return True

    async def lock_ids(self, organization_id: UUID) -> None:
        """Lets nobody else look for an organization's event ids until this transaction has ended; it may be long."""
        await self._connection.execute(_LONG)
        await self._connection.execute(_LOCK_IDS, {"key": f"event ids of {organization_id}"})

    async def producer(self, organization_id: UUID, name: str) -> Producer:
        """How far a producer has come; one that is not known has not begun."""
        statement = select(producers.c.name, producers.c.durable_sequence, producers.c.updated_at).where(
            producers.c.organization_id == organization_id, producers.c.name == name
        )
        row = (await self._connection.execute(statement)).mappings().one_or_none()
        return Producer(**row) if row else Producer(name, 0, None)

    async def advance(self, organization_id: UUID, name: str, sequence: int) -> None:
        """Says that everything of a producer up to a sequence is durable."""
        statement = upsert(producers).values(organization_id=organization_id, name=name, durable_sequence=sequence)
        further = {
            "durable_sequence": func.greatest(producers.c.durable_sequence, statement.excluded.durable_sequence),
            "updated_at": func.now(),
        }
        await self._connection.execute(
            statement.on_conflict_do_update(index_elements=["organization_id", "name"], set_=further)
        )

    async def stale(self, age: timedelta, limit: int) -> list[Batch]:
        """Batches that were begun long ago and are not known to be in the store."""
        statement = (
            select(*_COLUMNS)
            .where(batches.c.version.is_(None), batches.c.created_at < func.now() - age)
            .order_by(batches.c.created_at)
            .limit(limit)
        )
        return [_batch(row) for row in (await self._connection.execute(statement)).mappings()]

    async def lock_stale(self, batch: Batch) -> bool:
        """Whether a batch is still not known to be in the store; it does not become so in this transaction."""
        await self._connection.execute(_LONG)
        statement = select(batches.c.id).where(batches.c.id == batch.id, batches.c.version.is_(None))
        return await self._connection.scalar(statement.with_for_update(skip_locked=True)) is not None

    async def forget(self, batch: Batch) -> None:
        """Forgets a batch that is not in the store: the same one sent again is a new one."""
        await self._connection.execute(delete(batches).where(batches.c.id == batch.id, batches.c.version.is_(None)))

    async def head(self, organization_id: UUID, kind: Kind) -> int:
        """The newest version of what an organization has sent."""
        statement = select(ingest_heads.c.version).where(
            ingest_heads.c.organization_id == organization_id, ingest_heads.c.kind == kind
        )
        return (await self._connection.execute(statement)).scalar_one_or_none() or 0

    async def snapshot(self, organization_id: UUID, kind: Kind) -> tuple[int, int, list[int]]:
        """The newest version, the highest number of a batch, and the numbers below that have no version yet.

        What is in the store with a number up to the highest, besides those, is what the versions up to the newest say.
        """
        await self._connection.execute(_NUMBERED, {"key": f"{organization_id}:{kind}"})
        mine = (batches.c.organization_id == organization_id, batches.c.kind == kind)
        statement = select(
            select(func.coalesce(func.max(ingest_heads.c.version), 0))
            .where(ingest_heads.c.organization_id == organization_id, ingest_heads.c.kind == kind)
            .scalar_subquery(),
            select(func.coalesce(func.max(batches.c.id), 0)).where(*mine).scalar_subquery(),
            select(func.coalesce(func.array_agg(batches.c.id), text("'{}'::bigint[]")))
            .where(*mine, batches.c.version.is_(None))
            .scalar_subquery(),
        )
        head, last, reserved = (await self._connection.execute(statement)).one()
        return head, last, list(reserved)

    async def tell(self) -> None:
        """Tells whoever looks after what was taken in that there is something to do."""
        await self._connection.execute(_NOTIFY, {"payload": ""})

    async def newest(self, organization_id: UUID, kind: Kind) -> datetime | None:
        """When the newest batch that is in the store was taken in; None: none is, or that is long ago."""
        statement = (
            select(batches.c.created_at)
            .where(batches.c.organization_id == organization_id, batches.c.kind == kind, batches.c.version.is_not(None))
            .order_by(batches.c.version.desc())
            .limit(1)
        )
        return (await self._connection.execute(statement)).scalar_one_or_none()

    async def between(self, organization_id: UUID, kind: Kind, after: int, last: int) -> list[int]:
        """The numbers of the batches with versions above one, up to another."""
        statement = select(batches.c.id).where(
            batches.c.organization_id == organization_id,
            batches.c.kind == kind,
            batches.c.version > after,
            batches.c.version <= last,
        )
        return sorted((await self._connection.scalars(statement)).all())

    async def to_gather(self, limit: int) -> tuple[int, list[int]] | None:
        """A group of batches of metrics that are not in the roll-ups yet, by the group's number.

        One that was begun and not ended comes first, as it was.
        """
        waiting = (batches.c.kind == Kind.METRICS, batches.c.version.is_not(None), batches.c.gathered_at.is_(None))
        begun = await self._connection.scalar(select(func.min(batches.c.gathered)).where(*waiting))
        if begun is None:
            found = list((await self._connection.scalars(
                select(batches.c.id).where(*waiting).order_by(batches.c.id).limit(limit).with_for_update()
            )).all())  # fmt: skip
            if not found:
                return None
            begun = found[0]
            await self._connection.execute(update(batches).where(batches.c.id.in_(found)).values(gathered=begun))
        members = select(batches.c.id).where(*waiting, batches.c.gathered == begun)
        return int(begun), sorted((await self._connection.scalars(members)).all())

    async def gathered(self, group: int) -> None:
        """Says that a group is in the roll-ups."""
        statement = update(batches).where(batches.c.gathered == group, batches.c.gathered_at.is_(None))
        await self._connection.execute(statement.values(gathered_at=func.now()))

    async def ungathered(self) -> list[int]:
        """The batches of metrics that are not in the roll-ups, whether or not they are in the store."""
        waiting = (batches.c.kind == Kind.METRICS, batches.c.gathered_at.is_(None))
        return list((await self._connection.scalars(select(batches.c.id).where(*waiting))).all())

    async def prune(self, age: timedelta) -> None:
        """Forgets old batches that everything has been done for, and old items in quarantine."""
        done = (batches.c.kind == Kind.EVENTS) | batches.c.gathered_at.is_not(None)
        old = batches.c.created_at < func.now() - age
        await self._connection.execute(delete(batches).where(batches.c.version.is_not(None), done, old))
        await self._connection.execute(delete(rejected_items).where(rejected_items.c.created_at < func.now() - age))


class RejectedItemRows(Rows[RejectedItem]):
    """Items in quarantine."""

    table, model, resource = rejected_items, RejectedItem, "rejected item"

    async def insert_all(self, items: Sequence[RejectedItem]) -> None:
        """Puts items into quarantine."""
        values = [
            {n: getattr(item, n) for n in RejectedItem.__dataclass_fields__ if n != "created_at"} for item in items
        ]
        await self._connection.execute(insert(rejected_items), values)


def _batch(row: object) -> Batch:
    values = dict(row)  # type: ignore[call-overload]  # a mapping of SQLAlchemy's
    return Batch(**{**values, "kind": Kind(values["kind"])})
