"""Points of a run at which it is made to wait, exactly: by what its connections say, or by a lock at the server."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from tests.faults.ledger import APPEND, MERGE, OVERWRITE
from tests.faults.lines import Gate, Line, gated
from tests.servers.fault_proxy import PIECE, Rule, Side

POINTS = (
    "claimed",  # nothing is read yet
    "read",  # the first rows have come
    "batch",  # some rows are written
    "written",  # all are, and published but for the COMMIT
    "commit",  # which the destination is carrying out
    "committed",  # it has answered, and nobody has heard it
    "checkpoint",  # the answer is there, the platform's checkpoint is not
    "status",  # all is noted but the run's end
)
MODES = {"overwrite": OVERWRITE, "append": APPEND, "merge": MERGE}
PUBLISHING = b"published_at = now()"


@dataclass
class Held:
    """A run that waits at a point, and what lets it go on."""

    line: Line
    point: str
    reached: Callable[[], Awaitable[object]]
    release: Callable[[], Awaitable[None]]


async def hold(line: Line, point: str, row: int, number: int) -> Held:
    """Makes the next run of a line, which must not have begun, wait at a point.

    ``row`` is the id of a row in the middle of what it reads, ``number`` the gate's, if it needs one.
    """

    def ruled(rule: Rule, *, amid: bool = False) -> Held:
        async def reached() -> None:
            await rule.reached.wait()
            assert rule.passed > PIECE or not amid, "nothing of the batch had been written"

        async def release() -> None:
            rule.release()

        return Held(line, point, reached, release)

    def gate(gate: Gate) -> Held:
        return Held(line, point, gate.reached, gate.open)

    match point:
        case "claimed":
            return ruled(line.source.hold(b"thedata.io"))
        case "read":
            return ruled(line.source.pass_and_hold(b"row ", side=Side.SERVER))
        case "batch":
            return ruled(line.destination.hold(f"row {row}.".encode()), amid=True)
        case "written":
            return ruled(line.destination.hold(b"COMMIT", since=PUBLISHING))
        case "commit":
            news = f"NEW.table_name = '{line.ledger.name}' AND NEW.published_at IS DISTINCT FROM OLD.published_at"
            table = "_thedata_checkpoints"
            return gate(await gated(line.destination_url, table, "UPDATE", news, number, at_commit=True))
        case "committed":
            return ruled(line.destination.hold(b"COMMIT\0", side=Side.SERVER, since=PUBLISHING))
        case "checkpoint":
            news = f"NEW.stream = '{line.ledger.name}'"
            return gate(await gated(line.database_url, "checkpoints", "INSERT", news, number))
        case "status":
            news = f"NEW.pipeline_id = '{line.pipeline_id}' AND NEW.state = 'succeeded'"
            return gate(await gated(line.database_url, "runs", "UPDATE", news, number))
        case _:
            raise AssertionError(point)
