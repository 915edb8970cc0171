"""`thedata` in front of a whole platform: what each command says, and with which exit code it ends."""

from __future__ import annotations

import json
import os
import re
import resource
import stat
import subprocess
import sys
import time
from pathlib import Path
from uuid import uuid4

import pytest
import yaml
from thedata_client import Client

from tests.client.conftest import ADMIN, PASSWORD, Platform
from tests.client.shell import Shell
from tests.conftest import IMPORTS

ROWS = 50
PROGRAM = "import sys; sys.argv[0] = 'thedata'; from thedata_client.command.main import main; main()"


@pytest.fixture(scope="module")
def email(platform: Platform) -> str:
    name = f"shell-{uuid4().hex[:8]}@example.com"
    with Client(platform.address) as client:
        client.register(name, PASSWORD, organization_name="Birds")
    return name


@pytest.fixture(scope="module")
def thedata(platform: Platform, email: str, tmp_path_factory: pytest.TempPathFactory) -> Shell:
    """Somebody who is logged in."""
    shell = Shell(platform, tmp_path_factory.mktemp("config"))
    shell.log_in(email)
    return shell


@pytest.fixture(scope="module")
def birds(thedata: Shell, platform: Platform) -> str:
    """A pipeline that has landed a file of birds."""
    path = platform.files / "birds.csv"
    path.write_text("id,kind\n" + "".join(f"{n},{'owl' if n % 5 else 'emu'}\n" for n in range(ROWS)))
    thedata("sources", "add", "birds", "files", "-c", f"path={path}", "--check")
    thedata("sources", "add", "store", "analytics")
    thedata("pipelines", "create", "birds", "birds", "store")
    thedata("pipelines", "start", "birds", "--wait")
    return "birds"


def test_a_login_is_kept_where_only_its_owner_reads(thedata: Shell, email: str) -> None:
    file = thedata.home / "thedata" / "profiles.json"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert PASSWORD not in file.read_text()
    me = thedata("whoami", "-o", "json").json
    assert me["user"]["email"] == email
    assert email in thedata("whoami").out
    assert "Birds (owner)" in thedata("whoami").out


def test_profiles_are_apart_and_end_apart(thedata: Shell, email: str) -> None:
    thedata("--profile", "other", "login", thedata.platform.address, "--email", email, stdin=f"{PASSWORD}\n")
    thedata("--profile", "other", "whoami")
    thedata("--profile", "other", "logout")
    assert "thedata login" in thedata("--profile", "other", "whoami", code=3).err
    thedata("whoami")


def test_a_wrong_password_is_no_login(thedata: Shell, email: str) -> None:
    said = thedata(
        "--profile", "wrong", "login", thedata.platform.address, "--email", email, code=3, stdin="wrong one\n"
    )
    assert "wrong one" not in said.err


def test_a_login_that_fails_leaves_the_one_before(thedata: Shell, email: str) -> None:
    thedata("login", "--email", email, code=3, stdin="wrong one\n")
    thedata("login", "http://127.0.0.1:1", "--email", email, code=5, stdin="any\n")
    thedata("whoami")


def test_commands_at_once_renew_a_session_once(thedata: Shell) -> None:
    file = thedata.home / "thedata" / "profiles.json"
    kept = json.loads(file.read_text())
    kept["default"]["tokens"]["renew_at"] = 0
    file.write_text(json.dumps(kept))
    path = os.pathsep.join([IMPORTS, "client/src"])
    environment = {**os.environ, "PYTHONPATH": path, "XDG_CONFIG_HOME": str(thedata.home)}
    program = [sys.executable, "-c", PROGRAM, "whoami"]
    running = [subprocess.Popen(program, env=environment, stdout=subprocess.PIPE) for _ in range(4)]
    assert [one.wait(60) for one in running] == [0, 0, 0, 0]
    for one in running:
        assert one.stdout
        one.stdout.close()
    assert json.loads(file.read_text())["default"]["tokens"]["renew_at"] > time.time()
    thedata("whoami")


