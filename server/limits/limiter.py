"""Lets calls through within the limits of who calls and of the organization that is called for."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from uuid import UUID

from server.auth.permissions import Caller
from server.config.live import LiveConfig
from server.config.model import Limits, SystemConfig
from server.errors import LimitReached
from server.limits.model import Standing, Subject, SubjectKind, reached
from server.limits.places import RENEW_SECONDS, Places
from server.limits.windows import Windows

Tell = Callable[[Standing], None]


@dataclass
class _Charges:
    """What a call has taken, until it is known of which organization it is."""

    windows: Windows
    places: Places
    requests: dict[UUID, Standing] = field(default_factory=dict)
    streams: set[UUID] = field(default_factory=set)
    refused: dict[UUID, LimitReached] = field(default_factory=dict)
    own_place: Subject | None = None
    settled: bool = False

    def settle(self, organization_id: UUID) -> None:
        """Keeps what was taken of an organization, and gives back what was taken of others.

        Raises:
            LimitReached: there was nothing left to take of it.
        """
        if organization_id in self.refused:
            raise self.refused[organization_id]
        self.settled = True
        self._give_back(self.requests.keys() - {organization_id}, self.streams - {organization_id})

    def end(self) -> None:
        """Gives the places back; also the requests of organizations that the call was not for after all."""
        if self.own_place:
            self.places.leave(self.own_place)
        self._give_back(set() if self.settled else set(self.requests), set(self.streams))

    def _give_back(self, requests: Iterable[UUID], streams: Iterable[UUID]) -> None:
        for key in list(requests):
            self.windows.give_back(_organization(key), self.requests.pop(key))
        for key in list(streams):
            self.streams.discard(key)
            self.places.leave(_organization(key))


class Limiter:
    """The limits of one server, which it holds together with the others. Platform administrators have none."""

    def __init__(self, config: LiveConfig, windows: Windows, places: Places) -> None:
        self._config = config
        self._windows = windows
        self._places = places
        self._system: SystemConfig | None = None
        self._idle = True

    @asynccontextmanager
    async def admitted(self, caller: Caller, named: UUID | None, *, stream: bool, tell: Tell) -> AsyncIterator[Caller]:
        """Takes what a call needs, and gives the caller as which it goes on; ``named`` is the organization it names.

        A call that names none is for one of the caller's organizations, which shows when that is authorized.
        ``tell`` hears where the caller and the organization stand.

        Raises:
            LimitReached: a limit is reached.
            Unavailable: the database is away when it is needed.
        """
        if self._limits_nothing():
            yield caller
            return
        charged = [named] if named in caller.memberships else list(caller.memberships)
        limits = {key: self._config.system.limits_of(key) for key in charged}
        single = charged[0] if len(charged) == 1 else None
        charges = _Charges(self._windows, self._places, settled=single is not None)
        try:
            await self._charge_caller(caller, charges, stream, tell)
            for key, own in limits.items():
                try:
                    await self._charge_organization(key, own, charges, stream, tell if key == single else _nobody)
                except LimitReached as failure:
                    if key == single:
                        raise
                    charges.refused[key] = failure
            yield (
                replace(caller, admit=charges.settle)
                if charges.requests or charges.streams or charges.refused
                else caller
            )
        finally:
            charges.end()

    def _limits_nothing(self) -> bool:
        system = self._config.system
        if self._system is not system:
            every = (system.limits, *system.organization_limits.values())
            self._system, self._idle = system, not any(any(limits.model_dump().values()) for limits in every)
        return self._idle

    async def _charge_caller(self, caller: Caller, charges: _Charges, stream: bool, tell: Tell) -> None:
        if caller.api_key_id:
            subject, name = Subject(SubjectKind.API_KEY, caller.api_key_id), "requests_per_minute_per_key"
        else:
            subject, name = Subject(SubjectKind.USER, caller.user_id), "requests_per_minute_per_user"
        await self._request(subject, name, self._of_caller(caller, name), tell)
        if stream and (limit := self._of_caller(caller, "streams_per_user")):
            await self._stream(subject, "streams_per_user", limit)
            charges.own_place = subject

    async def _charge_organization(
        self, key: UUID, limits: Limits, charges: _Charges, stream: bool, tell: Tell
    ) -> None:
        name = "requests_per_minute_per_organization"
        standing = await self._request(_organization(key), name, limits.requests_per_minute_per_organization, tell)
        if standing:
            charges.requests[key] = standing
        if stream and limits.streams_per_organization:
            await self._stream(_organization(key), "streams_per_organization", limits.streams_per_organization)
            charges.streams.add(key)

    def _of_caller(self, caller: Caller, name: str) -> int:
        """A caller's limit: of several organizations the most generous one has the say; 0: none."""
        system = self._config.system
        limits = [system.limits_of(key) for key in caller.memberships] or [system.limits]
        found = [getattr(one, name) or 0 for one in limits]
        return 0 if 0 in found else max(found)

    async def _request(self, subject: Subject, name: str, limit: int | None, tell: Tell) -> Standing | None:
        if not limit:
            return None
        standing = await self._windows.take(subject, limit)
        tell(standing)
        if not standing.taken:
            message = f"No more than {limit} requests are taken from this {_WORDS[subject.kind]} in a minute."
            raise reached(name, limit, subject, message, standing.seconds_left)
        return standing

    async def _stream(self, subject: Subject, name: str, limit: int) -> None:
        if not await self._places.enter(subject, limit):
            message = f"This {_WORDS[subject.kind]} has {limit} streams open, as many as may be; close one first."
            raise reached(name, limit, subject, message, RENEW_SECONDS)


_WORDS = {SubjectKind.USER: "user", SubjectKind.API_KEY: "API key", SubjectKind.ORGANIZATION: "organization"}


def _organization(key: UUID) -> Subject:
    return Subject(SubjectKind.ORGANIZATION, key)


def _nobody(_standing: Standing) -> None:
    """Where a caller of several organizations stands in one of them is not told: it may be another that is meant."""
