"""Setting rules and channels: one version after the other, secrets sealed and never shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit
from uuid import UUID

from pydantic import ValidationError

from server.alerts.defaults import default_rules
from server.alerts.errors import RulesUnreadable
from server.alerts.model import Alerting, Channel, ChannelKind, GivenChannel, Rules, Update
from server.alerts.ports import Store, Transaction
from server.alerts.reach import owner_of
from server.alerts.validation import (
    CHANNELS,
    RULES,
    channel_violations,
    missing_channels,
    origin_of,
    rule_violations,
)
from server.auth.permissions import Caller
from server.clock import now
from server.config.model import ConfigKind, ConfigVersion, etag_of
from server.data_sources.vault import Vault
from server.errors import EtagMismatch, InvalidFields, Violation
from server.pipelines.webhooks import new_secret
from server.scope import PLATFORM


@dataclass
class _Channels:
    """Channels as they are to be kept, their secrets, the keys among those that were made just now, what is missing."""

    channels: list[Channel] = field(default_factory=list)
    secrets: dict[str, str] = field(default_factory=dict, repr=False)
    made: dict[str, str] = field(default_factory=dict, repr=False)
    broken: list[Violation] = field(default_factory=list)


class AlertsConfigService:
    """The rules and channels of organizations, and of the platform itself."""

    def __init__(self, store: Store, vault: Vault, *, can_mail: bool) -> None:
        self._store = store
        self._vault = vault
        self._can_mail = can_mail

    async def get(self, caller: Caller, requested: UUID | None) -> Alerting:
        """What holds, with what keeps rules from being looked at."""
        async with self._store.begin(caller.scope) as tx:
            organization_id = await owner_of(tx, caller, requested)
            newest = await tx.configurations.newest(organization_id, ConfigKind.ALERTS)
            return alerting_of(organization_id, newest, await tx.alerts.problems(organization_id))

    async def update(self, caller: Caller, requested: UUID | None, update: Update) -> Alerting:
        """Adds a version.

        Raises:
            InvalidFields: something can't be kept; by its path.
            EtagMismatch: an etag is given and is not that of the newest version.
        """
        async with self._store.begin(caller.scope) as tx:
            organization_id = await owner_of(tx, caller, requested)
            newest = await tx.configurations.newest(organization_id, ConfigKind.ALERTS, lock=True)
            version = newest.version if newest else 0
            if update.etag and update.etag != etag_of(version):
                raise EtagMismatch(etag_of(version))
            _require_one_of_each(update)
            before = content_of(organization_id, newest)
            kept = await self._channels(tx, organization_id, update, before, newest)
            stays = newest and not update.channels and not update.clear_channels
            rules = () if update.clear_rules else update.rules or before.rules
            content = Rules(rules=rules, channels=tuple(kept.channels))
            self._check(update, content, organization_id, kept.broken)
            sealed = await self._vault.seal_channels(tx, organization_id, kept.secrets)
            added = await tx.configurations.add(
                ConfigVersion(
                    organization_id=organization_id,
                    kind=ConfigKind.ALERTS,
                    version=version + 1,
                    content=content.model_dump(mode="json"),
                    created_at=now(),
                    user_id=caller.user_id,
                    sealed_secrets=newest.sealed_secrets if newest and stays else sealed,
                )
            )
            problems = await tx.alerts.problems(organization_id)
        return alerting_of(organization_id, added, problems, kept.made)

    def _check(self, update: Update, content: Rules, organization_id: UUID, missing: Sequence[Violation]) -> None:
        names = {channel.name for channel in content.channels}
        broken = [*channel_violations(update.channels, self._can_mail), *missing]
        if update.rules:
            broken += rule_violations(update.rules, names, organization_id == PLATFORM)
        else:
            broken += missing_channels(content)
        if broken:
            raise InvalidFields(*broken)

    async def _channels(
        self, tx: Transaction, organization_id: UUID, update: Update, before: Rules, newest: ConfigVersion | None
    ) -> _Channels:
        if update.clear_channels:
            return _Channels()
        if not update.channels:
            return _Channels(list(before.channels))
        secrets: Mapping[str, str] = {}
        # Whoever gives every secret anew may do so when those that were kept can't be opened any more.
        if newest and any(_lacks_secret(item) for item in update.channels):
            secrets = await self._vault.open_channels(tx, organization_id, newest.sealed_secrets)
        return _merged(update.channels, {channel.name: channel for channel in before.channels}, secrets)


def content_of(organization_id: UUID, newest: ConfigVersion | None) -> Rules:
    """What a version says; without one, what holds while nobody has set anything. Raises RulesUnreadable."""
    if newest is None:
        return default_rules(organization_id)
    try:
        return Rules.model_validate(newest.content)
    except ValidationError as error:
        raise RulesUnreadable(newest.version) from error


def alerting_of(
    organization_id: UUID,
    newest: ConfigVersion | None,
    problems: Mapping[str, str],
    made: Mapping[str, str] | None = None,
) -> Alerting:
    """A version as it is shown."""
    return Alerting(
        organization_id=organization_id,
        version=newest.version if newest else 0,
        content=content_of(organization_id, newest),
        problems=problems,
        updated_at=newest.created_at if newest else None,
        user_id=newest.user_id if newest else None,
        new_secrets=made or {},
    )


def _lacks_secret(given: GivenChannel) -> bool:
    return given.channel.kind is not ChannelKind.EMAIL and not given.secret


def _merged(given: Sequence[GivenChannel], before: Mapping[str, Channel], secrets: Mapping[str, str]) -> _Channels:
    """Channels with the secrets that are given, kept or made; one is kept only for the host that had it."""
    merged = _Channels()
    for number, item in enumerate(given):
        channel, secret = item.channel, item.secret
        known = before.get(channel.name)
        old = secrets.get(channel.name, "") if known and known.kind is channel.kind else ""
        path = f"{CHANNELS}[{number}].{channel.kind.value}"
        if channel.kind is ChannelKind.WEBHOOK and not secret:
            if known and old and _origin(known.url) != _origin(channel.url):
                merged.broken.append(Violation(f"{path}.secret", "must be given again, because the URL's host changes"))
            secret = old or new_secret()
            if not old:
                merged.made[channel.name] = secret
        elif channel.kind is ChannelKind.SLACK:
            secret = secret or old
            if not secret:
                merged.broken.append(Violation(f"{path}.url", "must be given for a new channel"))
            channel = channel.model_copy(update={"host": _host(secret)})
        if secret:
            merged.secrets[channel.name] = secret
        merged.channels.append(channel)
    return merged


def _origin(url: str) -> str:
    try:
        return origin_of(url)
    except ValueError:
        return ""  # told by the rules for URLs


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""  # told by the rules for URLs


def _require_one_of_each(update: Update) -> None:
    broken = []
    if update.clear_rules and update.rules:
        broken.append(Violation(RULES, "must be empty with clear_rules"))
    if update.clear_channels and update.channels:
        broken.append(Violation(CHANNELS, "must be empty with clear_channels"))
    if broken:
        raise InvalidFields(*broken)
