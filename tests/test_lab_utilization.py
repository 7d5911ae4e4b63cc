"""The laws of the lab about work stealing."""

import itertools
import re
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from labs import utilization

from lab_texts import REPORT, collisions, title

LAWS = settings(deadline=None, max_examples=50)  # a machine may be busy
DEFAULTS = {str(each["name"]): each["default"] for each in utilization.PARAMETERS}
goroutines = st.lists(  # gap to the one before, run, home
    st.tuples(st.integers(0, 3000), st.integers(1, 3000), st.integers(0, 15)),
    min_size=1,
    max_size=60,
)


def run(**changes: object) -> dict[str, Any]:
    return utilization.run(**{**DEFAULTS, **changes})  # type: ignore[arg-type]


def simulate(procs: int, steals: bool, goroutines: list[tuple[int, int, int]]) -> utilization.Ps:
    arrivals = list(itertools.accumulate(gap for gap, _, _ in goroutines))
    homes = [home % procs for _, _, home in goroutines]
    ps = utilization.Ps(procs, steals)
    utilization.simulate(ps, arrivals, [run for _, run, _ in goroutines], homes)
    return ps


@LAWS
@given(st.integers(1, 16), st.booleans(), goroutines)
def test_every_goroutine_runs(
    procs: int, steals: bool, goroutines: list[tuple[int, int, int]]
) -> None:
    ps = simulate(procs, steals, goroutines)
    assert ps.queued == 0
    assert not any(ps.queues)
    assert set(ps.ends) == {utilization.NEVER}
    last = sum(gap for gap, _, _ in goroutines)
    work = sum(run for _, run, _ in goroutines)
    assert ps.busy == work  # no P works on nothing, and nothing is run twice
    assert ps.now >= max(work / procs, last + goroutines[-1][1])


@LAWS
@given(st.integers(1, 16), goroutines)
def test_with_stealing_no_p_is_free_in_vain(
    procs: int, goroutines: list[tuple[int, int, int]]
) -> None:
    assert simulate(procs, True, goroutines).wasted == 0


@LAWS
@given(st.integers(1, 16), goroutines)
def test_without_stealing_each_p_follows_lindley(
    procs: int, goroutines: list[tuple[int, int, int]]
) -> None:
    # Lindley, The Theory of Queues with a Single Server, 1952
    free, now, waited = [0] * procs, 0, 0
    for gap, run, home in goroutines:
        now += gap
        start = max(now, free[home % procs])
        waited += start - now
        free[home % procs] = start + run
    ps = simulate(procs, False, goroutines)
    assert ps.waited == waited
    assert ps.now == max(free)


@LAWS
@given(st.integers(1, 16), st.lists(st.tuples(st.integers(0, 3000), st.integers(0, 15))))
def test_equal_runs_wait_as_in_one_queue(procs: int, given: list[tuple[int, int]]) -> None:
    # which of them a P takes does not change the sum of the waits, as all runs are equal
    goroutines = [(gap, 1000, home) for gap, home in [*given, (0, 0)]]
    free, now, waited = [0] * procs, 0, 0
    for gap, run, _ in goroutines:
        now += gap
        first = free.index(min(free))
        start = max(now, free[first])
        waited += start - now
        free[first] = start + run
    assert simulate(procs, True, goroutines).waited == waited


@LAWS
@given(st.booleans(), goroutines)
def test_one_p_has_nothing_to_steal(steals: bool, goroutines: list[tuple[int, int, int]]) -> None:
    one = simulate(1, steals, goroutines)
    assert (one.waited, one.wasted) == (simulate(1, False, goroutines).waited, 0)


def test_erlangs_formula() -> None:
    assert utilization.erlang(1, 0.5) == pytest.approx(1)  # load / (1 - load)
    assert utilization.erlang(1, 0.9) == pytest.approx(9)
    assert utilization.erlang(2, 0.5) == pytest.approx(1 / 3)  # load² / (1 - load²)
    assert utilization.erlang(2, 0.9) == pytest.approx(0.81 / 0.19)
    # by the sum over states: C(4, 3.2) = 0.5964, waits C / (4 - 3.2)
    states = [3.2**k / [1, 1, 2, 6, 24][k] for k in range(5)]
    busy = states[4] / 0.2
    waits = busy / (sum(states[:4]) + busy)
    assert utilization.erlang(4, 0.8) == pytest.approx(waits / 0.8)


