"""Who comes in, who goes, and who does not get in."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import grpc
import pytest
from thedata.v1 import auth_pb2, common_pb2

from server.auth import service
from server.auth.tokens import new_api_key
from tests.audit.conftest import Auditor
from tests.auth.people import PASSWORD, bearer, log_in, reason_of, register


def told(entry: Any) -> tuple[str, str, str, str]:
    return entry.method.partition("/")[2], entry.resource.partition("/")[0], entry.result, entry.reason


async def test_a_login_and_a_logout_are_told_with_whose_they_are(root: Auditor, ann: Auditor) -> None:
    again = await log_in(ann.channel, "ann")
    await again.auth.Logout(auth_pb2.LogoutRequest(), metadata=again.metadata)
    logout, login, *registered = await root.entries(user_id=ann.id)
    assert told(logout) == ("Logout", "session", "OK", "")
    assert told(login) == ("Login", "session", "OK", "")
    assert (login.resource, login.changes["user_id"]) == (logout.resource, ann.id)
    assert {told(entry)[:2] for entry in registered} == {
        ("Register", kind) for kind in ("user", "organization", "member", "session")
    }
    assert len({entry.request_id for entry in registered}) == 1


async def test_a_failed_login_says_whose_account_was_tried_and_nothing_that_was_typed(
    root: Auditor, ann: Auditor
) -> None:
    tries = (("ann", "canary-password"), ("canary-nobody", PASSWORD))
    for name, password in tries:
        assert (await reason_of(log_in(ann.channel, name, password)))[1] == "INVALID_CREDENTIALS"
    entries = await root.entries(method="AuthService/Login", result="UNAUTHENTICATED")
    # The second was alike, from the same address: it is counted, and told later.
    (known,) = entries
    assert (known.resource, known.reason, known.user_id) == (f"user/{ann.id}", "INVALID_CREDENTIALS", "")
    assert known.address in ("127.0.0.1", "::1")
    assert "canary" not in str(entries)


@pytest.mark.parametrize("active", [True, False])
async def test_a_stolen_refresh_token_ends_the_session_and_is_told(
    root: Auditor, ann: Auditor, monkeypatch: pytest.MonkeyPatch, active: bool
) -> None:
    monkeypatch.setattr(service, "REUSE_WINDOW", timedelta(0))
    request = auth_pb2.RefreshTokenRequest(refresh_token=ann.session.refresh_token)
    if active:
        await ann.auth.RefreshToken(request)
    else:
        await ann.auth.Logout(auth_pb2.LogoutRequest(), metadata=ann.metadata)
    assert (await reason_of(ann.auth.RefreshToken(request)))[1] == "INVALID_REFRESH_TOKEN"
    found = await root.entries(method="AuthService/RefreshToken")
    (login,) = await root.entries(method="AuthService/Register", resource="session")
    denial = ("RefreshToken", "session", "UNAUTHENTICATED", "INVALID_REFRESH_TOKEN")
    ended = ("RefreshToken", "session", "OK", "")
    assert [told(entry) for entry in found] == ([denial, ended] if active else [denial])
    assert {entry.resource for entry in found} == {login.resource}
    if active:
        assert found[1].before["user_id"] == ann.id


async def test_a_wrong_current_password_is_told_of_who_is_logged_in(root: Auditor, ann: Auditor) -> None:
    request = auth_pb2.ChangePasswordRequest(current_password="canary", new_password="another password")
    assert (await reason_of(ann.auth.ChangePassword(request, metadata=ann.metadata)))[1] == "INVALID_CREDENTIALS"
    (entry,) = await root.entries(method="AuthService/ChangePassword")
    assert (entry.user_id, entry.result) == (ann.id, "UNAUTHENTICATED")


async def test_an_api_key_is_named_whether_it_is_used_or_forged(root: Auditor, ann: Auditor) -> None:
    organization = await ann.organization()
    made = await ann.new_key(organization, common_pb2.ROLE_MEMBER)
    by_key = bearer(made.secret)
    denied = auth_pb2.CreateApiKeyRequest(organization_id=organization, name="k", role=common_pb2.ROLE_VIEWER)
    assert (await reason_of(ann.auth.CreateApiKey(denied, metadata=by_key)))[0] == "PERMISSION_DENIED"
    forged = bearer(new_api_key(UUID(made.api_key.id))[0])
    refused = await reason_of(ann.auth.ListApiKeys(auth_pb2.ListApiKeysRequest(), metadata=forged))
    assert refused[0] == "UNAUTHENTICATED"
    forgery, denial, creation = (await root.entries())[:3]
    assert (creation.resource, creation.api_key_id, creation.user_id) == (f"api_key/{made.api_key.id}", "", ann.id)
    assert (denial.api_key_id, denial.user_id, denial.reason) == (made.api_key.id, ann.id, "PERMISSION_DENIED")
    assert denial.organization_id == organization
    assert (forgery.api_key_id, forgery.user_id, forgery.result) == (made.api_key.id, "", "UNAUTHENTICATED")


async def test_the_use_of_a_key_and_a_session_that_goes_on_are_no_changes(root: Auditor, ann: Auditor) -> None:
    made = await ann.new_key(await ann.organization(), common_pb2.ROLE_MEMBER)
    before = await root.entries()
    await ann.auth.GetCurrentUser(auth_pb2.GetCurrentUserRequest(), metadata=bearer(made.secret))
    await ann.auth.RefreshToken(auth_pb2.RefreshTokenRequest(refresh_token=ann.session.refresh_token))
    assert await root.entries() == before


async def test_nobody_else_reads_what_belongs_to_no_organization(channel: grpc.aio.Channel, ann: Auditor) -> None:
    bob = await register(channel, "bob")
    await ann.add(bob, common_pb2.ROLE_ADMIN)
    assert {entry.method for entry in await ann.entries()} == {"AuthService/Register", "OrganizationsService/AddMember"}
    assert {entry.resource.partition("/")[0] for entry in await ann.entries()} == {"organization", "member"}
    zeros = "00000000-0000-0000-0000-000000000000"
    assert (await reason_of(ann.entries(organization_id=zeros)))[0] == "NOT_FOUND"
