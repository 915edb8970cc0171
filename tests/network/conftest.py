"""Servers on this machine that say who has come, and names that lead to them."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest


@dataclass
class Listener:
    """Counts connections to an address, and answers each HTTP request with a redirect, or with JSON."""

    host: str
    port: int
    server: ThreadingHTTPServer
    redirect: str = ""
    connections: int = 0
    asked: list[str] = field(default_factory=list)


@pytest.fixture
def listener() -> Iterator[Callable[..., Listener]]:
    """Starts listeners; 127.0.0.1, 127.0.0.2 and so on are different hosts of this machine."""
    made: list[Listener] = []

    def start(host: str = "127.0.0.1", port: int = 0, redirect: str = "") -> Listener:
        class Handler(BaseHTTPRequestHandler):
            def log_message(self, format: str, *args: object) -> None:
                """Say nothing."""

            def do_GET(self) -> None:
                found.asked.append(self.headers.get("Host", ""))
                self.rfile.read(int(self.headers.get("Content-Length", "0")))
                if found.redirect:
                    self.send_response(307)
                    self.send_header("Location", found.redirect)
                    self.send_header("Content-Length", "0")
                    self.end_headers()
                    return
                body = b'[{"id": 1}]'
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            do_POST = do_GET  # noqa: N815 - the name that the library asks for

        class Server(ThreadingHTTPServer):
            daemon_threads = True

            def process_request(self, request: Any, client_address: Any) -> None:
                found.connections += 1
                super().process_request(request, client_address)

        server = Server((host, port), Handler)
        found = Listener(host, server.server_address[1], server, redirect)
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        made.append(found)
        return found

    yield start
    for one in made:
        one.server.shutdown()
        one.server.server_close()


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[list[str]]]:
    """By name, the addresses of the first answer of the name server, of the second, and so on; the last one stays."""
    known: dict[str, list[list[str]]] = {}
    real = socket.getaddrinfo

    def resolve(host: Any, port: Any, *args: Any, **more: Any) -> Any:
        if host not in known:
            return real(host, port, *args, **more)
        addresses = known[host].pop(0) if len(known[host]) > 1 else known[host][0]
        return [found for address in addresses for found in real(address, port, *args, **more)]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    return known
