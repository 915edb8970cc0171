"""How alerts come, go on and end: from what a rule's condition gives, without a look at anything else."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from server.alerts.model import Alert, AlertState, Channel, DeliveryKind, Rule, Silence, Value, group_key
from server.alerts.silencing import is_silenced
from server.ids import id_of

VALUE_TOLD = timedelta(seconds=10)
"""A value that alone has changed is told again after so long."""
MOST_MESSAGE = 2000


@dataclass(frozen=True)
class Looked:
    """What a look at the condition of an organization's rule gave; ``unit`` is that of the values.

    ``missing`` says why not everything was seen: then what has no value may be as it was.
    """

    organization_id: UUID
    rule: Rule
    values: Sequence[Value]
    unit: str = ""
    missing: str = ""


@dataclass(frozen=True)
class Step:
    """An alert that has changed, and what channels are told of it now, if anything."""

    alert: Alert
    tell: DeliveryKind | None = None
    channels: tuple[str, ...] = ()

    def channels_among(self, there: Sequence[Channel]) -> tuple[str, ...]:
        """Those of its channels that there are: one may have gone since the alert began."""
        names = {channel.name for channel in there}
        return tuple(name for name in self.channels if name in names)


@dataclass(frozen=True)
class Group:
    """The values of one group of a rule: the worst of them, and how many are a reason to alert."""

    labels: Mapping[str, str]
    worst: Value
    reasons: int


def grouped(looked: Looked) -> dict[str, Group]:
    """The values by group; without a value there is no group."""
    rule = looked.rule
    found: dict[str, Group] = {}
    for value in looked.values:
        labels = {name: value.labels[name] for name in rule.group_by if name in value.labels}
        key = group_key(labels)
        reason = int(rule.comparison.holds(value.value, rule.threshold))
        known = found.get(key)
        if known is None:
            found[key] = Group(labels, value, reason)
        else:
            worse = value.value > known.worst.value if rule.comparison.upwards else value.value < known.worst.value
            found[key] = replace(known, worst=value if worse else known.worst, reasons=known.reasons + reason)
    return found


def stepped(looked: Looked, active: Sequence[Alert], silences: Sequence[Silence], at: datetime) -> Iterator[Step]:
    """What becomes of a rule's alerts at a time, and of those that begin."""
    groups = grouped(looked)
    known = {alert.group_key: alert for alert in active}
    for key, alert in known.items():
        group = groups.get(key)
        if group and group.reasons:
            yield from _gone_on(looked, alert, group, silences, at)
        elif group or not looked.missing:
            value = group.worst.value if group else alert.value
            yield ended(replace(alert, value=value), looked.rule, silences, at)
    for key, group in groups.items():
        if group.reasons and key not in known:
            yield from _gone_on(looked, _begun(looked, key, group, at), group, silences, at)


def ended(alert: Alert, rule: Rule | None, silences: Sequence[Silence], at: datetime) -> Step:
    """The end of an alert; ``rule`` is None where there is none any more. Who was told that it fires is told."""
    silenced = is_silenced(alert, rule.silence_windows if rule else (), silences, at)
    over = replace(alert, state=AlertState.RESOLVED, resolved_at=at, updated_at=at, silenced=silenced)
    if alert.told_at is None or silenced:
        return Step(over)
    return Step(over, DeliveryKind.RESOLVED, alert.told_channels)


def _begun(looked: Looked, key: str, group: Group, at: datetime) -> Alert:
    return Alert(
        id=id_of(at),
        organization_id=looked.organization_id,
        rule=looked.rule.name,
        group_key=key,
        labels=group.labels,
        severity=looked.rule.severity,
        state=AlertState.PENDING,
        message="",
        value=group.worst.value,
        threshold=looked.rule.threshold,
        started_at=at,
        updated_at=at,
    )


def _gone_on(looked: Looked, alert: Alert, group: Group, silences: Sequence[Silence], at: datetime) -> Iterator[Step]:
    rule = looked.rule
    now = replace(
        alert,
        severity=rule.severity,
        threshold=rule.threshold,
        silenced=is_silenced(alert, rule.silence_windows, silences, at),
    )
    if alert.state is AlertState.PENDING and at - alert.started_at >= rule.hold:
        now = replace(now, state=AlertState.FIRING, fired_at=at)
    tells = _is_to_be_told(now, rule, at)
    if tells:
        now = replace(now, told_at=at, told_channels=tuple(dict.fromkeys((*alert.told_channels, *rule.channels))))
    is_new = not alert.message
    if now == alert and not is_new and at - alert.updated_at < VALUE_TOLD:
        return
    fresh = replace(now, value=group.worst.value, message=_message(looked, group))
    if fresh != alert:
        yield Step(replace(fresh, updated_at=at), DeliveryKind.FIRING if tells else None, rule.channels)


def _is_to_be_told(alert: Alert, rule: Rule, at: datetime) -> bool:
    if alert.state is not AlertState.FIRING or alert.silenced or alert.acknowledged_at or not rule.channels:
        return False
    if alert.told_at is None:
        return True
    return rule.repeat_seconds is not None and at - alert.told_at >= timedelta(seconds=rule.repeat_seconds)


def _message(looked: Looked, group: Group) -> str:
    rule, worst = looked.rule, group.worst
    words = rule.comparison.value.replace("_", " ")
    others = f"; {group.reasons - 1} more" if group.reasons > 1 else ""
    about = f"{worst.about}: " if worst.about else ""
    text = f"{about}{worst.value:.6g} {looked.unit}, {words} {rule.threshold:.6g}{others}"
    return text[:MOST_MESSAGE]
