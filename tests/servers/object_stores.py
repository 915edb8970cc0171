"""Servers that speak the protocols of S3, Google Cloud Storage and Azure Blob Storage, each in a process of its own.

All start empty and keep what they are given in memory. A test is skipped where its server cannot be installed.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.servers.installing import environment, go_tool, node_package
from tests.servers.listening import listening

AZURE_ACCOUNT = "devstoreaccount1"
# Public: every Azurite has this key.
AZURE_KEY = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="

SHORT_KEEP_ALIVE = str(Path(__file__).parent / "azure" / "short_keep_alive.cjs")


@contextmanager
def s3_server() -> Iterator[str]:
    """Run moto; it takes every key."""
    program = str(environment("s3") / "moto_server")
    with listening("S3", lambda port: [program, "-H", "127.0.0.1", "-p", str(port)]) as address:
        yield address


@contextmanager
def gcs_server() -> Iterator[str]:
    """Run fake-gcs-server; it takes every token."""
    program = str(go_tool("gcs"))
    options = ["-backend", "memory", "-scheme", "http", "-host", "127.0.0.1", "-port"]
    with listening("GCS", lambda port: [program, *options, str(port)]) as address:
        yield address


@contextmanager
def azure_server() -> Iterator[str]:
    """Run Azurite; it judges signatures by ``AZURE_KEY``."""
    program = str(node_package("azure") / "azurite" / "dist" / "src" / "blob" / "main.js")
    # Arrow may speak a newer version of the protocol than this server has heard of.
    options = ["--inMemoryPersistence", "--disableTelemetry", "--skipApiVersionCheck", "--blobHost", "127.0.0.1"]
    node = ["node", "-r", SHORT_KEEP_ALIVE, program]
    with listening("Azure", lambda port: [*node, *options, "--blobPort", str(port)]) as address:
        yield address
