"""The GC pacer lab keeps the formulas of Go's design documents and what control theory says."""

from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from labs import pacer
from labs.pacer import BARE, CYCLES, HEAP, NEW, OLD, RATE

from lab_texts import REPORT, collisions, title
from sphinx_portfolio.labs import lab

PARAMETERS: tuple[dict[str, Any], ...] = pacer.PARAMETERS
DEFAULTS = {each["name"]: each["default"] for each in PARAMETERS}
runs: st.SearchStrategy[dict[str, Any]] = st.fixed_dictionaries({
    "gogc": st.integers(2, 40).map(lambda tens: 10 * tens),
    "rate": st.integers(1, 25).map(lambda hundredths: hundredths / 100),
    "roots": st.integers(0, 20).map(lambda tens: 10 * tens),
    "what": st.sampled_from((RATE, HEAP)),
    "to": st.integers(1, 8).map(lambda halves: halves / 2),
    "at": st.integers(2, 30),
})  # fmt: skip


def steady(low: float, high: float) -> st.SearchStrategy[dict[str, Any]]:
    """Return runs without a step, whose rate is a share of GOGC."""
    both = st.tuples(runs, st.floats(low, high))
    return both.map(lambda each: {**each[0], "rate": each[1] * each[0]["gogc"] / 100, "to": 1})


Log = dict[str, list[float]]


def logs(**values: Any) -> dict[str, Log]:
    """Return lists of what happened in the cycles, by pacer; values not given are the defaults."""
    pacers = pacer.run(**(DEFAULTS | values))["pacers"]
    return {
        name: {key: [cycle[key] for cycle in cycles] for key in cycles[0]}
        for name, cycles in pacers.items()
    }


def overshoot(log: Log, at: int) -> float:
    """Return by how much of its goal the heap exceeds it at most, from a cycle on."""
    both = zip(log["peak"][at - 1 :], log["goal"][at - 1 :], strict=True)
    return max(0.0, *(peak / goal - 1 for peak, goal in both))


def test_the_heap_goal_is_that_of_the_guide() -> None:
    # Its example: 8 MiB of live heap, 1 MiB of stacks, 1 MiB of pointers in globals.
    assert pacer.heap_goal(8, 2, 100) == 18
    assert pacer.heap_goal(8, 2, 50) == 13
    assert pacer.heap_goal(8, 2, 200) == 28


@settings(max_examples=12, deadline=None)
@given(runs)
def test_goals_triggers_and_peaks_keep_their_bounds(values: dict[str, Any]) -> None:
    gogc, roots = values["gogc"], values["roots"]
    for name, log in logs(**values).items():
        for n in range(CYCLES):
            live, goal = log["live"][n], log["goal"][n]
            assert goal == pytest.approx(live + (live + (name != OLD) * roots) * gogc / 100)
            low = 0.6 if name == OLD else 0.7
            way = (log["trigger"][n] - live) / (goal - live)
            assert low - 1e-9 <= way <= 0.95 + 1e-9
            hard = goal if name == OLD else goal * (1 + gogc / 100)
            assert log["trigger"][n] <= log["peak"][n] <= 1.1 * hard + 1e-6
            assert 0.25 - 1e-9 <= log["cpu"][n] <= 1


@settings(max_examples=12, deadline=None)
@given(runs)
def test_go_118_follows_the_ratio_with_its_pi_controller(values: dict[str, Any]) -> None:
    # The measurement is exact in this model, so the loop is linear: its closed form is known.
    log = logs(**values)[NEW]
    estimate = integral = 0.0
    for n in range(CYCLES):
        assert log["estimate"][n] == pytest.approx(estimate, rel=1e-6, abs=1e-6)
        stepped = values["what"] == RATE and n + 1 >= values["at"]
        error = values["rate"] * (values["to"] if stepped else 1) - estimate
        estimate = 0.9 * error + integral
        integral += 0.9 / 4 * error


@settings(max_examples=10, deadline=None)
@given(steady(0.005, 0.09))
def test_the_error_of_pi_vanishes_and_that_of_p_stays(values: dict[str, Any]) -> None:
    found = logs(**values)  # beyond 0.1 there is no room, see below

    # PI: the poles are 0.873 and -0.773.
    assert found[NEW]["estimate"][-1] == pytest.approx(values["rate"], rel=0.02)
    assert found[NEW]["cpu"][-1] == pytest.approx(0.25, abs=0.005)
    # P alone, x = Kp (r - x), rests at r Kp / (1 + Kp).
    two = found[BARE]["estimate"][-2:]
    assert sum(two) / 2 == pytest.approx(values["rate"] * 0.9 / 1.9, rel=0.01)


