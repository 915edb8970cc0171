"""What may be wrong with rules and channels, each with the path of its field."""

from __future__ import annotations

import base64
import binascii
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from urllib.parse import urlsplit

from pydantic import ValidationError

from server.alerts.conditions.registry import CONDITIONS, AnyCondition
from server.alerts.model import ChannelKind, GivenChannel, Rule, Rules
from server.errors import Violation
from server.pipelines.schedules import zones
from server.pipelines.webhooks import SECRET_PREFIX
from server.scope import PLATFORM

LEAST_KEY, MOST_KEY = 24, 64
RULES, CHANNELS = "config.rules", "config.channels"


def rule_violations(rules: Sequence[Rule], channels: Collection[str], platform: bool) -> Iterator[Violation]:
    """What is wrong with rules; ``channels`` are the names that there are."""
    yield from _twice(RULES, [rule.name for rule in rules])
    for number, rule in enumerate(rules):
        path = f"{RULES}[{number}]"
        if not rule.name.isprintable():
            yield Violation(f"{path}.name", "must hold printable characters only")
        condition = CONDITIONS.get(rule.condition)
        if condition is None or not _is_for(condition, platform):
            known = ", ".join(sorted(name for name, item in CONDITIONS.items() if _is_for(item, platform)))
            yield Violation(f"{path}.condition", f"must be one of {known}")
        else:
            yield from _of_condition(path, rule, condition)
        for place, name in enumerate(rule.channels):
            if name not in channels:
                yield Violation(f"{path}.channels[{place}]", "must be the name of one of the channels")
        for place, window in enumerate(rule.silence_windows):
            if window.time_zone and window.time_zone not in zones():
                advice = "must be a time zone of the IANA database, such as Europe/Amsterdam"
                yield Violation(f"{path}.silence_windows[{place}].time_zone", advice)


def problem_of(rule: Rule, organization_id: object) -> str:
    """What keeps a kept rule from being looked at, such as a condition that an older release does not know."""
    found = list(rule_violations([rule], rule.channels, organization_id == PLATFORM))
    return "; ".join(f"{item.field.removeprefix(f'{RULES}[0].')}: {item.description}" for item in found)


def channel_violations(given: Sequence[GivenChannel], can_mail: bool) -> Iterator[Violation]:
    """What is wrong with channels as they are given."""
    yield from _twice(CHANNELS, [item.channel.name for item in given])
    for number, item in enumerate(given):
        path, channel = f"{CHANNELS}[{number}]", item.channel
        if not channel.name.isprintable():
            yield Violation(f"{path}.name", "must hold printable characters only")
        match channel.kind:
            case ChannelKind.WEBHOOK:
                yield from _of_url(f"{path}.webhook.url", channel.url)
                if item.secret and not is_key(item.secret):
                    advice = f"must be {SECRET_PREFIX} and the base64 of {LEAST_KEY} to {MOST_KEY} bytes"
                    yield Violation(f"{path}.webhook.secret", advice)
            case ChannelKind.SLACK if item.secret:
                yield from _of_url(f"{path}.slack.url", item.secret)
            case ChannelKind.EMAIL if not can_mail:
                yield Violation(f"{path}.email", "needs THEDATA_SMTP_URL, which the operator has not set")


def origin_of(url: str) -> str:
    """What of a URL decides who is told a secret: scheme, host and port."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.hostname}:{parts.port or {'https': 443}.get(parts.scheme, 80)}".lower()


def is_key(secret: str) -> bool:
    """Whether a webhook can be signed with it."""
    try:
        key = base64.b64decode(secret.removeprefix(SECRET_PREFIX), validate=True)
    except (binascii.Error, ValueError):
        return False
    return secret.startswith(SECRET_PREFIX) and LEAST_KEY <= len(key) <= MOST_KEY


def missing_channels(content: Rules) -> Iterator[Violation]:
    """Rules that stay and name channels that go."""
    names = {channel.name for channel in content.channels}
    for rule in content.rules:
        for name in rule.channels:
            if name not in names:
                yield Violation(CHANNELS, f"must keep {name!r}: the rule {rule.name!r} tells it")


def _of_condition(path: str, rule: Rule, condition: AnyCondition) -> Iterator[Violation]:
    try:
        condition.parameters.model_validate(dict(rule.parameters))
    except ValidationError as error:
        for item in error.errors(include_url=False, include_input=False, include_context=False):
            place = ".".join((f"{path}.parameters", *map(str, item["loc"])))
            yield Violation(place, item["msg"])
    for number, label in enumerate(rule.group_by):
        if not condition.knows_label(label):
            known = ", ".join(condition.labels)
            advice = f"must be one of {known}" if known else "must be empty: the condition has no labels"
            yield Violation(f"{path}.group_by[{number}]", advice)


def _of_url(path: str, url: str) -> Iterator[Violation]:
    try:
        parts = urlsplit(url)
        usable = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        usable = False
    if not usable or not url.isascii() or not url.isprintable():
        yield Violation(path, "must be an http or https URL with a host")
    elif parts.username is not None or parts.password is not None:
        yield Violation(path, "must not hold a user's name or password: they would be shown")


def _twice(path: str, names: Sequence[str]) -> Iterator[Violation]:
    for name, count in Counter(names).items():
        if count > 1:
            yield Violation(f"{path}[{len(names) - 1 - names[::-1].index(name)}].name", "must be used only once")


def _is_for(condition: AnyCondition, platform: bool) -> bool:
    return condition.platform if platform else condition.organization
