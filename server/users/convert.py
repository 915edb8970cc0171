"""User messages from the model."""

from __future__ import annotations

from thedata.v1 import users_pb2

from server.rpc.values import timestamp
from server.users.model import User

UPDATABLE = ("email", "full_name", "active", "platform_admin")


def user_message(user: User) -> users_pb2.User:
    """A user account."""
    return users_pb2.User(
        id=str(user.id),
        email=user.email,
        full_name=user.full_name,
        active=user.active,
        platform_admin=user.platform_admin,
        create_time=timestamp(user.created_at),
        update_time=timestamp(user.updated_at),
        etag=f'"{user.version}"',
    )
