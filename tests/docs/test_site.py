"""The documentation builds, and its examples are what the platform takes."""

from __future__ import annotations

import json
import os
import re
import subprocess
from pathlib import Path

import protovalidate
import pytest
from google.protobuf import json_format
from thedata.v1 import pipelines_pb2

from server.sync.connectors import registry
from tests.conftest import ROOT
from tests.servers.installing import environment
from tools.error_reasons import PAGE, page

CONNECTORS = re.findall(r"```json (\w+)\n(.*?)```", (ROOT / "docs" / "connectors.md").read_text(), re.DOTALL)
STREAMS = re.findall(r"```json stream\n(.*?)```", (ROOT / "docs" / "modes.md").read_text(), re.DOTALL)


def test_it_builds_without_a_warning_and_no_page_asks_anybody_else(tmp_path: Path) -> None:
    mkdocs = environment("docs") / "mkdocs"
    done = subprocess.run(
        [mkdocs, "build", "--quiet", "--strict", "--site-dir", tmp_path],
        cwd=ROOT,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1"},
        capture_output=True,
        text=True,
        timeout=90,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert (tmp_path / "api" / "index.html").exists()
    for html in tmp_path.rglob("*.html"):
        fetched = re.findall(r"<(?:script|img|iframe)[^>]+src=\"?(https?://[^\"\s>]+)", html.read_text())
        fetched += re.findall(r"<link[^>]+rel=\"?stylesheet\"?[^>]*href=\"?(https?://[^\"\s>]+)", html.read_text())
        assert not fetched, html


def test_the_page_of_error_reasons_is_that_of_the_contract() -> None:
    assert PAGE.read_text() == page(), "run python -m tools.error_reasons"


def test_every_connector_has_its_example() -> None:
    assert {kind for kind, _ in CONNECTORS} == set(registry.kinds()) - {"analytics"}


@pytest.mark.parametrize(("kind", "config"), CONNECTORS, ids=[kind for kind, _ in CONNECTORS])
def test_an_example_of_a_connector_is_a_configuration(kind: str, config: str) -> None:
    registry.connector(kind).config_model.model_validate(json.loads(config))


def test_the_examples_of_modes_are_streams_of_pipelines_one_for_each_mode() -> None:
    streams = [json_format.Parse(text, pipelines_pb2.StreamConfig()) for text in STREAMS]
    for stream in streams:
        protovalidate.validate(stream)
    every = set(pipelines_pb2.SyncMode.values()) - {pipelines_pb2.SYNC_MODE_UNSPECIFIED}
    assert {stream.sync_mode for stream in streams} == every
