"""The main job as a user does it: over REST, through Envoy, with a worker process, on real databases."""

from __future__ import annotations

import base64
import json
from typing import Any

import httpx
import pytest

from server.settings import Settings
from tests.e2e.story import created, finished, postgres_config, rows

PEOPLE = "id,name,height\n1,Ann,1.70\n2,Bob,\n3,Cy,1.82\n"


@pytest.mark.usefixtures("worker")
async def test_files_land_in_one_database_and_go_on_to_another(
    rest: httpx.AsyncClient, settings: Settings, empty_database_url: str, destination_url: str
) -> None:
    folder = settings.file_roots[0]
    (folder / "people.csv").write_text(PEOPLE)
    files = await created(
        rest,
        "/data-sources/",
        {"name": "files", "connector": "files", "config": {"path": str(folder), "format": "csv"}},
    )
    landing, copy = [
        await created(rest, "/data-sources", {"name": name, "connector": "postgres", "config": postgres_config(url)})
        for name, url in (("landing", empty_database_url), ("copy", destination_url))
    ]
    assert (await rest.post(f"/data-sources/{landing['id']}/check", json={})).json()["ok"]
    catalog = (await rest.post(f"/data-sources/{files['id']}/discover", json={})).json()
    assert [stream["name"] for stream in catalog["streams"]] == ["people"]
    preview = (await rest.get(f"/data-sources/{files['id']}/preview", params={"stream": "people"})).json()
    assert preview["rows"][1] == [2, "Bob", None]

    for source, destination in ((files, landing), (landing, copy)):
        pipeline = await created(
            rest,
            "/pipelines",
            {
                "name": f"to {destination['name']}",
                "source_id": source["id"],
                "destination_id": destination["id"],
                "verification": "VERIFICATION_CONTENT",
            },
        )
        run = await created(rest, f"/pipelines/{pipeline['id']}/start", {})
        messages = await finished(rest, pipeline, run)
        assert messages[-1]["ended"] == "RUN_STATE_SUCCEEDED", messages

    expected = await rows(empty_database_url, "SELECT id, name, height FROM people ORDER BY id")
    assert [(row[0], row[1]) for row in expected] == [(1, "Ann"), (2, "Bob"), (3, "Cy")]
    assert await rows(destination_url, "SELECT id, name, height FROM people ORDER BY id") == expected
    metrics = (await rest.get(f"/data-sources/{landing['id']}/metrics")).json()
    assert (metrics["runs_succeeded"], metrics["rows_read"], metrics["rows_committed"]) == ("2", "3", "3")

    run = (await rest.get(f"/pipelines/{pipeline['id']}/runs/{run['id']}")).json()
    (stream,) = run["streams"]
    assert (stream["lane"], stream["rows_read"], stream["rows_committed"]) == ("raw", "3", "3")
    assert stream["verified"]
    assert stream["source_hash"] == stream["destination_hash"] != ""

    await every_way_to_read_the_log_agrees(rest, pipeline, messages)


async def every_way_to_read_the_log_agrees(
    rest: httpx.AsyncClient, pipeline: dict[str, Any], messages: list[dict[str, Any]]
) -> None:
    path = f"/pipelines/{pipeline['id']}/logs"
    entries = [message["entry"] for message in messages if "entry" in message]

    paged: list[dict[str, Any]] = []
    token = ""
    for _ in range(len(entries) + 1):
        page = (await rest.get(path, params={"page_size": 2, "page_token": token})).json()
        paged += page["entries"]
        token = page["next_page_token"]
        if not token:
            break
    assert paged == entries

    for seen, message in enumerate(messages[:-1], 1):
        if "entry" not in message:
            continue
        headers = {"accept": "text/event-stream", "last-event-id": message["cursor"]}
        events = (await rest.get(path, headers=headers)).text
        told = [json.loads(line.removeprefix("data: ")) for line in events.splitlines() if line.startswith("data: ")]
        ids = [line.removeprefix("id: ") for line in events.splitlines() if line.startswith("id: ")]
        missed = [item["entry"] for item in messages[seen:] if "entry" in item]
        assert [item["entry"] for item in told if "entry" in item] == missed
        assert ids == [item["cursor"] for item in told]


@pytest.mark.usefixtures("worker")
async def test_a_run_that_cannot_connect_says_whose_fault_it_is(
    rest: httpx.AsyncClient, empty_database_url: str, destination_url: str
) -> None:
    wrong = {**postgres_config(empty_database_url), "password": "not-the-password"}
    source, destination = [
        await created(rest, "/data-sources", {"name": name, "connector": "postgres", "config": config})
        for name, config in (("source", wrong), ("destination", postgres_config(destination_url)))
    ]
    check = (await rest.post(f"/data-sources/{source['id']}/check", json={})).json()
    assert not check["ok"]
    assert check["code"] == "authentication_failed"
    pipeline = await created(
        rest, "/pipelines", {"name": "p", "source_id": source["id"], "destination_id": destination["id"]}
    )
    run = await created(rest, f"/pipelines/{pipeline['id']}/start", {})
    messages = await finished(rest, pipeline, run)
    assert messages[-1]["ended"] == "RUN_STATE_FAILED"
    failure = (await rest.get(f"/pipelines/{pipeline['id']}/runs/{run['id']}")).json()["failure"]
    assert (failure["origin"], failure["type"]) == ("FAILURE_ORIGIN_SOURCE", "FAILURE_TYPE_CONFIG")
    assert failure["code"] == "authentication_failed"
    assert failure["advice"]
    assert "not-the-password" not in json.dumps([messages, failure])


@pytest.mark.usefixtures("worker")
async def test_a_system_that_sends_a_secret_back_does_not_get_it_into_the_log(
    rest: httpx.AsyncClient, empty_database_url: str, destination_url: str
) -> None:
    password = str(postgres_config(empty_database_url)["password"])
    encoded = base64.b64encode(password.encode()).decode()
    await rows(
        empty_database_url,
        "CREATE FUNCTION boom() RETURNS int LANGUAGE plpgsql AS"
        f" $$ BEGIN RAISE EXCEPTION 'refused {password} Basic {encoded}'; END $$",
    )
    await rows(empty_database_url, "CREATE VIEW leaky AS SELECT boom() AS id")
    source, destination = [
        await created(rest, "/data-sources", {"name": name, "connector": "postgres", "config": postgres_config(url)})
        for name, url in (("source", empty_database_url), ("destination", destination_url))
    ]
    pipeline = await created(
        rest,
        "/pipelines",
        {
            "name": "p",
            "source_id": source["id"],
            "destination_id": destination["id"],
            "retry_policy": {"max_attempts": 1},
        },
    )
    run = await created(rest, f"/pipelines/{pipeline['id']}/start", {})
    messages = await finished(rest, pipeline, run)
    run = (await rest.get(f"/pipelines/{pipeline['id']}/runs/{run['id']}")).json()
    told = json.dumps([messages, run])
    assert "refused *** Basic ***" in told
    assert password not in told
    assert encoded not in told
    failed = [message["entry"] for message in messages if "code" in message.get("entry", {}).get("fields", {})]
    assert failed, "what failed is told by fields too"
    assert {entry["fields"]["origin"] for entry in failed} == {"source"}