def test_without_the_integral_assists_stay() -> None:
    # Runway for 9/19 of the ratio: cpu = a / (a + 3 * 9/19 a).
    cpu = logs(to=1)[BARE]["cpu"]

    assert (cpu[-1] + cpu[-2]) / 2 == pytest.approx(1 / (1 + 3 * 9 / 19), abs=0.005)


@settings(max_examples=10, deadline=None)
@given(steady(0.12, 1))
def test_too_much_allocation_is_slowed_by_assists(values: dict[str, Any]) -> None:
    growth = values["gogc"] / 100
    log = logs(**values)[NEW]

    ratio = 1 / (0.3 * growth)  # of live heap and roots to the longest way from trigger to goal
    assert log["ratio"][-1] == pytest.approx(ratio)
    assert log["cpu"][-1] == pytest.approx(values["rate"] * ratio / (1 + values["rate"] * ratio))
    assert log["peak"][-1] == pytest.approx(log["goal"][-1])


@settings(max_examples=10, deadline=None)
@given(steady(0.02, 0.12))
def test_the_error_of_go_117_is_zero_though_targets_are_missed(values: dict[str, Any]) -> None:
    log, growth = logs(**values)[OLD], values["gogc"] / 100
    trigger, peak = (log[key][-1] / log["live"][-1] - 1 for key in ("trigger", "peak"))
    assume(0.6 * growth < trigger - 1e-6 and trigger + 1e-6 < 0.95 * growth)
    assume(abs(log["trigger"][-1] - log["trigger"][-2]) < 1e-6)  # it has come to rest

    assert log["cpu"][-1] / 0.3 * (peak - trigger) == pytest.approx(growth - trigger, rel=1e-3)


@settings(max_examples=20, deadline=None)
@given(runs)
def test_go_117_moves_its_trigger_by_half_of_the_error(values: dict[str, Any]) -> None:
    log, growth = logs(**values)[OLD], values["gogc"] / 100
    for n in range(CYCLES - 1):
        trigger, peak = (log[key][n] / log["live"][n] - 1 for key in ("trigger", "peak"))
        error = growth - trigger - log["cpu"][n] / 0.3 * (peak - trigger)
        moved = min(max(trigger + error / 2, 0.6 * growth), 0.95 * growth)
        assert log["trigger"][n + 1] / log["live"][n + 1] - 1 == pytest.approx(moved)


def test_go_117_misses_both_targets_and_go_118_none() -> None:
    found = logs()

    assert found[OLD]["peak"][-1] > 1.01 * found[OLD]["goal"][-1]
    assert found[OLD]["cpu"][-1] < 0.27
    assert found[NEW]["peak"][-1] == pytest.approx(found[NEW]["goal"][-1], rel=1e-3)
    assert found[NEW]["cpu"][-1] == pytest.approx(0.25, abs=0.002)


@settings(max_examples=10, deadline=None)
@given(runs)
def test_a_step_of_the_rate_never_takes_go_118_above_its_goal(values: dict[str, Any]) -> None:
    log = logs(**{**values, "what": RATE})[NEW]

    assert overshoot(log, 1) < 1e-9


def test_a_step_of_the_rate_takes_go_117_above_its_goal() -> None:
    assert 0.01 < overshoot(logs()[OLD], DEFAULTS["at"]) <= 0.1


@settings(max_examples=30, deadline=None)
@given(runs)
def test_the_estimate_swings_but_never_exceeds_a_rate_that_steps_up(values: dict[str, Any]) -> None:
    values = {**values, "what": RATE, "to": max(1, values["to"])}
    estimates = logs(**values)[NEW]["estimate"]

    # The response to a unit step is 0, 0.9, 0.315, 0.864, ...: it alternates below 1.
    rate, at = values["rate"], values["at"]
    for n, estimate in enumerate(estimates):
        assert estimate <= rate * (values["to"] if n + 1 > at else 1) + 1e-12
    for n, response in enumerate((0, 0.9, 0.315, 0.864)[:at]):
        assert estimates[n] == pytest.approx(rate * response)


def test_growth_overshoots_once_and_the_goal_follows() -> None:
    log = logs(what=HEAP, to=1.5, at=20)[NEW]

    assert log["peak"][19] > log["goal"][19]
    assert log["live"][19:21] == [100, 150]
    assert log["goal"][20] == pytest.approx(pacer.heap_goal(150, 10, 100))
    assert overshoot(log, 21) < 1e-9