def test_a_key_needs_no_login(thedata: Shell, email: str, tmp_path: Path) -> None:
    with Client(thedata.platform.address, email=email, password=PASSWORD) as client:
        key = client.auth.create_api_key("shell", role="viewer").secret
    bare = Shell(thedata.platform, tmp_path)
    place = thedata.platform.address
    assert bare("whoami", "-o", "json", THEDATA_TOKEN=key, THEDATA_ADDRESS=place).json["api_key_id"]
    said = bare("--address", place, "sources", "add", "x", "files", "-c", "path=x", code=3, THEDATA_TOKEN=key)
    assert key not in said.err
    thedata("--profile", "keyed", "login", thedata.platform.address, "--key", stdin=f"{key}\n")
    assert thedata("--profile", "keyed", "whoami", "-o", "json").json["api_key_id"]


def test_a_profiles_tokens_go_to_its_own_address_only(thedata: Shell) -> None:
    assert "Nobody is logged in" in thedata("--address", "http://127.0.0.1:1", "whoami", code=3).err


def test_organizations_are_listed_made_and_used(thedata: Shell) -> None:
    made = thedata("orgs", "create", "Fish", "-o", "json").json
    assert {one["name"] for one in thedata("orgs", "list", "-o", "json").json} == {"Birds", "Fish"}
    thedata("orgs", "use", "Fish")
    assert thedata("sources", "list", "-o", "json").json == []
    assert thedata("orgs", "members", made["id"], "-o", "json").json[0]["role"] == "ROLE_OWNER"
    thedata("orgs", "use", "Birds")
    thedata("orgs", "use", "Stones", code=4)


def test_sources_are_checked_discovered_and_previewed(thedata: Shell, birds: str) -> None:
    assert "birds" in thedata("sources", "list").out
    assert thedata("sources", "list", "--connector", "mysql", "-o", "json").json == []
    assert thedata("sources", "check", "birds", "-o", "json").json["ok"]
    stream = thedata("sources", "discover", "birds", "-o", "json").json[0]
    assert [column["name"] for column in stream["columns"]] == ["id", "kind"]
    rows = thedata("sources", "preview", "birds", stream["name"], "-n", "2", "-o", "json").json
    assert [row["kind"] for row in rows] == ["emu", "owl"]
    assert "emu" in thedata("sources", "preview", "birds", stream["name"], "-n", "2").out
    assert {"files", "postgres"} <= {one["kind"] for one in thedata("sources", "connectors", "-o", "json").json}


def test_a_source_that_fails_its_check_is_told_by_the_exit_code(thedata: Shell, tmp_path: Path) -> None:
    secret = "c4n4ry"
    fields = ["-c", "host=127.0.0.1", "-c", "port=1", "-c", "database=d", "-c", "user=u", "-c", "sslmode=disable"]
    thedata("sources", "add", "gone", "postgres", *fields, "-c", "password=${SECRET}", "--check", code=1, SECRET=secret)
    thedata("sources", "list", "-o", "json")
    said = thedata(
        "sources", "add", "gone", "postgres", *fields, "-c", "password=${SECRET}", "-o", "json", SECRET=secret
    )
    assert secret not in said.out
    assert thedata("sources", "check", "gone", "-o", "json", code=1).json["code"]
    assert "SECRET" in thedata("sources", "add", "n", "postgres", *fields, "-c", "password=${SECRET}", code=2).err
    thedata("sources", "delete", "gone")
    thedata("sources", "check", "gone", code=4)


