"""Who may do what: the whole matrix, written out."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest
from thedata.v1 import common_pb2, options_pb2

from server.auth.permissions import LEAST_ROLE, Caller, Permission, Role
from server.errors import NotFound, OrganizationRequired, PermissionDenied
from server.rpc.methods import PERMISSIONS

#                        viewer member admin owner
MATRIX = {
    "ORGANIZATION_READ": "yes yes yes yes",
    "ORGANIZATION_WRITE": "no no yes yes",
    "ORGANIZATION_DELETE": "no no no yes",
    "MEMBERS_WRITE": "no no yes yes",
    "API_KEYS_WRITE": "no no yes yes",
    "DATA_SOURCES_READ": "yes yes yes yes",
    "DATA_SOURCES_WRITE": "no yes yes yes",
    "PIPELINES_READ": "yes yes yes yes",
    "PIPELINES_WRITE": "no yes yes yes",
    "PIPELINES_RUN": "no yes yes yes",
    "ANALYTICS_READ": "yes yes yes yes",
    "ANALYTICS_WRITE": "no yes yes yes",
    "AUDIT_READ": "no no yes yes",
    "ALERTS_READ": "yes yes yes yes",
    "ALERTS_WRITE": "no no yes yes",
    "AUTHENTICATED": "no no no no",
    "PUBLIC": "no no no no",
    "PLATFORM_ADMIN": "no no no no",
}
HERE, THERE = uuid4(), uuid4()


def caller(permission: Permission, *organizations: UUID, role: Role = Role.OWNER, admin: bool = False) -> Caller:
    return Caller(uuid4(), dict.fromkeys(organizations, role), admin, permission=permission)


@pytest.mark.parametrize("permission", Permission)
def test_a_role_grants_what_the_matrix_says(permission: Permission) -> None:
    granted = dict(zip(Role, MATRIX[permission].split(), strict=True))
    for role, answer in granted.items():
        who = caller(permission, HERE, role=role)
        if answer == "yes":
            who.authorize(HERE)
        else:
            with pytest.raises(PermissionDenied) as caught:
                who.authorize(HERE)
            assert caught.value.metadata == {"permission": permission}


@pytest.mark.parametrize("permission", Permission)
def test_of_another_organization_one_does_not_even_learn_that_it_is(permission: Permission) -> None:
    with pytest.raises(NotFound):
        caller(permission, HERE).authorize(THERE)


@pytest.mark.parametrize("permission", LEAST_ROLE)
def test_a_platform_administrator_may_act_everywhere(permission: Permission) -> None:
    assert caller(permission, admin=True).organization(THERE) == THERE


def test_one_organization_need_not_be_named_but_none_or_two_must() -> None:
    permission = Permission.PIPELINES_READ
    assert caller(permission, HERE).organization(None) == HERE
    assert caller(permission, HERE, THERE).organization(THERE) == THERE
    for who in (caller(permission), caller(permission, HERE, THERE), caller(permission, admin=True)):
        with pytest.raises(OrganizationRequired):
            who.organization(None)


def test_the_scope_of_a_caller_is_its_organizations_and_nothing_more() -> None:
    who = caller(Permission.PIPELINES_READ, HERE)
    assert (who.scope.organizations, who.scope.platform) == (frozenset({HERE}), False)
    assert caller(Permission.PIPELINES_READ, admin=True).scope.platform


def test_the_contract_and_the_rules_have_the_same_permissions_and_roles() -> None:
    contract = {name.removeprefix("PERMISSION_") for name in options_pb2.Permission.DESCRIPTOR.values_by_name} - {
        "UNSPECIFIED"
    }
    assert contract == {permission.value for permission in Permission}
    roles = {name.removeprefix("ROLE_"): number for name, number in common_pb2.Role.items() if number}
    assert roles == {role.name: role.value for role in Role}


def test_every_method_says_what_it_needs() -> None:
    assert [path for path, permission in PERMISSIONS.items() if permission is None] == []
