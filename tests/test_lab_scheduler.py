"""The laws of the Go scheduler lab."""

import itertools
import re
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from labs import scheduler

from lab_texts import REPORT, title

LAWS = settings(deadline=None, max_examples=40)  # a machine may be busy
NEVER = 10**6
DEFAULTS = {str(each["name"]): each["default"] for each in scheduler.PARAMETERS}

runs = st.integers(1, 30)
plans = st.lists(st.lists(runs, min_size=1, max_size=6), min_size=1, max_size=40)
calls = st.lists(
    st.one_of(
        st.lists(runs, min_size=1, max_size=4),
        st.tuples(runs, st.integers(-60, -1), runs).map(list),
    ),
    min_size=1,
    max_size=24,
)
procs = st.integers(1, 8)
switches = st.booleans()


def simulate(
    procs: int, looks: bool, preempts: bool, ends: int, seed: int, plans: list[list[int]]
) -> scheduler.Scheduler:
    """Run a goroutine for each plan; the first starts the others."""
    s = scheduler.Scheduler(procs, looks, preempts, ends, seed)
    for k, plan in enumerate(plans):
        s.put(0, scheduler.Goroutine(k + 1, plan))
        if k == 0:
            s.schedule()
    s.schedule()
    while s.used():
        s.step()
        s.schedule()
    return s


def run(**changes: object) -> dict[str, Any]:
    return scheduler.run(**{**DEFAULTS, **changes})  # type: ignore[arg-type]


def turns(data: dict[str, list[list[int]]], goroutine: int) -> list[list[int]]:
    """Find when a goroutine ran."""
    return [bar[2:] for bar in data["bars"] if bar[1] == goroutine]


@LAWS
@given(procs, switches, switches, st.integers(1, 99), calls)
def test_every_goroutine_runs_for_all_its_time(
    procs: int, looks: bool, preempts: bool, seed: int, plans: list[list[int]]
) -> None:
    done = simulate(procs, looks, preempts, NEVER, seed, plans)
    ran = dict.fromkeys(range(1, len(plans) + 1), 0)
    for _, goroutine, start, stop in done.bars:
        ran[goroutine] += stop - start
    assert list(ran.values()) == [sum(turn for turn in plan if turn > 0) for plan in plans]
    assert done.now == max(bar[3] for bar in done.bars)


@LAWS
@given(procs, switches, switches, st.integers(1, 99), calls)
def test_neither_a_p_nor_a_goroutine_is_in_two_places(
    procs: int, looks: bool, preempts: bool, seed: int, plans: list[list[int]]
) -> None:
    done = simulate(procs, looks, preempts, NEVER, seed, plans)
    blocked = [[-1, *call] for call in done.calls]
    for key in (0, 1):  # of a P, of a goroutine
        bars = done.bars if key == 0 else done.bars + blocked
        for _, group in itertools.groupby(sorted(bars, key=lambda bar: (bar[key], bar[2])),
                                          key=lambda bar: bar[key]):  # fmt: skip
            for before, after in itertools.pairwise(group):
                assert before[3] <= after[2]


@LAWS
@given(procs, switches, switches, st.integers(1, 99), calls)
def test_no_p_is_free_while_a_goroutine_waits(
    procs: int, looks: bool, preempts: bool, seed: int, plans: list[list[int]]
) -> None:
    s = scheduler.Scheduler(procs, looks, preempts, NEVER, seed)
    for k, plan in enumerate(plans):
        s.put(0, scheduler.Goroutine(k + 1, plan))
    s.schedule()
    left = len(plans)
    while s.used():
        waiting = [g.name for g in itertools.chain(s.shared, *s.local)]
        running = [g.name for g in s.running if g]
        blocked = [g.name for g in s.blocked]
        assert not waiting or len(running) == procs
        alive = waiting + running + blocked
        assert len(alive) == len(set(alive)) <= left  # none is doubled, and none comes back
        assert all(len(queue) <= scheduler.QUEUE for queue in s.local)
        left = len(alive)
        s.step()
        s.schedule()


@LAWS
@given(procs, switches, switches, st.integers(1, 99), plans)
def test_the_end_is_within_grahams_bound(
    procs: int, looks: bool, preempts: bool, seed: int, plans: list[list[int]]
) -> None:
    # Graham, Bounds on Multiprocessing Timing Anomalies, 1969: a goroutine is a chain of turns
    done = simulate(procs, looks, preempts, NEVER, seed, plans)
    work, span = sum(map(sum, plans)), max(map(sum, plans))
    assert max(work / procs, span) <= done.now <= work / procs + span * (1 - 1 / procs)