@given(st.integers(1, 31), st.floats(0.01, 0.98))
def test_more_ps_wait_less_and_more_load_waits_more(procs: int, load: float) -> None:
    assert utilization.erlang(procs + 1, load) < utilization.erlang(procs, load)
    assert utilization.erlang(procs, load + 0.01) > utilization.erlang(procs, load)


@pytest.mark.parametrize("procs", [1, 2, 4])
def test_a_long_run_is_as_busy_as_its_load_and_waits_as_erlang_says(procs: int) -> None:
    for load, wait, busy, _, alone, alone_busy, _ in run(procs=procs, goroutines=8000)["points"]:
        assert busy == pytest.approx(load, rel=0.02)
        assert alone_busy == pytest.approx(load, rel=0.02)
        if 40 <= load <= 70:
            assert wait == pytest.approx(utilization.erlang(procs, load / 100), rel=0.3)
            assert alone == pytest.approx(utilization.erlang(1, load / 100), rel=0.2)


@pytest.mark.parametrize("procs", [2, 4, 16])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_stealing_waits_less(procs: int, seed: int) -> None:
    for _, wait, _, free, alone, _, alone_free in run(procs=procs, seed=seed)["points"]:
        assert wait < alone
        assert free == 0 < alone_free


@given(st.lists(st.integers(1, 20), min_size=2, max_size=8))
def test_a_thief_takes_half(sizes: list[int]) -> None:
    ps = utilization.Ps(len(sizes) + 1, True)
    ps.queues = [[], *([0] * size for size in sizes)]
    ps.queued = sum(sizes)
    ps.next(0, [0], [1])
    taken = [size - len(queue) for size, queue in zip(sizes, ps.queues[1:], strict=True)]
    [stolen] = filter(None, taken)
    assert stolen == (sizes[taken.index(stolen)] + 1) // 2
    assert len(ps.queues[0]) == stolen - 1  # one of them runs


@pytest.mark.parametrize(
    ("procs", "goroutines", "seed"), list(itertools.product((1, 16), (100, 800), (1, 99)))
)
def test_corners(procs: int, goroutines: int, seed: int) -> None:
    data = run(procs=procs, goroutines=goroutines, seed=seed)
    drawing = ET.fromstring(utilization.draw(data))  # noqa: S314 (our own)
    *_, width, height = map(float, drawing.attrib["viewBox"].split())
    for each in drawing:
        for x, y in re.findall(r"([-\d.]+),([-\d.]+)", each.attrib.get("points", "")):
            assert 0 <= float(x) <= width
            assert 0 <= float(y) <= height
        for name in ("x", "cx"):
            assert 0 <= float(each.attrib.get(name, 0)) <= width
        for name in ("y", "cy"):
            assert 0 <= float(each.attrib.get(name, 0)) <= height
    assert max(map(len, utilization.report(data).split("\n"))) <= REPORT
    assert utilization.summarize(data).startswith("At a load of 80%")
    assert title(utilization.draw(data)) == utilization.summarize(data)
    assert collisions(utilization.draw(data)) == []


def words(data: dict[str, Any]) -> list[str | None]:
    return [each.text for each in ET.fromstring(utilization.draw(data)).iter("text")]  # noqa: S314


def test_one_p_is_not_compared_with_itself() -> None:
    data = run(procs=1)
    said = f"waits {data['points'][7][1]:.2f} mean runs. With one P there is nobody to steal from."
    assert utilization.summarize(data).endswith(said)
    assert [each for each in words(data) if "Erlang" in str(each)] == ["Erlang, 1 P"]
    assert "if they steal" in utilization.summarize(run(procs=2))


def test_the_lines_are_said_to_be_erlangs() -> None:
    assert {"Erlang, 1 P", "Erlang, 4 Ps"} <= set(words(run()))


def test_the_first_table_says_what_was_run() -> None:
    data = run()
    rows = utilization.report(data).split("\n")[3:8]
    for row, point in zip(rows, data["points"][4:], strict=True):
        load, wait, busy, _, alone, _, _ = point
        said = [float(each) for each in row.replace("%", "").split()]
        assert said[:2] == pytest.approx([load, busy], abs=0.5)
        assert said[2:] == pytest.approx([wait, alone], abs=0.0051)


def test_the_table_says_what_the_formula_says() -> None:
    rows = utilization.report(run()).strip().split("\n")[-6:]
    for row in rows:
        procs, _, *waits = row.split()
        for load, wait in zip((50, 70, 80, 90), waits, strict=True):
            assert float(wait) == pytest.approx(
                utilization.erlang(int(procs), load / 100), abs=0.01
            )
