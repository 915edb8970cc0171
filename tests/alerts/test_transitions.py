"""How alerts come and go, against a model that says it in other words; windows of silence by the clock on the wall."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from server.alerts.conditions.row_count_anomaly import robust_score
from server.alerts.model import Alert, AlertState, Comparison, DeliveryKind, Rule, Silence, SilenceWindow, Value
from server.alerts.silencing import is_within
from server.alerts.transitions import Looked, Step, stepped
from server.ids import new_id

ORGANIZATION, START = uuid4(), datetime(2026, 11, 29, 12, tzinfo=UTC)
GROUPS = ("a", "b")


@dataclass(frozen=True)
class Tick:
    """Some seconds pass; then these are the values by group (two of each), and this is done."""

    seconds: float
    values: dict[str, tuple[float, float]]
    silenced: bool
    acknowledged: bool


ticks = st.lists(
    st.builds(
        Tick,
        st.sampled_from([0.5, 2.0, 5.0, 31.0]),
        st.dictionaries(st.sampled_from(GROUPS), st.tuples(st.sampled_from([0.0, 2.0]), st.sampled_from([0.0, 3.0]))),
        st.booleans(),
        st.sampled_from([False, False, False, True]),
    ),
    max_size=25,
)


@dataclass
class Model:
    """One group, told by what has happened to it since it began: no more is known here."""

    hold: float
    repeat: float | None
    since: float | None = None
    told: float | None = None
    acknowledged: bool = False
    says: list[str] = field(default_factory=list)

    def tick(self, at: float, bad: bool, silenced: bool) -> str:
        if not bad:
            if self.since is not None and self.told is not None and not silenced:
                self.says.append("resolved")
            self.since, self.told, self.acknowledged = None, None, False
            return "none"
        self.since = at if self.since is None else self.since
        if at - self.since < self.hold:
            return "pending"
        due = self.told is None or (self.repeat is not None and at - self.told >= self.repeat)
        if due and not silenced and not self.acknowledged:
            self.says.append("firing")
            self.told = at
        return "firing"


@settings(max_examples=300, deadline=None)
@given(ticks, st.sampled_from([0.0, 4.0]), st.sampled_from([None, 30.0]))
def test_each_group_does_what_the_model_does(happens: list[Tick], hold: float, repeat: float | None) -> None:
    rule = Rule(
        name="r",
        condition="c",
        threshold=1.0,
        hold_seconds=hold,
        repeat_seconds=repeat,
        group_by=("g",),
        channels=("x",),
    )
    models = {group: Model(hold, repeat) for group in GROUPS}
    told: dict[str, list[str]] = {group: [] for group in GROUPS}
    active: dict[str, Alert] = {}
    seconds = 0.0
    for tick in happens:
        seconds += tick.seconds
        at = START + timedelta(seconds=seconds)
        if tick.acknowledged:
            for key, alert in active.items():
                active[key] = replace(alert, acknowledged_at=at)
                models[alert.labels["g"]].acknowledged = True
        values = [
            Value(value, {"g": group, "n": str(n)})
            for group, pair in tick.values.items()
            for n, value in enumerate(pair)
        ]
        silences = [Silence(new_id(), ORGANIZATION, "", {}, at, at + timedelta(seconds=1), "", new_id())]
        for step in stepped(
            Looked(ORGANIZATION, rule, values), list(active.values()), silences if tick.silenced else [], at
        ):
            _take(step, active, told)
        for group, model in models.items():
            state = model.tick(seconds, any(value > 1 for value in tick.values.get(group, ())), tick.silenced)
            mine = [alert for alert in active.values() if alert.labels["g"] == group]
            assert [alert.state.value for alert in mine] == ([] if state == "none" else [state])
            assert told[group] == model.says
            if mine:
                assert mine[0].silenced == tick.silenced
                assert mine[0].message


def _take(step: Step, active: dict[str, Alert], told: dict[str, list[str]]) -> None:
    alert = step.alert
    if step.tell:
        assert step.channels == ("x",)
        told[alert.labels["g"]].append(step.tell.value)
    if alert.state is AlertState.RESOLVED:
        assert active.pop(alert.group_key).id == alert.id
    else:
        assert active.get(alert.group_key, alert).id == alert.id
        active[alert.group_key] = alert


def test_nothing_is_written_of_what_has_not_changed_and_a_value_in_a_while() -> None:
    rule = Rule(name="r", condition="c", comparison=Comparison.BELOW, threshold=5)
    [step] = stepped(Looked(ORGANIZATION, rule, [Value(1), Value(2)]), [], [], START)
    assert (step.alert.state, step.alert.value, step.tell) == (AlertState.FIRING, 1, None)
    a_moment, a_while = START + timedelta(seconds=2), START + timedelta(seconds=11)
    assert list(stepped(Looked(ORGANIZATION, rule, [Value(3)]), [step.alert], [], a_moment)) == []
    [later] = stepped(Looked(ORGANIZATION, rule, [Value(3)]), [step.alert], [], a_while)
    assert (later.alert.value, later.alert.started_at) == (3, START)
    [over] = stepped(Looked(ORGANIZATION, rule, []), [step.alert], [], a_moment)
    assert (over.alert.state, over.tell) == (AlertState.RESOLVED, None)


def test_who_was_told_that_it_fires_is_told_of_its_end_whatever_the_rule_says_by_then() -> None:
    rule = Rule(name="r", condition="c", channels=("x",))
    [began] = stepped(Looked(ORGANIZATION, rule, [Value(1)]), [], [], START)
    assert (began.tell, began.channels) == (DeliveryKind.FIRING, ("x",))
    later = rule.model_copy(update={"channels": ("y",)})
    [over] = stepped(Looked(ORGANIZATION, later, [Value(0)]), [began.alert], [], START)
    assert (over.tell, over.channels) == (DeliveryKind.RESOLVED, ("x",))


def test_what_was_not_seen_stays_as_it_was() -> None:
    rule = Rule(name="r", condition="c", group_by=("g",))
    values = [Value(1, {"g": "a"}), Value(1, {"g": "b"})]
    active = [step.alert for step in stepped(Looked(ORGANIZATION, rule, values), [], [], START)]
    in_part = Looked(ORGANIZATION, rule, [Value(0, {"g": "a"})], missing="the store is away")
    [over] = stepped(in_part, active, [], START)
    assert (over.alert.labels, over.alert.state) == ({"g": "a"}, AlertState.RESOLVED)


NIGHT = SilenceWindow(days=(5,), start="22:00", end="06:00", time_zone="Europe/Amsterdam")
AT_WORK = SilenceWindow(start="09:00", end="17:00")


@pytest.mark.parametrize(
    ("window", "time", "within"),
    [
        (AT_WORK, "2026-11-29T09:00:00+00:00", True),
        (AT_WORK, "2026-11-29T17:00:00+00:00", False),
        (AT_WORK, "2026-11-29T16:59:59+00:00", True),
        (AT_WORK, "2026-11-29T08:59:59+00:00", False),
        # From Friday night on, by the clock in Amsterdam: an hour before UTC's in winter, two in summer.
        (NIGHT, "2026-11-27T20:59:59+00:00", False),
        (NIGHT, "2026-11-27T21:00:00+00:00", True),
        (NIGHT, "2026-11-28T04:59:59+00:00", True),
        (NIGHT, "2026-11-28T05:00:00+00:00", False),
        (NIGHT, "2026-11-28T21:30:00+00:00", False),
        (NIGHT, "2026-07-03T20:00:00+00:00", True),
        (NIGHT, "2026-07-04T04:00:00+00:00", False),
        # A whole day.
        (SilenceWindow(days=(7,), start="00:00", end="00:00"), "2026-11-29T23:59:59+00:00", True),
        (SilenceWindow(days=(7,), start="00:00", end="00:00"), "2026-11-30T00:00:00+00:00", False),
    ],
)
def test_a_window_is_by_the_clock_of_its_zone(window: SilenceWindow, time: str, within: bool) -> None:
    assert is_within(window, datetime.fromisoformat(time)) is within


@pytest.mark.parametrize(
    ("newest", "history", "score"),
    [
        (1000, [1000] * 8, 0),
        (0, [1000] * 8, 100),  # it never changes: 1 % of it is taken as usual
        (3, [0] * 8, 3),  # or a row
        (100, [100, 110, 90, 105, 95, 100, 102, 98], 0),
        (200, [100, 110, 90, 105, 95, 100, 102, 98], 19.27),
        (100, [100, 110, 90, 105, 95, 100, 102, 1_000_000], 0.18),  # an outlier in the history changes little
    ],
)
def test_how_far_a_count_is_off(newest: int, history: list[int], score: float) -> None:
    assert robust_score(newest, history) == pytest.approx(score, abs=0.05)
