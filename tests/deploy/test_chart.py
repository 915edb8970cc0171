"""The Helm chart: what it renders is of Kubernetes' schemas, and says what servers, workers and the gateway need."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import asyncpg
import pytest
import yaml

from server.settings import Settings
from tests.conftest import ROOT
from tests.servers.helm import helm
from tests.servers.installing import environment

pytestmark = pytest.mark.timeout(1000)  # the first test of a machine compiles Helm

CHART = ROOT / "deploy" / "helm" / "thedata"
KUBERNETES = "1.33"
GIVEN = ("--set", "secret.existing=mine")
OWN = ("--set", "secret.databaseUrl=postgresql://u:p@db/x", "--set", f"secret.masterKey={'A' * 43}=")
WITH_PODS = {"Deployment", "Job"}
OBJECTS_OF: dict[str, set[str]] = {
    "none": set(),
    "hpa": {"HorizontalPodAutoscaler"},
    "keda": {"TriggerAuthentication", "ScaledObject"},
}


def template(*options: str) -> str:
    command = [str(helm()), "template", "rel", str(CHART), "--kube-version", KUBERNETES, *options]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def objects(*options: str) -> dict[tuple[str, str], dict[str, Any]]:
    found = [item for item in yaml.safe_load_all(template(*options)) if item]
    return {(item["kind"], item["metadata"]["name"]): item for item in found}


def test_the_linter_has_nothing_to_say() -> None:
    command = [str(helm()), "lint", "--strict", "--quiet", str(CHART), *GIVEN]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("kind", ["none", "hpa"])
@pytest.mark.parametrize("secret", [GIVEN, OWN], ids=["given", "own"])
def test_what_it_renders_is_of_the_schemas_of_kubernetes(kind: str, secret: tuple[str, ...], tmp_path: Path) -> None:
    rendered = tmp_path / "rendered.yaml"
    rendered.write_text(template(*secret, "--set", f"workers.autoscaling.kind={kind}"))
    program = environment("deploy") / "kubernetes-validate"
    command = [str(program), "-k", KUBERNETES, "--strict", "--quiet", str(rendered)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    "wrong",
    ["workers.autoscaling.kind=cpu", "server.replicas=0", "settings.THEDATA_MASTER_KEY=x", "servers.replicas=2"],
)
def test_values_that_would_have_no_effect_are_refused(wrong: str) -> None:
    command = [str(helm()), "template", "rel", str(CHART), *GIVEN, "--kube-version", KUBERNETES, "--set-string", wrong]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode != 0
    assert "don't meet the specifications of the schema" in done.stderr


def test_without_a_secret_it_says_what_is_missing() -> None:
    command = [str(helm()), "template", "rel", str(CHART), "--kube-version", KUBERNETES]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert "secret.existing" in done.stderr


def test_every_pod_is_unprivileged_and_runs_a_command_of_the_image() -> None:
    settings = {f"THEDATA_{name.upper()}" for name in Settings.model_fields} | {"THEDATA_UPSTREAM"}
    found = objects(*OWN, "--set", "settings.THEDATA_LOG_LEVEL=debug")
    pods = {name: item["spec"]["template"]["spec"] for (kind, name), item in found.items() if kind in WITH_PODS}
    assert {container["args"][0] for pod in pods.values() for container in pod["containers"]} == {
        "serve", "worker", "gateway", "migrate",
    }  # fmt: skip
    for pod in pods.values():
        (container,) = pod["containers"]
        assert pod["securityContext"]["runAsNonRoot"] is True
        assert container["securityContext"]["readOnlyRootFilesystem"] is True
        assert container["securityContext"]["capabilities"] == {"drop": ["ALL"]}
        assert {variable["name"] for variable in container["env"]} <= settings


def test_a_database_that_is_away_makes_servers_unready_and_restarts_none() -> None:
    server = objects(*GIVEN)["Deployment", "rel-server"]["spec"]["template"]["spec"]["containers"][0]
    assert "grpc" in server["readinessProbe"]
    assert "tcpSocket" in server["livenessProbe"]


def test_the_migration_comes_before_servers_and_its_secret_before_it() -> None:
    found = objects(*OWN)
    weights = [found[key]["metadata"]["annotations"] for key in (("Secret", "rel"), ("Job", "rel-migration"))]
    assert all(each["helm.sh/hook"] == "pre-install,pre-upgrade" for each in weights)
    assert int(weights[0]["helm.sh/hook-weight"]) < int(weights[1]["helm.sh/hook-weight"])


def test_selectors_find_their_pods() -> None:
    found = objects(*GIVEN)
    labels = [item["spec"]["template"]["metadata"]["labels"] for (kind, _), item in found.items() if kind in WITH_PODS]
    for (kind, name), item in found.items():
        spec = item.get("spec", {})
        selector = {
            "Service": lambda spec: spec["selector"],
            "NetworkPolicy": lambda spec: spec["podSelector"]["matchLabels"],
            "PodDisruptionBudget": lambda spec: spec["selector"]["matchLabels"],
            "Deployment": lambda spec: spec["selector"]["matchLabels"],
        }.get(kind)
        if selector:
            assert sum(selector(spec).items() <= each.items() for each in labels) == 1, (kind, name)


@pytest.mark.parametrize("kind", OBJECTS_OF)
def test_workers_are_scaled_as_wished(kind: str) -> None:
    found = objects(*GIVEN, "--set", f"workers.autoscaling.kind={kind}")
    assert {name for name, _ in found} & set[str]().union(*OBJECTS_OF.values()) == OBJECTS_OF[kind]
    assert ("replicas" in found["Deployment", "rel-worker"]["spec"]) == (kind == "none")


async def test_the_query_that_scales_tells_how_long_the_first_run_has_waited(database_url: str) -> None:
    scaled = objects(*GIVEN, "--set", "workers.autoscaling.kind=keda")["ScaledObject", "rel-worker"]
    query = scaled["spec"]["triggers"][0]["metadata"]["query"]
    connection = await asyncpg.connect(database_url)
    try:
        assert await connection.fetchval(query) == 0, "nothing waits"
        ids = {name: f"00000000-0000-7000-8000-00000000000{number}" for number, name in enumerate("ospdrq", 1)}
        await connection.execute(f"""
            INSERT INTO organizations (id, name) VALUES ('{ids["o"]}', 'A');
            INSERT INTO data_sources (id, organization_id, name, connector, config)
                VALUES ('{ids["s"]}', '{ids["o"]}', 's', 'files', '{{}}');
            INSERT INTO pipelines (id, organization_id, name, source_id, destination_id)
                VALUES ('{ids["p"]}', '{ids["o"]}', 'p', '{ids["s"]}', '{ids["s"]}');
            INSERT INTO runs (id, organization_id, pipeline_id, trigger, plan, queued_at, available_at)
                VALUES ('{ids["r"]}', '{ids["o"]}', '{ids["p"]}', 'manual', '{{}}',
                        now() - interval '90 seconds', now() - interval '90 seconds');
        """)
        assert 90 <= await connection.fetchval(query) < 120
        await connection.execute("UPDATE runs SET available_at = now() + interval '1 hour'")
        assert await connection.fetchval(query) == 0, "a run that waits for its retry needs no worker"
    finally:
        await connection.close()
