"""Serves a process's metrics to Prometheus, from a thread: a scrape is answered while the event loop is busy."""

from __future__ import annotations

import threading
from wsgiref.simple_server import WSGIServer

import structlog
from prometheus_client import CollectorRegistry, start_http_server

log = structlog.get_logger("metrics")


class Exposition:
    """`GET /metrics` on a port of its own."""

    def __init__(self, registry: CollectorRegistry, host: str, port: int) -> None:
        """Listens; raises OSError where the port is taken."""
        self._server: WSGIServer
        self._thread: threading.Thread
        self._server, self._thread = start_http_server(port, host, registry)
        self.port = self._server.server_port
        log.info("metrics_served", address=f"{host}:{self.port}")

    def close(self) -> None:
        """Ends it."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(timeout=5)
