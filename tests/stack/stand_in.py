"""A stack whose children are stand-ins, with the real PostgreSQL and Envoy: ``python -m tests.stack.stand_in``.

The settings come from the environment; the first argument is the Python code of one more child.
"""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

from server.settings import Settings
from server.stack.process import Child
from server.stack.readiness import port_answers
from server.stack.supervisor import Program, Restarts, run_stack, variables

PROXY = Path(__file__).with_name("proxy.yaml")
SLEEP = "import time; time.sleep(600)"
STUBBORN = (
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(600)"
)


def program(settings: Settings, worker: str = SLEEP) -> Program:
    environment = dict(os.environ) | variables(settings)
    serve = (sys.executable, "-m", "http.server", str(settings.grpc_port), "--bind", "127.0.0.1")
    return Program(
        setup=(Child("migrate", (sys.executable, "-c", "print('migrated')"), environment),),
        services=(
            Child("server", serve, environment, lambda: port_answers("127.0.0.1", settings.grpc_port)),
            Child("worker", (sys.executable, "-c", worker), environment),
        ),
        bootstrap=PROXY,
    )


if __name__ == "__main__":
    worker = sys.argv[1] if len(sys.argv) > 1 else SLEEP
    restarts = Restarts(limit=2, first_pause=0.05)
    sys.exit(asyncio.run(run_stack(Settings(), program=lambda settings: program(settings, worker), restarts=restarts)))
