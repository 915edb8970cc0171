"""The walls of the house: who may import what, and how long a handler may be."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

SERVER = Path(__file__).parents[2] / "server"
NO_RULES = {"sync", "stack", "storage"}
NAMES = ("service", "model", "errors", "ports", "scheduling", "schedules", "webhooks")
RULES = [path for name in NAMES for path in sorted(SERVER.glob(f"*/{name}.py"))]
# The connector that reaches other people's databases by SQLAlchemy's dialects; the platform's own are not its business.
DIALECTS = ("sync/connectors/sqlalchemy.py", "sync/sqlalchemy/")
OUTSIDE = {"grpc", "grpc_status", "google", "thedata", "sqlalchemy", "asyncpg"}


def imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


def named(path: Path) -> str:
    return str(path.relative_to(SERVER))


@pytest.mark.parametrize("path", [path for path in RULES if path.parts[-2] not in NO_RULES], ids=named)
def test_rules_know_neither_transport_nor_storage(path: Path) -> None:
    modules = set(imported(path))
    assert not {module.split(".")[0] for module in modules} & OUTSIDE
    assert not {module for module in modules if module.startswith(("server.storage", "server.rpc"))}


def test_the_engine_knows_nothing_of_the_platform() -> None:
    for path in SERVER.glob("sync/**/*.py"):
        modules = set(imported(path))
        platform = {"grpc", "thedata"} if named(path).startswith(DIALECTS) else {"grpc", "thedata", "sqlalchemy"}
        assert not {module.split(".")[0] for module in modules} & platform, path
        known = ("server.sync", "server.network")
        assert all(module.startswith(known) for module in modules if module.startswith("server")), path


def test_the_network_policy_stands_alone() -> None:
    for path in SERVER.glob("network/*.py"):
        known = ("server.network", "server.errors")
        assert all(module.startswith(known) for module in imported(path) if module.startswith("server")), path


def test_sqlalchemy_lives_in_storage_and_in_its_connector() -> None:
    users = {named(path) for path in SERVER.rglob("*.py") if any(m.startswith("sqlalchemy") for m in imported(path))}
    assert all(path.startswith(("storage/", *DIALECTS)) for path in users), users


@pytest.mark.parametrize("path", sorted(SERVER.glob("*/servicer.py")), ids=named)
def test_handlers_are_short_and_let_failures_pass(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.AsyncFunctionDef):
            assert (node.end_lineno or 0) - node.lineno < 30, node.name
            assert not any(isinstance(inner, ast.Try) for inner in ast.walk(node)), node.name
