"""The Dockerfile, compose.yaml and the systemd units, as far as they can be judged without an engine."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from pydantic import SecretStr

from server.keys import MasterKey
from server.settings import Settings
from tests.conftest import ROOT
from tests.deploy.dockerfile import DOCKERFILE, copied, in_context, instructions
from tests.servers.installing import environment

SCHEMAS = Path(__file__).with_name("schemas")
ENTRYPOINT = ROOT / "deploy" / "docker" / "entrypoint.sh"
UNITS = sorted((ROOT / "deploy" / "systemd").iterdir())
COMMANDS = {"serve", "worker", "gateway", "migrate"}
VARIABLES = {f"THEDATA_{name.upper()}" for name in Settings.model_fields}
OF_ENTRYPOINT = {"THEDATA_DATABASE_WAIT_SECONDS", "THEDATA_UPSTREAM", "THEDATA_PYTHON"}


def compose() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text())
    return loaded


def run(*command: str | Path) -> str:
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_compose_is_of_the_specification() -> None:
    schema = json.loads((SCHEMAS / "compose-spec.json").read_text())
    errors = list(jsonschema.validators.validator_for(schema)(schema).iter_errors(compose()))
    assert not errors, [f"{list(error.path)}: {error.message}" for error in errors]


def test_compose_names_what_there_is() -> None:
    services, given = compose()["services"], compose()
    assert set(services) == {"postgres", "clickhouse", "server", "worker", "gateway"}
    for name, service in services.items():
        assert "healthcheck" in service or name == "server", f"{name}: the image's own check is the server's"
        assert set(service["networks"]) <= set(given["networks"])
        for volume in service.get("volumes", []):
            assert volume.split(":")[0] in given["volumes"]
        for needed, how in service.get("depends_on", {}).items():
            assert how == {"condition": "service_healthy"}
            assert not services[needed].get("healthcheck", {}).get("disable")
        if "build" in service:
            assert service["command"][0] in COMMANDS
            assert set(service["environment"]) <= VARIABLES | OF_ENTRYPOINT
            assert service["stop_grace_period" if name != "gateway" else "init"]
        else:
            assert not service["image"].endswith(":latest"), "the tag is pinned"


def test_no_secret_stands_in_compose_and_each_comes_from_the_env_file() -> None:
    wanted = set(re.findall(r"\$\{([A-Z_]+):\?", (ROOT / "compose.yaml").read_text()))
    made = run(ROOT / "deploy" / "docker" / "new-env.sh", "ann@example.com")
    values = dict(line.split("=", 1) for line in made.splitlines())
    assert set(values) == wanted
    assert values["THEDATA_ADMIN_EMAIL"] == "ann@example.com"
    assert made != run(ROOT / "deploy" / "docker" / "new-env.sh", "ann@example.com")
    settings = Settings(master_key=SecretStr(values["THEDATA_MASTER_KEY"]))
    assert MasterKey.load(settings)


def test_the_image_takes_from_the_context_what_the_context_has() -> None:
    for sources, _ in copied():
        for source in sources:
            path = ROOT / source
            assert path.exists(), source
            files = [path] if path.is_file() else [item for item in path.rglob("*.py") if "/migrations/" not in source]
            assert any(in_context(file) for file in files), f".dockerignore hides {source}"
    assert not in_context(ROOT / ".env"), "no secret gets into an image"
    assert not in_context(ROOT / "tests" / "conftest.py")


def test_the_image_is_pinned_unprivileged_and_tells_its_health() -> None:
    parts = instructions()
    bases = [arguments.split()[0] for name, arguments in parts if name == "FROM"]
    assert all(re.search(r":\d+\.\d+\.\d+-", base) for base in bases), bases
    last = dict(parts)
    assert last["USER"] == "10001:10001"
    assert json.loads(last["ENTRYPOINT"]) == ["entrypoint.sh"]
    assert '"server", "health"' in last["HEALTHCHECK"]
    variables = set(re.findall(r"(THEDATA_[A-Z_]+)=", last["ENV"]))
    assert variables
    assert variables <= VARIABLES


@pytest.mark.parametrize("unit", UNITS, ids=lambda path: path.name)
def test_units_are_verified_by_systemd(unit: Path, tmp_path: Path) -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd-analyze is not on this machine")
    # It looks whether the program is there; the installed place is the unit's own.
    text = unit.read_text()
    start = re.search(r"^ExecStart=(\S+) (\w+)$", text, re.MULTILINE)
    assert start is not None
    assert start[2] in COMMANDS
    copy = tmp_path / unit.name
    copy.write_text(text.replace(start[1], str(ENTRYPOINT)))
    run("systemd-analyze", "verify", "--man=no", copy)


def test_linters_have_nothing_to_say() -> None:
    programs = environment("deploy")
    run(programs / "hadolint", DOCKERFILE)
    run(programs / "shellcheck", *sorted(DOCKERFILE.parent.glob("*.sh")))
