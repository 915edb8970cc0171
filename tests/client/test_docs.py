"""What the documents say is so: their programs run, their commands are right, their references are fresh."""

from __future__ import annotations

import ast
import asyncio
import re
import shlex
import sys
from pathlib import Path
from typing import Any

import pytest
import typer
import yaml
from thedata_client import AsyncClient
from thedata_client.command.main import app

from tests.client.conftest import PASSWORD, Platform
from tests.client.shell import Shell
from tests.conftest import ROOT
from tools.command_reference import PAGE, renewed

PYTHON = re.compile(r"```python\n(.*?)```", re.DOTALL)
YAML = re.compile(r"```yaml\n(.*?)```", re.DOTALL)
EXAMPLE = re.compile(r"^ *(?:[a-z]+ \| )?(thedata .+)$", re.MULTILINE)
REDIRECTION = re.compile(r" [<>|] .*| +# .*")
PAGES = [ROOT / "client" / "README.md", PAGE, ROOT / "docs" / "client.md"]


@pytest.fixture
def somebody(platform: Platform) -> dict[str, object]:
    """What the README's programs are given."""
    path = platform.files / "orders.csv"
    path.write_text("id,amount\n" + "".join(f"{n},{n}.5\n" for n in range(20)))
    with platform.client("reader") as client:
        email = client.auth.get_current_user().user.email
    return {"ADDRESS": platform.address, "EMAIL": email, "PASSWORD": PASSWORD, "PATH": str(path)}


async def test_the_readmes_programs_run(somebody: dict[str, object], capsys: pytest.CaptureFixture[str]) -> None:
    blocking, asynchronous = PYTHON.findall((ROOT / "client" / "README.md").read_text())
    await asyncio.to_thread(exec, blocking, dict(somebody))
    said = capsys.readouterr().out
    assert "20 rows" in said
    assert "19 19.5" in said
    assert "INVALID_FIELDS name" in said
    names: dict[str, Any] = dict(somebody)
    exec(asynchronous, names)
    await names["main"]()
    async with AsyncClient(str(somebody["ADDRESS"]), email=str(somebody["EMAIL"]), password=PASSWORD) as client:
        orders = await client.pipelines.list().first()
        assert orders is not None
        assert len(await client.pipelines.list_runs(orders.id).all()) == 2


def test_the_files_of_the_page_can_be_applied(platform: Platform, somebody: dict[str, object], tmp_path: Path) -> None:
    (text,) = YAML.findall(PAGE.read_text())
    assert set(yaml.safe_load(text)) == {"sources", "pipelines"}
    shell = Shell(platform, tmp_path)
    shell.log_in(str(somebody["EMAIL"]))
    said = shell("apply", "-f", "-", "--dry-run", stdin=text, SHOP_PASSWORD="x")
    assert "4 to create" in said.out


def examples() -> list[str]:
    found = {line for page in PAGES for line in EXAMPLE.findall(page.read_text())}
    return sorted(REDIRECTION.sub("", line) for line in found)


@pytest.mark.parametrize("line", examples())
def test_the_examples_are_right(line: str) -> None:
    command: Any = typer.main.get_command(app)
    words, context = shlex.split(line)[1:], None
    name = "thedata"
    while True:
        with command.make_context(name, list(words), parent=context) as context:
            if not hasattr(command, "commands"):
                return
            name, command, words = command.resolve_command(context, context._protected_args + context.args)


def test_every_command_has_help_and_examples() -> None:
    def leaves(command: Any, path: str) -> list[tuple[str, Any]]:
        inner = getattr(command, "commands", None)
        if inner is None:
            return [(path, command)]
        return [leaf for name, one in inner.items() for leaf in leaves(one, f"{path} {name}")]

    found = leaves(typer.main.get_command(app), "thedata")
    assert len(found) > 50
    for path, command in found:
        assert command.help, path
        assert command.epilog, path
        assert path in command.epilog, f"{path} has an example of itself"


def test_the_reference_is_the_commands_own_help() -> None:
    page = PAGE.read_text()
    assert page == renewed(page), "run `python -m tools.command_reference`"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    for link in re.findall(r"\]\((?!http)([^)#]+)", page.read_text()):
        assert (page.parent / link).exists(), link


def test_the_client_needs_no_server_and_few_packages() -> None:
    allowed = {
        "grpc",
        "google",
        "thedata",
        "thedata_client",
        "pyarrow",
        "polars",
        "pandas",
        "typer",
        "rich",
        "yaml",
        "server",
    }
    for path in (ROOT / "client" / "src").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            names += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            used = {name.partition(".")[0] for name in names} - set(sys.stdlib_module_names)
            assert used <= allowed, path
            assert "server" not in used or path.name == "main.py", path