def test_pipelines_tell_plans_runs_and_logs(thedata: Shell, birds: str) -> None:
    assert thedata("pipelines", "plan", birds, "-o", "json").json[0]["name"]
    status = thedata("pipelines", "status", birds, "-o", "json").json
    assert status["state"] == "RUN_STATE_SUCCEEDED"
    assert "succeeded" in thedata("pipelines", "runs", birds, "--state", "succeeded").out
    assert thedata("pipelines", "runs", birds, "--state", "failed", "-o", "json").json == []
    assert "one of queued" in thedata("pipelines", "runs", birds, "--state", "odd", code=2).err
    lines = [json.loads(line) for line in thedata("pipelines", "logs", birds, "-o", "json").out.splitlines()]
    followed = [json.loads(line) for line in thedata("pipelines", "logs", birds, "-f", "-o", "json").out.splitlines()]
    assert lines == followed
    assert lines
    said = thedata("pipelines", "watch", birds)
    assert "succeeded" in said.out
    assert f"{ROWS} rows committed" in said.err
    assert lines[0]["message"] not in said.err
    said = thedata("pipelines", "watch", birds, "--log")
    assert "succeeded" in said.out
    assert all(line["message"] in said.err for line in lines)
    assert "rows are equal on both sides" in said.err
    chosen = thedata("pipelines", "watch", birds, "--level", "info", "--text", lines[0]["message"].upper()).err
    assert lines[0]["message"] in chosen
    assert lines[-1]["message"] not in chosen
    assert "durable" not in thedata("pipelines", "watch", birds, "--stream", "none").err
    assert lines[0]["message"] not in thedata("pipelines", "watch", birds, "--from-end", "--log").err
    assert lines[0]["message"] not in thedata("pipelines", "watch", birds, "--since", "2099-01-01").err
    thedata("pipelines", "watch", birds, "--since", "2099-01-01", "--from-end", code=2)
    assert "one of debug" in thedata("pipelines", "watch", birds, "--level", "odd", code=2).err
    assert not thedata("pipelines", "logs", birds, "--since", "2099-01-01").out
    assert not thedata("pipelines", "logs", birds, "--stream", "none", "-f").out


def test_a_run_that_fails_ends_with_one(thedata: Shell) -> None:
    thedata("sources", "add", "nothing", "files", "-c", "path=none.csv")
    thedata("sources", "add", "nowhere", "analytics")
    thedata("pipelines", "create", "fails", "nothing", "nowhere")
    assert "failed" in thedata("pipelines", "start", "fails", "-w", code=1).out
    thedata("pipelines", "status", "fails", code=1)
    thedata("pipelines", "stop", "fails", code=6)
    thedata("pipelines", "pause", "fails")
    thedata("pipelines", "resume", "fails")
    thedata("pipelines", "delete", "fails")
    thedata("pipelines", "status", "fails", code=4)


def test_what_landed_is_asked_and_exported(thedata: Shell, birds: str, tmp_path: Path) -> None:
    said = thedata(
        "query", "birds", "--group-by", "kind", "--measure", "count", "--order-by", "kind", "-o", "json"
    ).json
    assert [(row["kind"], row["count"]) for row in said] == [("emu", 10), ("owl", 40)]
    assert "emu" in thedata("query", "birds", "--where", "kind:eq:emu", "-n", "3").out
    assert "birds" in [one["name"] for one in thedata("tables", "-o", "json").json]
    path = tmp_path / "birds.csv"
    thedata("export", "birds", str(path))
    assert len(path.read_text().splitlines()) == ROWS + 1
    assert len(thedata("export", "birds", "-").out.splitlines()) == ROWS
    thedata("query", "stones", code=4)


def test_events_and_metrics_are_sent(thedata: Shell, tmp_path: Path) -> None:
    events = "\n".join(json.dumps({"kind": "seen", "message": f"bird {n}"}) for n in range(3))
    assert thedata("ingest", "events", "-", "-o", "json", stdin=events).json["accepted"] == 3
    points = tmp_path / "points.ndjson"
    points.write_text('{"name": "birds", "value": 3}\n')
    assert thedata("ingest", "metrics", str(points), "-o", "json").json["accepted"] == 1
    assert "1 were not taken" in thedata("ingest", "events", "-", code=1, stdin='{"kind": ""}').err
    assert "item 1" in thedata("ingest", "events", "-", code=2, stdin='{"kinds": "x"}').err


