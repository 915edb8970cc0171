"""Who was known to be a platform administrator a moment ago."""

from __future__ import annotations

import time
from collections import OrderedDict
from uuid import UUID

from server.auth.permissions import Caller

MOST = 1000
SECONDS = 60.0


class Remembered:
    """The sessions of platform administrators that this process has confirmed with the database within a minute."""

    def __init__(self) -> None:
        self._sessions: OrderedDict[UUID, tuple[float, Caller]] = OrderedDict()

    def note(self, caller: Caller) -> None:
        """Remembers a caller as of now, where they are a platform administrator; else forgets that they were."""
        if caller.session_id is None:
            return
        self.forget(caller.session_id)
        if caller.platform_admin:
            self._sessions[caller.session_id] = time.monotonic(), caller
            if len(self._sessions) > MOST:
                self._sessions.popitem(last=False)

    def recall(self, session_id: UUID) -> Caller | None:
        """The caller, if that was less than a minute ago."""
        at, caller = self._sessions.get(session_id, (0.0, None))
        return caller if time.monotonic() - at < SECONDS else None

    def forget(self, session_id: UUID) -> None:
        """Forgets a session, which may be over."""
        self._sessions.pop(session_id, None)

    def forget_user(self, user_id: UUID) -> None:
        """Forgets all of a user's sessions."""
        for key in [key for key, (_, caller) in self._sessions.items() if caller.user_id == user_id]:
            del self._sessions[key]
