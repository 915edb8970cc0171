"""Windows of requests, places of streams, and what organizations have used; all by the database's clock."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID

from sqlalchemy import delete, func, text, tuple_
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from server.limits.model import Subject, Taken, Usage
from server.storage.tables import stream_places, stream_servers

# Who waits for the row may come to it in the next minute, hence one more; a clock that was set back begins anew.
_TAKE = text("""
    INSERT INTO rate_windows AS known (kind, subject_id, number, taken)
    VALUES (:kind, :id, floor(extract(epoch FROM clock_timestamp()) / 60), :size)
    ON CONFLICT (kind, subject_id) DO UPDATE SET
        number = CASE WHEN known.number = EXCLUDED.number + 1 THEN known.number ELSE EXCLUDED.number END,
        taken = CASE WHEN known.number IN (EXCLUDED.number, EXCLUDED.number + 1) THEN known.taken ELSE 0 END
              + EXCLUDED.taken
    RETURNING number, taken, (number + 1) * 60 - extract(epoch FROM clock_timestamp()) AS seconds_left""")
_LOCK = text("SELECT pg_advisory_xact_lock(hashtextextended('stream places ' || :subject, 0))")
_ENTER = text("""
    INSERT INTO stream_places (kind, subject_id, server, places)
    SELECT CAST(:kind AS text), CAST(:id AS uuid), CAST(:server AS text), CAST(:places AS integer)
     WHERE CAST(:places AS integer) + (
        SELECT coalesce(sum(others.places), 0) FROM stream_places AS others
          JOIN stream_servers USING (server)
         WHERE others.kind = :kind AND others.subject_id = :id AND others.server <> :server AND expires_at > now()
     ) <= CAST(:limit AS bigint)
    ON CONFLICT (kind, subject_id, server) DO UPDATE SET places = EXCLUDED.places
    RETURNING places""")
_TIDY = (
    text("DELETE FROM stream_servers WHERE expires_at < now() - interval '1 minute'"),
    text("DELETE FROM stream_places WHERE NOT EXISTS (SELECT FROM stream_servers AS s WHERE s.server = "
         "stream_places.server)"),
    text("DELETE FROM rate_windows WHERE number < floor(extract(epoch FROM now()) / 60) - 60"),
)  # fmt: skip
_USAGE = text("""
    SELECT coalesce((SELECT taken FROM rate_windows WHERE kind = 'organization' AND subject_id = :id
                        AND number = floor(extract(epoch FROM now()) / 60)), 0) AS requests,
           coalesce((SELECT sum(places) FROM stream_places JOIN stream_servers USING (server)
                      WHERE kind = 'organization' AND subject_id = :id AND expires_at > now()), 0)::bigint AS streams,
           coalesce(day.runs, 0) AS runs, greatest(coalesce(day.rows, 0), 0) AS rows,
           (SELECT count(*) FROM runs WHERE organization_id = :id AND state = 'queued' AND started_at IS NULL)
               AS waiting,
           extract(epoch FROM date_trunc('day', now(), 'UTC') + interval '1 day' - now()) AS seconds_until_tomorrow
      FROM (SELECT 1) AS one
      LEFT JOIN usage_days AS day ON day.organization_id = :id AND day.day = (now() AT TIME ZONE 'UTC')::date""")


class LimitRows:
    """What is counted to hold limits."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def take(self, subject: Subject, size: int) -> Taken:
        """Adds to what was taken of the subject's current window."""
        row = (await self._connection.execute(_TAKE, {**_key(subject), "size": size})).one()
        return Taken(row.number, row.taken, float(row.seconds_left))

    async def enter(self, subject: Subject, server: str, places: int, limit: int) -> bool:
        """Notes how many streams of a subject a server has, if that and those of the others are within the limit."""
        await self._connection.execute(_LOCK, {"subject": str(subject)})
        values = {**_key(subject), "server": server, "places": places, "limit": limit}
        return (await self._connection.execute(_ENTER, values)).one_or_none() is not None

    async def set_places(self, server: str, places: Mapping[Subject, int]) -> None:
        """Notes how many streams of some subjects a server has."""
        some = {subject: count for subject, count in places.items() if count}
        if none := [subject for subject in places if subject not in some]:
            key = tuple_(stream_places.c.kind, stream_places.c.subject_id)
            gone = key.in_([(subject.kind.value, subject.id) for subject in none])
            await self._connection.execute(delete(stream_places).where(stream_places.c.server == server, gone))
        if some:
            statement = insert(stream_places)
            await self._connection.execute(
                statement.on_conflict_do_update(
                    index_elements=["kind", "subject_id", "server"], set_={"places": statement.excluded.places}
                ),
                [
                    {"kind": subject.kind.value, "subject_id": subject.id, "server": server, "places": count}
                    for subject, count in some.items()
                ],
            )

    async def renew(self, server: str, lease: timedelta) -> bool:
        """Says that a server lives; False: it was taken for dead meanwhile, and what was noted of it is gone."""
        until = func.now() + lease
        statement = insert(stream_servers).values(server=server, expires_at=until)
        renewed = statement.on_conflict_do_update(index_elements=["server"], set_={"expires_at": until})
        return bool(await self._connection.scalar(renewed.returning(text("xmax <> 0"))))

    async def leave(self, server: str) -> None:
        """Forgets a server that ends, with its places."""
        await self._connection.execute(delete(stream_places).where(stream_places.c.server == server))
        await self._connection.execute(delete(stream_servers).where(stream_servers.c.server == server))

    async def tidy(self) -> None:
        """Forgets servers that are dead and windows that are over."""
        for statement in _TIDY:
            await self._connection.execute(statement)

    async def usage(self, organization_id: UUID) -> Usage:
        """What an organization has used."""
        row = (await self._connection.execute(_USAGE, {"id": organization_id})).mappings().one()
        return Usage(**{**row, "seconds_until_tomorrow": float(row["seconds_until_tomorrow"])})


def _key(subject: Subject) -> dict[str, str | UUID]:
    return {"kind": subject.kind.value, "id": subject.id}
