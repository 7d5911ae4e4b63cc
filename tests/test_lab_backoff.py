"""The back-off lab keeps the laws of its model and the orderings of its sources."""

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from labs import backoff
from labs.backoff import DECORRELATED, EQUAL, EXPONENTIAL, FULL, NONE, STRATEGIES, Dice

from lab_texts import REPORT, collisions, title

JITTER = (EQUAL, DECORRELATED, FULL)
SHORTEST, LONGEST = 15_000, 25_000  # a trip, in µs
strategies = st.sampled_from(STRATEGIES)
seeds = st.integers(1, 999)
bases, caps = st.integers(1, 50), st.integers(50, 5000)  # in ms


def contend(
    clients: int, strategy: str, dice: Dice, base: int = 5, cap: int = 2000
) -> tuple[int, int]:
    """Return calls and µs; base and cap are in ms."""
    return backoff.contend(clients, strategy, base * 1000, cap * 1000, dice)


@pytest.fixture(scope="module")
def means() -> dict[str, tuple[float, float]]:
    """Return the mean calls and µs of 100 clients for each strategy, over twelve runs."""
    found = {}
    for strategy in STRATEGIES:
        runs = [contend(100, strategy, Dice(seed)) for seed in range(1, 13)]
        found[strategy] = (sum(calls for calls, _ in runs) / 12, sum(time for _, time in runs) / 12)
    return found


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 40), strategies, bases, caps, seeds)
def test_a_write_fails_only_where_another_client_succeeded(
    clients: int, strategy: str, base: int, cap: int, seed: int
) -> None:
    calls, done = contend(clients, strategy, Dice(seed), base, cap)

    # The client that succeeds as number k failed at most k - 1 times: for each, another succeeded.
    assert clients <= calls <= clients * (clients + 1) / 2
    # Each client reads after the success before its own.
    assert done >= clients * SHORTEST


@given(strategies, seeds)
def test_one_client_needs_one_call(strategy: str, seed: int) -> None:
    calls, done = contend(1, strategy, Dice(seed))

    assert calls == 1
    assert 2 * SHORTEST <= done <= 2 * LONGEST


@given(st.integers(1, 60), st.integers(1, 5000), bases, caps, seeds)
def test_pauses_keep_their_bounds(attempt: int, last: int, base: int, cap: int, seed: int) -> None:
    most = min(cap * 1000, base * 1000 * 2**attempt)

    def pause(strategy: str) -> int:
        start, end = 1000 * base, 1000 * cap
        return backoff.pause(strategy, attempt, 1000 * max(last, base), start, end, Dice(seed))

    assert pause(NONE) == 0
    assert pause(EXPONENTIAL) == most
    assert 0 <= pause(FULL) <= most
    assert most // 2 <= pause(EQUAL) <= most
    assert 1000 * min(base, cap) <= pause(DECORRELATED) <= 1000 * min(cap, 3 * max(last, base))


def test_jitter_takes_the_whole_of_its_range() -> None:
    dice = Dice(1)
    for strategy, low, high in (
        (FULL, 0, 80_000),
        (EQUAL, 40_000, 80_000),
        (DECORRELATED, 10_000, 60_000),
    ):
        drawn = [backoff.pause(strategy, 3, 20_000, 10_000, 2_000_000, dice) for _ in range(1009)]
        assert min(drawn) < low + (high - low) / 50
        assert max(drawn) > high - (high - low) / 50
        assert sum(drawn) / 1009 == pytest.approx((low + high) / 2, rel=0.05)


def test_without_back_off_calls_grow_with_the_square_and_time_with_the_number() -> None:
    runs = {n: contend(n, NONE, Dice(1)) for n in (25, 50, 100)}

    for few, many in ((25, 50), (50, 100)):
        assert 2.8 < runs[many][0] / runs[few][0] < 4.2
        assert 1.5 < runs[many][1] / runs[few][1] < 2.2


def test_full_jitter_more_than_halves_the_calls(means: dict[str, tuple[float, float]]) -> None:
    assert means[FULL][0] < means[NONE][0] / 2


def test_back_off_without_jitter_loses(means: dict[str, tuple[float, float]]) -> None:
    calls, time = means[EXPONENTIAL]

    assert calls < means[NONE][0]
    for strategy in JITTER:
        assert calls > 1.5 * means[strategy][0]
        assert time > 3 * means[strategy][1]


def test_equal_jitter_does_slightly_more_work_than_full_and_takes_longer(
    means: dict[str, tuple[float, float]],
) -> None:
    assert 1 < means[EQUAL][0] / means[FULL][0] < 1.1
    assert means[EQUAL][1] > 1.2 * means[FULL][1]


def test_decorrelated_jitter_does_more_work_than_full_in_less_time(
    means: dict[str, tuple[float, float]],
) -> None:
    assert 1 < means[DECORRELATED][0] / means[FULL][0] < 1.5
    assert 0.7 < means[DECORRELATED][1] / means[FULL][1] < 1


@settings(max_examples=12, deadline=None)
@given(st.integers(1, 40), strategies, bases, caps, seeds)
def test_names_never_overlap(fives: int, strategy: str, base: int, cap: int, seed: int) -> None:
    assert collisions(backoff.draw(backoff.run(5 * fives, strategy, base, cap, seed))) == []


def test_all_corners_run() -> None:
    for clients, base, cap in product((5, 200), (1, 50), (50, 5000)):
        data = backoff.run(clients, FULL, base, cap, 1)
        for strategy in STRATEGIES:  # which is only drawn differently
            data["strategy"] = strategy

            assert data["sizes"][-1] == clients
            assert f"{data['calls'][strategy][-1]:.0f} calls" in backoff.summarize(data)
            assert collisions(backoff.draw(data)) == []
            assert title(backoff.draw(data)) == backoff.summarize(data)
        table = backoff.report(data).splitlines()
        assert max(map(len, table)) <= REPORT
        for each, line in zip(STRATEGIES, table[1:], strict=True):
            assert line.startswith(each)
            assert line.removeprefix(each).split()[0] == f"{data['calls'][each][-1]:.0f}"


def test_the_clients_can_be_raised_as_the_text_asks() -> None:
    clients = backoff.PARAMETERS[0]
    assert "Raise the number of\nclients" in str(backoff.__doc__)
    assert clients["default"] == 50
    few, many = (backoff.run(count, FULL, 5, 2000, 1) for count in (50, 100))
    assert clients["high"] == 200  # as in the address of the issue
    for strategy in STRATEGIES:
        assert few["calls"][strategy][-1] * 1.5 < many["calls"][strategy][-1]
    assert sorted(STRATEGIES, key=lambda each: few["calls"][each][-1]) == [
        FULL, EQUAL, DECORRELATED, EXPONENTIAL, NONE,
    ]  # fmt: skip


def test_the_same_seed_gives_the_same_run() -> None:
    assert backoff.run(30, FULL, 5, 2000, 7) == backoff.run(30, FULL, 5, 2000, 7)
    assert backoff.run(30, FULL, 5, 2000, 7) != backoff.run(30, FULL, 5, 2000, 8)
