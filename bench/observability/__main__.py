"""`python -m bench.observability`: what logs, metrics and traces cost; the last line is one JSON object.

Servers take turns, in another order every round, so that whatever else happens on the machine happens to all of them:
`bare` has no instruments, `watched` all of them as they are by default, `traced` with a trace for every call.
ROUNDS (20) and REQUESTS of a turn (800) come from the environment.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import shutil
import statistics
import sys
import tempfile
from contextlib import AsyncExitStack
from dataclasses import asdict
from pathlib import Path
from uuid import uuid4

from pydantic import SecretStr
from thedata.v1 import auth_pb2

from bench.observability.contenders import Contender, Turn, contending, sinking
from bench.sync.goals import Goal
from bench.sync.server import Server, running
from server.settings import Settings
from server.storage import schema

PLATFORM = "platform"
MOST_PERCENT = 5.0


async def opened(stack: AsyncExitStack, server: Server, home: Path) -> list[Contender]:
    """Starts the three servers, and registers somebody who calls all of them."""
    await server.create(PLATFORM)
    await schema.upgrade(server.url(PLATFORM))
    home.mkdir()
    base = Settings(
        home=home,
        database_url=SecretStr(server.url(PLATFORM)),
        grpc_port=0,
        stop_grace_seconds=1,
        analytics_embedded=False,
    )
    told = {"log_json": True, "metrics_port": 0, "otlp_endpoint": await stack.enter_async_context(sinking())}
    kinds = {
        "bare": (base, ("bare",)),
        "watched": (base.model_copy(update=told), ()),
        "traced": (base.model_copy(update={**told, "trace_sample_ratio": 1.0}), ()),
    }
    found = [
        await stack.enter_async_context(contending(name, settings, home / f"{name}.log", *arguments))
        for name, (settings, arguments) in kinds.items()
    ]
    request = auth_pb2.RegisterRequest(email="bench@example.com", password="correct horse")
    session = await found[0].auth.Register(request)
    for contender in found:
        contender.metadata = (("authorization", f"Bearer {session.access_token}"),)
    return found


def cost(turns: dict[str, list[Turn]], name: str) -> dict[str, float]:
    """What a server's instruments cost, in percent, by the medians of what each round says."""
    pairs = list(zip(turns["bare"], turns[name], strict=True))
    slower = [100 * (1 - ours.per_second / bare.per_second) for bare, ours in pairs]
    more_cpu = [100 * (ours.cpu_ms / bare.cpu_ms - 1) for bare, ours in pairs]
    spread = statistics.quantiles(slower, n=4) if len(slower) > 1 else [slower[0]] * 3
    return {
        f"{name}_throughput_cost_percent": statistics.median(slower),
        f"{name}_throughput_cost_percent_p25": spread[0],
        f"{name}_throughput_cost_percent_p75": spread[2],
        f"{name}_cpu_cost_percent": statistics.median(more_cpu),
    }


async def main() -> None:
    """Prepare, measure, report."""
    rounds, requests = int(os.environ.get("ROUNDS") or 20), int(os.environ.get("REQUESTS") or 800)
    # Directly below, so that the server's own account can enter.
    home = Path(tempfile.gettempdir()) / f"thedata-bench-{os.getpid()}-{uuid4().hex[:8]}"
    try:
        async with running(home) as server, AsyncExitStack() as stack:
            contenders = await opened(stack, server, home / "platform")
            for contender in contenders:
                await contender.take_turn(requests)  # connections, caches, statements that are prepared
            turns: dict[str, list[Turn]] = {contender.name: [] for contender in contenders}
            for number in range(rounds):
                for contender in random.sample(contenders, len(contenders)):
                    turns[contender.name].append(await contender.take_turn(requests))
                told = ", ".join(f"{name} {found[-1].per_second:,.0f}/s" for name, found in turns.items())
                print(f"round {number + 1}: {told}", file=sys.stderr, flush=True)
    finally:
        shutil.rmtree(home, ignore_errors=True)
    figures = {f"{name}_per_second": statistics.median(t.per_second for t in found) for name, found in turns.items()}
    figures |= {f"{name}_cpu_ms": statistics.median(t.cpu_ms for t in found) for name, found in turns.items()}
    figures |= cost(turns, "watched") | cost(turns, "traced")
    for name, value in figures.items():
        print(f"{name:40} {value:12,.3f}")
    goal = Goal("watched_throughput_cost_percent", figures["watched_throughput_cost_percent"], MOST_PERCENT)
    print(goal)
    rounded = {name: round(value, 3) for name, value in figures.items()}
    print(json.dumps({"figures": rounded, "goals": [asdict(goal) | {"met": goal.met}]}))


if __name__ == "__main__":
    asyncio.run(main())
