"""What data sources gave and took, from what the store was told of runs."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from server.analytics.clickhouse.client import Clickhouse
from server.analytics.clickhouse.events import TABLE, moment
from server.analytics.run_facts import EVENTS_OF_RUNS
from server.data_sources.model import Moved

_MOVED = f"""
WITH JSONExtractString(attributes, 'source_id') = {{source:String}} AS reads,
     JSONExtractString(attributes, 'destination_id') = {{source:String}} AS writes
SELECT count(), countIf(kind = '{EVENTS_OF_RUNS}succeeded'), countIf(kind = '{EVENTS_OF_RUNS}failed'),
       sumIf(JSONExtractUInt(attributes, 'rows_read'), reads), sumIf(JSONExtractUInt(attributes, 'bytes_read'), reads),
       sumIf(JSONExtractUInt(attributes, 'rows_committed'), writes),
       maxOrNullIf(time, kind = '{EVENTS_OF_RUNS}succeeded')
FROM {TABLE}
WHERE organization_id = {{organization:UUID}} AND kind IN {{kinds:Array(String)}}
  AND time >= {{start:DateTime64(6, 'UTC')}} AND time < {{end:DateTime64(6, 'UTC')}} AND (reads OR writes)
"""  # noqa: S608 - all is bound
_ENDED = [f"{EVENTS_OF_RUNS}{state}" for state in ("succeeded", "failed", "cancelled")]


async def moved(client: Clickhouse, organization_id: UUID, source_id: UUID, start: datetime, end: datetime) -> Moved:
    """What runs that ended in a span moved from and into a data source."""
    asked = {
        "source": str(source_id), "organization": str(organization_id), "kinds": _ENDED,
        "start": moment(start), "end": moment(end),
    }  # fmt: skip
    *numbers, last_success = (await client.rows(_MOVED, asked))[0]
    total, succeeded, failed, rows_read, bytes_read, rows_committed = map(int, numbers)
    at = datetime.fromisoformat(last_success) if last_success else None
    return Moved(total, succeeded, failed, rows_read, bytes_read, rows_committed, at)
