"""`thedata apply`: what a file says is what there is; again, it changes nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
from thedata_client import Client, types

from tests.client.conftest import PASSWORD, Platform
from tests.client.shell import Shell

SECRET = "c4n4ry"
FILE = """
sources:
  shop:
    connector: postgres
    description: what was sold
    config:
      host: 127.0.0.1
      port: 1
      database: shop
      user: reader
      password: ${SHOP_PASSWORD}
      sslmode: disable
  lake:
    connector: analytics
pipelines:
  customers:
    source: shop
    destination: lake
    schedule:
      after: {pipeline: orders}
  orders:
    source: shop
    destination: lake
    description: every order
    verification: counts
    priority: high
    timeout: 3600s
    retry_policy:
      max_attempts: 2
    schedule:
      cron: {expression: "0 6 * * *"}
    streams:
      - namespace: public
        name: orders
        sync_mode: incremental_merge
        cursor_column: updated_at
        key_columns: [id]
        transforms:
          filter: total > 0
          renames: {total: amount}
          protections:
            - {column: email, hash: {}}
      - name: items
"""


@pytest.fixture
def thedata(platform: Platform, tmp_path: Path) -> Shell:
    """Somebody new who is logged in."""
    with platform.client("apply") as client:
        me = client.auth.get_current_user().user.email
    shell = Shell(platform, tmp_path)
    shell.log_in(me)
    return shell


def applied(thedata: Shell, text: str, *options: str, code: int = 0, **environment: str) -> str:
    said = thedata("apply", "-f", "-", *options, code=code, stdin=text, **{"SHOP_PASSWORD": SECRET, **environment})
    assert SECRET not in said.out + said.err
    return said.out + said.err


def client_of(thedata: Shell) -> Client:
    me = thedata("whoami", "-o", "json").json["user"]["email"]
    return Client(thedata.platform.address, email=me, password=PASSWORD)


def test_applied_twice_nothing_changes(thedata: Shell) -> None:
    said = applied(thedata, FILE)
    assert "+ source shop" in said
    assert "+ pipeline orders" in said
    assert "config.password: (hidden)" in said
    assert "4 created, 0 changed, 0 as they were." in said
    with client_of(thedata) as client:
        pipelines = {one.name: one for one in client.pipelines.list()}
        assert pipelines["customers"].schedule.after.pipeline_id == pipelines["orders"].id
        orders = pipelines["orders"]
        assert orders.verification == types.VERIFICATION_COUNTS
        assert orders.streams[0].transforms.renames["total"] == "amount"
        assert orders.timeout.seconds == 3600
        etags = {one.etag for one in pipelines.values()}
        again = applied(thedata, FILE)
        assert "0 created, 0 changed, 4 as they were." in again
        assert "~" not in again
        assert {one.etag for one in client.pipelines.list()} == etags


def test_an_edit_is_shown_and_made(thedata: Shell) -> None:
    applied(thedata, FILE)
    edited = (
        FILE.replace("verification: counts", "verification: content")
        .replace("          filter: total > 0\n", "")
        .replace("    priority: high\n", "")
        .replace("what was sold", "everything that was sold")
    )
    planned = applied(thedata, edited, "--dry-run")
    assert "~ pipeline orders" in planned
    assert "verification: VERIFICATION_COUNTS → VERIFICATION_CONTENT" in planned
    assert "streams[public.orders].transforms.filter: total > 0 → –" in planned
    assert "priority: PRIORITY_HIGH → PRIORITY_NORMAL" in planned
    assert "description: what was sold → everything that was sold" in planned
    assert "0 to create, 2 to change, 2 as they should be." in planned
    assert "2 changed" in applied(thedata, edited)
    assert "0 changed" in applied(thedata, edited)
    with client_of(thedata) as client:
        orders = next(one for one in client.pipelines.list() if one.name == "orders")
        assert orders.verification == types.VERIFICATION_CONTENT
        assert not orders.streams[0].transforms.filter


def test_what_a_file_no_longer_says_is_no_longer_so(thedata: Shell) -> None:
    applied(thedata, FILE)
    pipelines = FILE.split("  orders:")[0] + "  orders:\n    source: shop\n    destination: lake\n"
    assert "~ pipeline orders" in applied(thedata, pipelines)
    with client_of(thedata) as client:
        orders = next(one for one in client.pipelines.list() if one.name == "orders")
        assert not orders.HasField("schedule")
        assert not orders.HasField("timeout")
        assert not orders.HasField("retry_policy")
        assert not orders.streams
        assert not orders.description
    assert "0 changed" in applied(thedata, pipelines)


def test_a_dry_run_changes_nothing(thedata: Shell) -> None:
    assert "4 to create" in applied(thedata, FILE, "--dry-run")
    with client_of(thedata) as client:
        assert client.pipelines.list().all() == []
        assert client.sources.list().all() == []


def test_a_changed_field_of_a_source_is_seen(thedata: Shell) -> None:
    applied(thedata, FILE)
    assert "config.database: shop → shops" in applied(thedata, FILE.replace("database: shop", "database: shops"))
    assert "config.sslmode: disable" in applied(thedata, FILE.replace("      sslmode: disable\n", ""), "--dry-run")


def test_secrets_are_set_anew_only_when_asked(thedata: Shell) -> None:
    applied(thedata, FILE)
    assert "0 changed" in applied(thedata, FILE, SHOP_PASSWORD="another")
    assert "config.password: (hidden) → (hidden)" in applied(thedata, FILE, "--secrets", SHOP_PASSWORD="another")


def test_the_plan_comes_as_json(thedata: Shell) -> None:
    said = thedata("apply", "-f", "-", "--dry-run", "-o", "json", stdin=FILE, SHOP_PASSWORD=SECRET).json
    assert [(one["kind"], one["name"], one["action"]) for one in said] == [
        ("source", "shop", "create"),
        ("source", "lake", "create"),
        ("pipeline", "orders", "create"),
        ("pipeline", "customers", "create"),
    ]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("    destination: lake", "    destination: sea", "there is no data source 'sea'"),
        ("verification: counts", "verification: guesses", "one of counts, content, none"),
        ("sync_mode:", "sink_mode:", "has no field 'sink_mode'"),
        ("    priority: high", "    colour: red", "orders has no colour"),
        ("${SHOP_PASSWORD}", "${NO_SUCH_VARIABLE}", "no variable NO_SUCH_VARIABLE"),
        ("pipeline: orders", "pipeline: sales", "there is no pipeline 'sales'"),
        ('cron: {expression: "0 6 * * *"}', "after: {pipeline: customers}", "wait for each other"),
        ("sources:", "source:", "a file has `sources` and `pipelines`"),
        ("    connector: analytics", "    conector: analytics", "lake needs connector"),
    ],
)
def test_what_is_wrong_is_told_before_anything_changes(thedata: Shell, old: str, new: str, told: str) -> None:
    assert told in applied(thedata, FILE.replace(old, new, 1), code=2)
    assert thedata("sources", "list", "-o", "json").json == []


def test_what_can_not_change_is_told(thedata: Shell) -> None:
    applied(thedata, FILE)
    other = FILE.replace("connector: analytics", "connector: files")
    assert "can't become another" in applied(thedata, other, code=6)
