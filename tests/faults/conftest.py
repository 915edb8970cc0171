"""How long the faults go on: once in every test run, many times with `--chaos`."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator

import grpc
import pytest

from server.settings import Settings
from server.stack.postgres import EmbeddedPostgres
from tests.faults.lines import Lines, opened_lines

ROUNDS = 20


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--chaos", action="store_true", help=f"faults: {ROUNDS} rounds of each, and the slow ones")
    parser.addoption("--seed", type=int, default=0, help="faults: a round's seed, as an earlier run has told it")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "chaos: takes long; runs only with --chaos")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("--chaos", default=False):
        return
    for item in items:
        if item.get_closest_marker("chaos"):
            item.add_marker(pytest.mark.skip(reason="takes long: `make chaos` runs it"))


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Gives ``seed`` one value, or one for each round; they are told in the tests' names."""
    if "seed" not in metafunc.fixturenames:
        return
    config = metafunc.config
    seeds = [config.getoption("--seed", default=0) or 1]
    if config.getoption("--chaos", default=False) and not config.getoption("--seed"):
        # The same in every process of a run; another one tomorrow would not be: rounds are to be repeated by number.
        seeds = random.Random(ROUNDS).sample(range(1, 1_000_000), ROUNDS)
    metafunc.parametrize("seed", seeds)


@pytest.fixture
def chance(seed: int) -> random.Random:
    """What a round leaves to chance, by its seed."""
    print(f"seed {seed}")
    return random.Random(seed)


@pytest.fixture
def chaos(request: pytest.FixtureRequest) -> bool:
    """Whether there is time for everything."""
    return bool(request.config.getoption("--chaos", default=False))


@pytest.fixture
async def lines(
    channel: grpc.aio.Channel, cluster: EmbeddedPostgres, database_url: str, settings: Settings
) -> AsyncIterator[Lines]:
    """Makes pipelines with ledgers."""
    async with opened_lines(channel, cluster, database_url, settings) as made:
        yield made
