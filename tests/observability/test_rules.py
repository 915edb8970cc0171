"""The alert rules, by Prometheus's own tool: they are valid, and fire when they should."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from tests.observability.exposed import DASHBOARDS, DEPLOY, RULES, expressions
from tests.servers.installing import program

TOOL_SECONDS = 60


@pytest.fixture(scope="module")
def promtool() -> str:
    return program("promtool", "prometheus")


def told(*command: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, capture_output=True, text=True, timeout=TOOL_SECONDS, check=False)


@pytest.mark.parametrize("path", RULES, ids=lambda path: path.name)
def test_rules_are_valid_and_fire_when_they_should(promtool: str, path: Path) -> None:
    checked = told(promtool, "check", "rules", path)
    assert checked.returncode == 0, checked.stdout + checked.stderr
    tested = told(promtool, "test", "rules", path.with_name(path.name.replace(".rules.", ".test.")))
    assert tested.returncode == 0, tested.stdout + tested.stderr


def test_the_tests_of_the_rules_can_fail(promtool: str, tmp_path: Path) -> None:
    shutil.copytree(DEPLOY / "rules", tmp_path, dirs_exist_ok=True)
    rules = tmp_path / "thedata.rules.yaml"
    rules.write_text(rules.read_text().replace("max(thedata_workers) == 0", "max(thedata_workers) == 7"))
    assert told(promtool, "test", "rules", tmp_path / "thedata.test.yaml").returncode != 0


def test_every_alert_is_tested_to_fire_and_to_be_silent() -> None:
    for path in RULES:
        rules = yaml.safe_load(path.read_text())["groups"][0]["rules"]
        tests = yaml.safe_load(path.with_name(path.name.replace(".rules.", ".test.")).read_text())["tests"]
        asked = [case for test in tests for case in test["alert_rule_test"]]
        for rule in rules:
            outcomes = {bool(case.get("exp_alerts")) for case in asked if case["alertname"] == rule["alert"]}
            assert outcomes == {True, False}, rule["alert"]


def test_the_configuration_for_prometheus_is_valid(promtool: str) -> None:
    checked = told(promtool, "check", "config", DEPLOY / "prometheus.yaml")
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_every_expression_of_the_dashboards_can_be_read(promtool: str, tmp_path: Path) -> None:
    written = [
        expression.replace("$__rate_interval", "5m")
        for expression in expressions()
        if not expression.startswith("label_values") and expression != "prometheus"
    ]
    rules = [{"record": f"x:{number}", "expr": expression} for number, expression in enumerate(written)]
    path = tmp_path / "all.yaml"
    path.write_text(yaml.safe_dump({"groups": [{"name": "all", "rules": rules}]}))
    checked = told(promtool, "check", "rules", path)
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert len(written) > 30


@pytest.mark.parametrize("path", DASHBOARDS, ids=lambda path: path.name)
def test_panels_of_a_dashboard_have_ids_and_places_of_their_own(path: Path) -> None:
    panels = json.loads(path.read_text())["panels"]
    assert len({panel["id"] for panel in panels}) == len(panels)
    taken: set[tuple[int, int]] = set()
    for panel in panels:
        place = panel["gridPos"]
        cells = {(place["x"] + x, place["y"] + y) for x in range(place["w"]) for y in range(place["h"])}
        assert not cells & taken, panel["title"]
        taken |= cells