@LAWS
@given(procs, switches, st.integers(1, 99), plans)
def test_a_time_slice_is_ten_milliseconds(
    procs: int, looks: bool, seed: int, plans: list[list[int]]
) -> None:
    done = simulate(procs, looks, True, NEVER, seed, plans)
    assert all(stop - start <= 20 for _, _, start, stop in done.bars)
    whole = simulate(procs, looks, False, NEVER, seed, plans)
    assert sorted(stop - start for _, _, start, stop in whole.bars) == sorted(
        itertools.chain(*plans)
    )


@LAWS
@given(st.integers(1, 99), st.lists(st.just([2] * 120), min_size=1, max_size=15))
def test_on_one_p_the_global_queue_is_looked_at_at_the_61st_tick(
    seed: int, short_ones: list[list[int]]
) -> None:
    s = simulate(1, True, True, NEVER, seed, [[30], *short_ones])
    before = [goroutine for _, goroutine, _, _ in s.bars].index(1, 1)
    assert before == 61


@LAWS
@given(st.integers(1, 4), st.integers(1, 99), st.integers(200, 500))
def test_without_the_look_a_goroutine_starves_for_as_long_as_others_go_on(
    procs: int, seed: int, ends: int
) -> None:
    short_ones = [[2] * ends for _ in range(15)]  # three thieves leave one to the first P
    for looks in (True, False):
        s = simulate(procs, looks, True, ends, seed, [[30], *short_ones])
        again = [start for _, goroutine, start, _ in s.bars if goroutine == 1][1]
        assert (again >= ends) is not looks


@LAWS
@given(st.integers(1, 8), st.integers(1, 99), st.integers(0, 24))
def test_preemption_bounds_how_long_others_wait(procs: int, seed: int, goroutines: int) -> None:
    # behind one slice of G1, and a turn of at most 1.5 ms of each other one in a queue
    bound = 20 + 3 * 16  # steps
    assert run(procs=procs, goroutines=goroutines, seed=seed)["local"] <= bound


@pytest.mark.parametrize("seed", range(1, 20))
def test_preemption_is_fairer(seed: int) -> None:
    def index(without: str) -> float:
        """Return Jain's index of how long the short ones ran in the time that G1 takes alone."""
        data = run(without=without, procs=2, goroutines=8, syscall=0, seed=seed)
        ran = [
            sum(min(stop, 60) - min(start, 60) for start, stop in turns(data, goroutine))
            for goroutine in range(2, 10)
        ]
        return sum(ran) ** 2 / len(ran) / sum(each * each for each in ran)

    assert index("nothing") > index("preemption")


def test_fewer_goroutines_than_ps_never_wait() -> None:
    for without in ("nothing", "both"):
        data = run(goroutines=3, without=without)
        assert not data["shared"]
        assert not data["local"]


def test_a_full_queue_moves_half_to_the_global_queue() -> None:
    s = scheduler.Scheduler(2, True, True, NEVER, 1)
    for k in range(17):
        s.put(0, scheduler.Goroutine(k, [1]))
    assert [g.name for g in s.shared] == [0, 1, 2, 3, 4, 5, 6, 7, 16]
    assert [g.name for g in s.local[0]] == [8, 9, 10, 11, 12, 13, 14, 15]


@pytest.mark.parametrize(("size", "stolen"), [(1, [0]), (2, [0]), (5, [2, 0, 1]), (16, range(8))])
def test_a_thief_takes_half(size: int, stolen: list[int]) -> None:
    s = scheduler.Scheduler(3, True, True, NEVER, 1)
    for k in range(size):
        s.put(0, scheduler.Goroutine(k, [1]))
    first = s.find(1)
    assert first
    assert sorted([first.name, *[g.name for g in s.local[1]]]) == sorted(stolen)
    assert first.name == max(stolen)  # runs the last that it took, as runqsteal does
    assert len(s.local[0]) == size // 2


def test_the_global_queue_is_shared_out() -> None:
    s = scheduler.Scheduler(4, True, True, NEVER, 1)
    s.shared = [scheduler.Goroutine(k, [1]) for k in range(9)]
    s.ticks = [1] * 4
    s.find(0)
    assert (len(s.local[0]), len(s.shared)) == (2, 6)  # 9 / 4 + 1, one of which runs


@LAWS
@given(procs, st.integers(1, 99))
def test_a_blocking_call_gives_its_p_away(procs: int, seed: int) -> None:
    data = run(procs=procs, goroutines=2 * procs, syscall=20, seed=seed)
    [[_, start, stop]] = data["calls"]
    assert stop - start == 20 * scheduler.MS
    busy = sum(max(0, min(b, stop) - max(a, start)) for _, _, a, b in data["bars"])
    assert busy == procs * (stop - start)


