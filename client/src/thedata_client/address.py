"""Where the platform is, and how to speak to it."""

from __future__ import annotations

import ipaddress
import json
import ssl
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from thedata_client.methods import METHODS

BUNDLES = ("/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/cert.pem")
LARGEST_MESSAGE = 64 << 20

RETRY_POLICY: dict[str, Any] = {
    "maxAttempts": 5,
    "initialBackoff": "0.2s",
    "maxBackoff": "5s",
    "backoffMultiplier": 2,
    "retryableStatusCodes": ["UNAVAILABLE"],
}

OPTIONS: list[tuple[str, Any]] = [
    ("grpc.service_config", json.dumps({
        "methodConfig": [
            {"name": [method.names for method in METHODS if method.repeatable], "retryPolicy": RETRY_POLICY},
        ],
    })),
    # A connection that a network has forgotten would let a stream wait for ever.
    ("grpc.keepalive_time_ms", 30_000),
    ("grpc.keepalive_timeout_ms", 10_000),
    # A server that restarts is back within seconds; gRPC's own pauses grow to two minutes.
    ("grpc.initial_reconnect_backoff_ms", 100),
    ("grpc.min_reconnect_backoff_ms", 100),
    ("grpc.max_reconnect_backoff_ms", 5_000),
    ("grpc.max_receive_message_length", LARGEST_MESSAGE),
]  # fmt: skip


@dataclass(frozen=True)
class Address:
    """A server, and whether it is spoken to by TLS."""

    target: str
    tls: bool
    ca_file: Path | None = None

    @classmethod
    def parse(cls, text: str, ca_file: str | Path | None = None) -> Address:
        """Reads `https://host[:port]`, `http://host[:port]` or `host:port`.

        Without a scheme it is TLS, except to this machine: a token is never sent to another one in the clear unless
        `http://` asks for it.

        Raises:
            ValueError: the text is no address.
        """
        parts = urlsplit(text if "://" in text else f"//{text}")
        try:
            port = parts.port
        except ValueError as error:
            raise ValueError(f"The port of {text!r} is not a number from 0 to 65535.") from error
        if parts.scheme not in {"", "http", "https"} or not parts.hostname or parts.path.strip("/") or parts.username:
            raise ValueError(f"{text!r} is no address: give host:port, http://host:port or https://host.")
        if not parts.scheme and port is None:
            raise ValueError(f"{text!r} names no port: give host:port, or https://host.")
        tls = parts.scheme == "https" or (not parts.scheme and (ca_file is not None or not _local(parts.hostname)))
        host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
        return cls(f"{host}:{port or (443 if tls else 80)}", tls, Path(ca_file) if ca_file else None)

    def roots(self) -> bytes | None:
        """The certificates that are trusted, as PEM: the file's, else the system's; None: those that gRPC brings.

        Raises:
            OSError: the file can't be read.
        """
        if self.ca_file:
            return self.ca_file.read_bytes()
        known = ssl.get_default_verify_paths().cafile
        for path in (known, *BUNDLES):
            if path and Path(path).is_file():
                return Path(path).read_bytes()
        return None


def _local(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