def test_views_are_made_shown_and_deleted(thedata: Shell) -> None:
    definition = "source: events\ngroup_by: [kind]\nmeasures:\n- aggregation: count\n"
    thedata("views", "create", "kinds", "-f", "-", stdin=definition)
    assert "kinds" in thedata("views", "list").out
    assert isinstance(thedata("views", "show", "kinds", "-o", "json").json, list)
    thedata("views", "update", "kinds", "-f", "-", stdin=definition)
    thedata("views", "delete", "kinds")
    thedata("views", "show", "kinds", code=4)
    assert "colour" in thedata("views", "create", "v", "-f", "-", code=2, stdin="colour: red\n").err


ADMIN_COMMANDS = [
    ("admin", "status"),
    ("admin", "config", "get", "system"),
    ("admin", "config", "versions", "metrics"),
    ("admin", "audit"),
    ("alerts", "list"),
    ("alerts", "rules"),
    ("alerts", "conditions"),
    ("alerts", "silences"),
    ("alerts", "silence", "--hours", "1"),
]


@pytest.mark.parametrize("command", ADMIN_COMMANDS, ids=" ".join)
def test_administrators_are_answered(platform: Platform, tmp_path: Path, command: tuple[str, ...]) -> None:
    root = Shell(platform, tmp_path)
    root("login", platform.address, "--email", ADMIN[0], stdin=f"{ADMIN[1]}\n")
    assert root(*command).out


def test_anybody_sees_what_is_used_of_their_limits(thedata: Shell) -> None:
    assert thedata("admin", "usage").out


def test_others_are_refused_what_is_the_administrators(thedata: Shell) -> None:
    for command in (("admin", "status"), ("admin", "config", "get", "system")):
        assert thedata(*command, code=3).err.startswith("thedata: ")


def test_what_is_not_there_is_unavailable(thedata: Shell) -> None:
    thedata("sources", "delete", str(uuid4()), code=5, THEDATA_ADDRESS="http://127.0.0.1:1", THEDATA_TOKEN="t")


def test_a_wrong_command_line_is_two(thedata: Shell) -> None:
    thedata("pipelines", "start", code=2)
    thedata("no-such-command", code=2)
    thedata("--address", "ftp://x", "--token", "t", "whoami", code=2)


def test_answers_come_as_yaml(thedata: Shell, birds: str) -> None:
    assert {one["name"] for one in yaml.safe_load(thedata("pipelines", "list", "-o", "yaml").out)} >= {"birds"}


def process(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", PROGRAM, *arguments],
        env={**os.environ, "PYTHONPATH": os.pathsep.join([IMPORTS, "client/src"]), **environment},
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_help_comes_at_once_and_imports_little() -> None:
    code = (
        "import sys; from thedata_client.command import main; "
        "sys.exit(bool({'grpc', 'rich', 'yaml'} & set(sys.modules)))"
    )
    path = os.pathsep.join([IMPORTS, "client/src"])
    assert (
        subprocess.run([sys.executable, "-c", code], env={**os.environ, "PYTHONPATH": path}, timeout=60).returncode == 0
    )
    assert min(map(seconds_of_help, range(5))) < 0.4


def seconds_of_help(_round: int) -> float:
    """What `thedata --help` takes of a processor, which others on the machine do not change."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert process("--help").returncode == 0
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


def test_the_servers_commands_are_there_where_it_is_installed() -> None:
    said = process("server", "--help")
    assert said.returncode == 0
    assert {"serve", "worker", "migrate", "stack", "analytics"} <= set(re.findall(r"\w+", said.stdout))


def test_the_shell_completes() -> None:
    said = process(_THEDATA_COMPLETE="complete_bash", COMP_WORDS="thedata pipe", COMP_CWORD="1")
    assert said.stdout.split() == ["pipelines"], said.stderr