def test_after_a_call_a_free_p_is_taken_at_once_and_else_waited_for_in_the_global_queue() -> None:
    for others in ([], [1] * 4):
        s = simulate(1, True, True, NEVER, 1, [[1, -2, 1], *([each] * 8 for each in others)])
        again = [start for _, goroutine, start, _ in s.bars if goroutine == 1][-1]
        assert (again == 3) is not bool(others)
    s = scheduler.Scheduler(1, True, True, NEVER, 1)
    for name, turns in ((1, [1, -2, 1]), (2, [9])):
        s.put(0, scheduler.Goroutine(name, turns))
    s.schedule()
    for _ in range(3):
        s.step()
        s.schedule()
    assert [g.name for g in s.shared] == [1]
    assert not s.local[0]


def test_a_wait_in_a_local_queue_lasts_until_the_goroutine_runs() -> None:
    assert simulate(1, True, True, NEVER, 1, [[4], [1, 1], [1]]).waited == 5
    assert simulate(3, True, True, NEVER, 1, [[4], [1, 1], [1]]).waited == 0


@LAWS
@given(procs, st.integers(0, 24), st.sampled_from(("nothing", "61st tick")), st.integers(1, 99))
def test_g1_waits_in_the_global_queue_while_it_is_there(
    procs: int, goroutines: int, without: str, seed: int
) -> None:
    there: list[int] = []  # times at which G1 is in the global queue
    before = scheduler.Scheduler.step

    def step(s: scheduler.Scheduler) -> None:
        there.extend(s.now for g in s.shared if g.name == 1)
        before(s)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(scheduler.Scheduler, "step", step)
        data = run(procs=procs, goroutines=goroutines, without=without, seed=seed)
    stays = itertools.chain(*(range(start, stop) for start, stop in data["waits"]))
    assert there == list(stays)
    assert data["shared"] == max([0] + [stop - start for start, stop in data["waits"]])


def test_a_wait_behind_others_of_a_share_is_not_in_the_global_queue() -> None:
    s = scheduler.Scheduler(1, False, True, NEVER, 1)
    s.shared = [scheduler.Goroutine(name, [4]) for name in (3, 1, 2)]
    s.schedule()  # takes all three
    for _ in range(5):
        s.step()
        s.schedule()
    assert s.bars == [[0, 3, 0, 4]]
    assert s.running[0] and s.running[0].name == 1
    assert (s.waits, s.waited) == ([[0, 0]], 4)


@LAWS
@given(procs, st.integers(0, 24), st.integers(0, 10), st.integers(1, 99))
def test_the_ps_are_busy_as_long_as_there_are_goroutines(
    procs: int, goroutines: int, tens: int, seed: int
) -> None:
    busy: object = run(procs=procs, goroutines=goroutines, syscall=5 * tens, seed=seed)["busy"]
    if goroutines > procs:  # one may block
        assert busy == 1
    elif goroutines < procs:
        blocked = 5 * tens if goroutines else 0
        assert busy == pytest.approx((25 + 80 * goroutines - blocked) / 80 / procs)


@LAWS
@given(procs, st.integers(0, 24), st.integers(1, 99))
def test_the_dashes_of_a_lane_are_its_bars(procs: int, goroutines: int, seed: int) -> None:
    data = run(procs=procs, goroutines=goroutines, seed=seed)
    scale = 1.8 if data["end"] <= 100 * scheduler.MS else 1.2
    drawn = []
    for line in ET.fromstring(scheduler.draw(data)).iter("polyline"):  # noqa: S314 (our own)
        if line.attrib["stroke-width"] == "10":
            left, y = map(float, line.attrib["points"].split(" ")[0].split(","))
            dashes = [float(each) for each in line.attrib["stroke-dasharray"].split(" ")]
            for ran, idle in zip(dashes[::2], dashes[1::2], strict=True):
                start = (left - 26) / scale
                drawn.append([round((y - 30) / 18), start, start + (ran + 0.5) / scale])
                left += ran + idle
    wanted = [[p, start, stop] for p, name, start, stop in data["bars"] if name != 1]
    assert len(drawn) == len(wanted)
    for one, other in zip(drawn, sorted(wanted), strict=True):
        assert one == pytest.approx(other, abs=0.1)


def read_metrics(text: str) -> dict[tuple[str, str], float]:
    """Read Prometheus' text format 0.0.4; each family has its TYPE before its samples."""
    samples, typed = {}, {}
    assert text.endswith("\n")
    for line in text[:-1].split("\n"):
        if line.startswith("# TYPE "):
            name, kind = line[7:].split(" ")
            assert name not in typed
            assert kind in {"counter", "gauge"}
            assert name.endswith("_total") == (kind == "counter")
            typed[name] = kind
        else:
            matched = re.fullmatch(r'([a-z_]+)(?:\{p="(\d)"\})? (\d+)', line)
            assert matched, line
            name, p, value = matched.groups("")
            assert name == list(typed)[-1]  # samples of a family are together
            assert (name, p) not in samples
            samples[name, p] = float(value)
    assert set(typed) == {name for name, _ in samples}
    return samples


