"""`python -m bench.observability.serve [bare]`: an API server; a bare one counts, logs and watches nothing at all.

No setting takes the instruments out, so this does: what the bench compares with is a server that never had any.
"""

from __future__ import annotations

import sys

from server import __main__ as program
from server.ids import new_id
from server.rpc.caller import request_id
from server.rpc.interceptors.around import Call, Proceed
from server.rpc.interceptors.logging import Logging
from server.storage import session


def strip() -> None:
    """Takes out the line about each call with its count, and what sees each statement."""

    async def pass_on(_self: Logging, call: Call, proceed: Proceed) -> object:
        # The header is the contract's: who calls gets the request's id from a bare server too.
        known = str(new_id())
        request_id.set(known)
        await call.context.send_initial_metadata((("x-request-id", known),))
        return await proceed()

    def nothing(*_given: object) -> None:
        """Nothing."""

    for owner, name, instead in ((Logging, "around", pass_on), (session, "observe", nothing)):
        setattr(owner, name, instead)


if __name__ == "__main__":
    if sys.argv[1:] == ["bare"]:
        strip()
    program.serve()