def test_the_heap_cannot_hold_more_than_was_allocated() -> None:
    for log in logs(what=HEAP, to=4, gogc=50).values():
        for n in range(CYCLES - 1):
            assert log["live"][n + 1] <= log["trigger"][n]
        assert log["live"][-1] == 400


def test_only_go_118_makes_room_for_roots() -> None:
    few, many = logs(roots=0), logs(roots=200)

    assert few[OLD]["goal"][-1] == many[OLD]["goal"][-1] == 200
    assert (few[NEW]["goal"][-1], many[NEW]["goal"][-1]) == (200, 400)
    assert many[OLD]["peak"][-1] > 1.03 * many[OLD]["goal"][-1]
    assert many[NEW]["peak"][-1] == pytest.approx(many[NEW]["goal"][-1], rel=1e-3)
    assert many[OLD]["cpu"][-1] > 0.32
    assert many[NEW]["cpu"][-1] < 0.26


def test_assist_ratios_are_work_over_distance_to_the_goal() -> None:
    log = logs(rate=0.3)
    # Go 1.18: 100 MiB of heap and 10 of roots until 210. Go 1.17: half of the heap until 200.
    assert log[NEW]["ratio"][0] == pytest.approx(110 / (210 - log[NEW]["trigger"][0]))
    trigger = log[OLD]["trigger"][0]
    assert log[OLD]["ratio"][0] == pytest.approx(trigger / 2 / (200 - trigger))


def test_the_old_ratio_aims_at_the_hard_goal_once_more_is_marked_than_expected() -> None:
    phase = pacer.Phase(live=105, goal=210, trigger=180, rate=0.1)
    old = pacer.OldPacer(gogc=100, roots=10)
    assert old.ratio(phase) == pytest.approx(90 / 30)

    phase.allocated, phase.marked = 10, 10
    assert old.ratio(phase) == pytest.approx((95 - 10) / (210 - 190))  # roots are no work

    # Allocation counts as marked: 86 + 10 of 95. All of the heap until 110% of the goal.
    phase.marked = 96
    assert old.ratio(phase) == pytest.approx((190 - 96) / (231 - 190))


@settings(max_examples=30, deadline=None)
@given(runs)
def test_assists_mark_by_their_ratio_or_are_not_needed(values: dict[str, Any]) -> None:
    values = {**values, "what": RATE}
    log = logs(**values)[NEW]
    for n in range(CYCLES):
        allocated = log["peak"][n] - log["trigger"][n]
        marked = log["live"][n] + values["roots"]
        if log["cpu"][n] > 0.25 + 1e-9:
            assert marked == pytest.approx(log["ratio"][n] * allocated)
            assert log["peak"][n] == pytest.approx(log["goal"][n])
        else:
            assert marked >= log["ratio"][n] * allocated * (1 - 1e-9)


def test_a_growing_heap_may_exceed_its_goal_at_the_same_assist_ratio() -> None:
    phase = pacer.Phase(live=100, goal=200, trigger=180, rate=0.5)
    pacer.Pacer(gogc=100, roots=0).mark(phase, 150)

    # 100 MiB are expected: 5 MiB are marked for each MiB allocated, before and beyond the goal.
    assert phase.ratio == 5
    assert phase.allocated == pytest.approx(150 / 5)


@settings(max_examples=10, deadline=None)
@given(runs)
def test_texts_never_overlap(values: dict[str, Any]) -> None:
    assert collisions(pacer.draw(pacer.run(**values))) == []


def test_all_corners_run() -> None:
    for values in lab.corners(PARAMETERS):
        data = pacer.run(**(DEFAULTS | values))

        old, new, bare = (data["pacers"][name][-1] for name in (OLD, NEW, BARE))
        assert f"{old['cpu']:.1%}" in pacer.summarize(data)
        table = pacer.report(data).splitlines()
        assert max(map(len, table)) <= REPORT
        assert table[1].split()[-3:] == [f"{end['goal']:.1f}" for end in (old, new, bare)]
        assert table[6].split()[-3:] == [f"{end['ratio']:.2f}" for end in (old, new, bare)]
        assert table[0].split("  ")[-1].strip() == "P only"
        assert collisions(pacer.draw(data)) == []
        assert title(pacer.draw(data)) == pacer.summarize(data)
