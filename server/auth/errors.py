"""What goes wrong with credentials."""

from __future__ import annotations

from server.errors import Failure, Kind


class Unauthenticated(Failure):
    """There is no valid session or API key."""

    kind, reason = Kind.UNAUTHENTICATED, "UNAUTHENTICATED"

    def __init__(self) -> None:
        super().__init__("Send a valid access token or API key as `authorization: Bearer <token>`.")


class InvalidCredentials(Failure):
    """E-mail and password don't match an active account; the same text for every cause."""

    kind, reason = Kind.UNAUTHENTICATED, "INVALID_CREDENTIALS"

    def __init__(self) -> None:
        super().__init__("E-mail address and password don't match an active account.")


class InvalidRefreshToken(Failure):
    """The refresh token is unknown, expired or already used."""

    kind, reason = Kind.UNAUTHENTICATED, "INVALID_REFRESH_TOKEN"

    def __init__(self) -> None:
        super().__init__("The refresh token is not valid any more; log in again.")
