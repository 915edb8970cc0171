"""Calls and statements that take longer than the platform's settings allow are logged; values never are."""

from __future__ import annotations

import asyncio
import time
from typing import Any

import asyncpg
import grpc
import pytest
from sqlalchemy import text

from server.app import App
from server.clock import now
from server.config.model import ConfigKind, ConfigVersion, SystemConfig
from server.observability.metrics import ProcessMetrics
from server.observability.statements import SAME_PLAN_SECONDS, Statements
from server.scope import PLATFORM, Scope
from server.settings import Settings
from server.storage.plans import NoPlan, explainable, plan_of
from server.storage.session import Database
from tests.auth.people import register
from tests.observability.conftest import Said
from tests.sync.conftest import until

CANARY = "c4n4ry"


async def configure(app: App, **content: Any) -> None:
    """Adds a version of the system's settings, as an administrator does, and waits until the server has it."""
    store, live = app._foundation.store, app._foundation.config
    async with store.begin(Scope.everything()) as tx:
        before = await tx.configurations.newest(PLATFORM, ConfigKind.SYSTEM)
        number = (before.version if before else 0) + 1
        await tx.configurations.add(ConfigVersion(PLATFORM, ConfigKind.SYSTEM, number, content, now()))

    async def taken_up() -> bool:
        return all(getattr(live.system, name) == value for name, value in content.items())

    await until(taken_up, 5)


async def test_a_slow_call_is_logged_aloud_and_the_threshold_is_live(
    app: App, channel: grpc.aio.Channel, said: Said
) -> None:
    ann = await register(channel, "ann")
    assert said.lines("slow_call") == []
    await configure(app, slow_call_seconds=0.0001)
    await ann.organization()
    [slow] = said.lines("slow_call")
    [call] = [line for line in said.lines("call") if line["method"] == "AuthService/GetCurrentUser"]
    assert (slow["level"], slow["method"], slow["ms"]) == ("warning", "AuthService/GetCurrentUser", call["ms"])
    assert (slow["request_id"], slow["user_id"]) == (call["request_id"], ann.id)


async def test_a_slow_statement_is_logged_with_its_plan_on_demand_and_without_its_values(
    app: App, channel: grpc.aio.Channel, said: Said
) -> None:
    await configure(app, slow_statement_seconds=0.0, slow_statement_plans=False)
    ann = await register(channel, CANARY)
    assert said.lines("slow_statement")
    assert not said.lines("slow_statement_plan")
    await configure(app, slow_statement_plans=True, slow_statement_seconds=0.0)

    async def planned() -> bool:
        await ann.organization()  # again: as long as enough others wait for their plans, none is made
        return any("users" in line["plan"] for line in said.lines("slow_statement_plan"))

    await until(planned, 10)
    statements = {line["statement_id"]: line["statement"] for line in said.lines("slow_statement")}
    plans = said.lines("slow_statement_plan")
    plan = next(line for line in plans if "users" in line["plan"])
    assert "users" in statements[plan["statement_id"]]
    assert "cost=" in plan["plan"]
    assert "actual" not in plan["plan"], "it is not run a second time"
    assert plan["request_id"], "the plan names the call too"
    assert CANARY not in said.text
    assert not said.lines("slow_statement_has_no_plan"), "every statement of the platform can be explained"


class Clock:
    """Statements that take as long as a test wants."""

    def __init__(self, url: str, **config: Any) -> None:
        self.metrics = ProcessMetrics("server")
        self.statements = Statements(self.metrics, None, url)
        system = SystemConfig.of(Settings(), config)
        self.statements.obey(lambda: system)

    def ended(self, seconds: float, statement: str = "SELECT 1", error: str = "") -> None:
        self.statements.ended(self.statements.began(statement), statement, seconds, error)