SCHED = re.compile(
    r"SCHED (\d+)ms: gomaxprocs=(\d+) idleprocs=(\d+) threads=(\d+) spinningthreads=0 "
    r"needspinning=0 idlethreads=(\d+) runqueue=(\d+) \[ ([\d ]+) \] schedticks=\[ ([\d ]+) \]"
)


@LAWS
@given(procs, st.integers(0, 24), st.sampled_from((0, 20, 50)), st.integers(1, 99))
def test_metrics_say_what_the_trace_says(
    procs: int, goroutines: int, syscall: int, seed: int
) -> None:
    report = scheduler.report(run(procs=procs, goroutines=goroutines, syscall=syscall, seed=seed))
    assert max(map(len, report.split("\n"))) <= REPORT
    trace, text = report.split("\n\n")
    lines = [SCHED.fullmatch(line) for line in trace.replace("\n ", "").split("\n")]
    found = [line.groups() for line in lines if line]
    assert len(found) == len(lines)
    assert [int(line[0]) for line in found] == list(range(0, 40 * len(found), 40))
    _, *plain, queues, ticks = found[-1]
    names = ["gomaxprocs", "idleprocs", "threads", "idlethreads", "runqueue"]
    wanted = {(f"sched_{name}", ""): int(value) for name, value in zip(names, plain, strict=True)}
    for name, values in (("runqueue_local", queues), ("schedticks_total", ticks)):
        for p, value in enumerate(values.split(" ")):
            wanted[f"sched_{name}", str(p)] = int(value)
    assert read_metrics(text) == wanted


@LAWS
@given(procs, st.integers(0, 24), st.integers(0, 10), st.integers(1, 99))
def test_the_trace_counts_threads_and_goroutines(
    procs: int, goroutines: int, tens: int, seed: int
) -> None:
    data = run(procs=procs, goroutines=goroutines, syscall=5 * tens, seed=seed)
    for ms, maximum, idle, threads, sleeping, _, _, ticks in data["states"]:
        now = ms * scheduler.MS
        running = sum(start <= now < stop for _, _, start, stop in data["bars"])
        blocked = sum(start <= now < stop for _, start, stop in data["calls"])
        assert maximum == procs == running + idle
        assert threads == 1 + running + blocked + sleeping
        assert sum(ticks) == sum(start <= now for _, _, start, _ in data["bars"])


@pytest.mark.parametrize("without", ["nothing", "61st tick", "preemption", "both"])
def test_drawings_keep_to_their_frame(without: str) -> None:
    for procs, goroutines, syscall in itertools.product((1, 2, 8), (0, 1, 12, 17, 24), (0, 50)):
        data = run(procs=procs, goroutines=goroutines, without=without, syscall=syscall)
        assert data["end"] <= 150 * scheduler.MS
        assert title(scheduler.draw(data)) == scheduler.summarize(data)
        drawing = ET.fromstring(scheduler.draw(data))  # noqa: S314 (our own)
        *_, width, height = map(float, drawing.attrib["viewBox"].split())
        texts = []
        for each in drawing:
            if each.tag == "text":
                length = 7.8 * len(each.text or "")
                left = float(each.attrib["x"])
                left -= length * {"start": 0, "middle": 0.5, "end": 1}[each.attrib["text-anchor"]]
                texts.append((left, left + length, float(each.attrib["y"])))
            for x, y in re.findall(r"([\d.]+),([\d.]+)", each.attrib.get("points", "")):
                assert 0 <= float(x) <= width
                assert 0 <= float(y) <= height
        for left, right, y in texts:
            assert (left >= 0, right <= width, y <= height) == (True, True, True)
        for one, two in itertools.combinations(texts, 2):
            apart = one[1] + 4 <= two[0] or two[1] + 4 <= one[0] or abs(one[2] - two[2]) >= 14
            assert apart, (one, two)


def test_the_default_shows_the_wait_for_the_61st_tick() -> None:
    def waits(**changes: object) -> list[float]:
        """Return the longest waits that the sentence says, in ms: of G1, of others."""
        said = re.findall(r"up to ([\d.]+) ms", scheduler.summarize(run(**changes)))
        return [float(each) for each in said]

    whole = waits()
    assert 30 < whole[0] < 61  # turns take 1 ms in the mean
    assert waits(without="61st tick")[0] > 70
    assert waits(without="preemption")[0] == 0
    assert waits(without="preemption")[1] > 25 > whole[1]
    assert waits(goroutines=3, without="both") == [0, 0]