def test_a_statement_that_is_slow_all_the_time_is_explained_once_in_a_while(
    said: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = Clock("postgresql://nowhere", slow_statement_seconds=1.0, slow_statement_plans=True)
    for seconds in (0.5, 1.0, 2.0):
        clock.ended(seconds)
    clock.ended(1.5, "SELECT 2", "QueryCanceledError")
    clock.ended(3.0, "SET LOCAL lock_timeout = '1s'")
    lines = said.lines("slow_statement")
    assert [line["ms"] for line in lines] == [1000.0, 2000.0, 1500.0, 3000.0]
    assert lines[2]["error"] == "QueryCanceledError"
    assert clock.statements._slow.qsize() == 2, "two that can be explained, each once"
    value = clock.metrics.registry.get_sample_value
    assert value("thedata_database_slow_statements_total") == 4
    assert value("thedata_database_statement_seconds_count") == 5
    later = time.monotonic() + SAME_PLAN_SECONDS
    monkeypatch.setattr(time, "monotonic", lambda: later)
    clock.ended(2.0)
    assert clock.statements._slow.qsize() == 3


def test_plans_that_nobody_has_made_yet_do_not_pile_up() -> None:
    clock = Clock("postgresql://nowhere", slow_statement_seconds=0.0, slow_statement_plans=True)
    for number in range(1000):
        clock.ended(1.0, f"SELECT {number}")
    assert clock.statements._slow.full()


async def test_a_plan_needs_no_values_and_changes_nothing(database_url: str) -> None:
    connection = await asyncpg.connect(database_url)
    before = await connection.fetchval("SELECT count(*) FROM executors")
    for statement, node in (
        ("SELECT * FROM users WHERE email = $1::text", "users"),
        ("INSERT INTO executors (id, seen_at, host) VALUES ($1::text, now(), $2::text)", "Insert on executors"),
        ("UPDATE executors SET host = $1::text", "Update on executors"),
        ("DELETE FROM executors", "Delete on executors"),
        ("/* why */ -- so\nWITH gone AS (DELETE FROM executors RETURNING id) SELECT id FROM gone", "CTE gone"),
    ):
        assert node in await plan_of(database_url, statement)
    assert await connection.fetchval("SELECT count(*) FROM executors") == before
    await connection.close()


async def test_a_plan_has_the_conditions_of_row_level_security(database_url: str) -> None:
    assert "app.organizations" in await plan_of(database_url, "SELECT * FROM pipelines WHERE id = $1::uuid")


@pytest.mark.parametrize(
    "statement",
    ["SET LOCAL lock_timeout = '1s'", "NOTIFY x", "EXPLAIN ANALYZE SELECT 1", "TRUNCATE users", "VACUUM", ""],
)
async def test_nothing_else_is_explained(statement: str, database_url: str) -> None:
    assert not explainable(statement)
    with pytest.raises(NoPlan, match="only SELECT"):
        await plan_of(database_url, statement)


async def test_a_plan_that_waits_for_a_lock_is_given_up(database_url: str) -> None:
    connection = await asyncpg.connect(database_url)
    async with asyncio.timeout(10), connection.transaction():
        await connection.execute("LOCK TABLE users IN ACCESS EXCLUSIVE MODE")
        with pytest.raises(NoPlan, match="LockNotAvailable"):
            await plan_of(database_url, "SELECT * FROM users")
    await connection.close()
    with pytest.raises(NoPlan, match="UndefinedTable"):
        await plan_of(database_url, "SELECT * FROM nothing")


class Heard:
    """What an observer is told."""

    def __init__(self) -> None:
        self.told: list[tuple[str, str]] = []

    def began(self, statement: str) -> str:
        return statement

    def ended(self, began: str, statement: str, seconds: float, error: str) -> None:
        assert began == statement
        assert seconds >= 0
        self.told.append((statement, error))


async def test_statements_that_fail_or_time_out_are_told_too(database_url: str) -> None:
    heard = Heard()
    database = Database(database_url, pool_size=1, observer=heard)
    async with database.begin(Scope.everything()):
        heard.told.clear()  # the first connection asks what server this is
    for statement in ("SELECT 1 / 0", "SELECT * FROM nothing"):
        with pytest.raises(Exception, match=r"division|nothing"):
            async with database.begin(Scope.everything()) as connection:
                await connection.execute(text(statement))
    async with database.begin(Scope.everything()) as connection:
        await connection.execute(text("SELECT CAST(:value AS text)"), {"value": CANARY})
    told = [(statement, error) for statement, error in heard.told if "set_config" not in statement]
    assert [error for _, error in told] == ["DivisionByZeroError", "UndefinedTableError", ""]
    assert CANARY not in str(told)
    await database.close()
