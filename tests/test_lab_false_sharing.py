"""The laws of counters in cache lines."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from labs import false_sharing as lab

from lab_texts import REPORT, collisions, title

APART = ("8", "16", "32", "64")


def run(threads: int, apart: str, turn: int, cost: int) -> dict[str, Any]:
    return lab.run(threads, apart, turn, cost)


THREADS, TURNS = st.integers(2, 8), st.integers(1, 16)


@given(THREADS, st.sampled_from(APART), TURNS)
def test_every_turn_but_the_first_takes_a_line_that_is_shared(
    threads: int, apart: str, turn: int
) -> None:
    data = run(threads, apart, turn, 100)
    rounds = -(-lab.WRITES // turn)
    lines = [at * int(apart) // lab.LINE for at in range(threads)]
    shared = [line for line in set(lines) if lines.count(line) > 1]
    expected = sum(rounds * lines.count(line) - 1 for line in shared)
    assert sum(data["moved"]) == expected
    assert sum(lab.transfers(data, thread) for thread in range(threads)) == expected
    assert len(data["moved"]) == threads * lab.WRITES
    assert data["lines"] == max(lines) + 1


@given(THREADS, TURNS)
def test_a_line_for_each_counter_never_moves(threads: int, turn: int) -> None:
    data = run(threads, "64", turn, 100)
    assert (sum(data["moved"]), data["cycles"], data["lines"]) == (0, 1, threads)


@given(THREADS, st.sampled_from(APART), TURNS, st.integers(1, 30))
def test_padding_and_longer_turns_save_transfers(
    threads: int, apart: str, turn: int, cost: int
) -> None:
    moved = [sum(run(threads, each, turn, 100)["moved"]) for each in APART]
    assert moved == sorted(moved, reverse=True)
    once = run(threads, apart, 1, 10 * cost)
    assert once["cycles"] >= run(threads, apart, turn, 10 * cost)["cycles"] >= 1


@pytest.mark.parametrize("cost", [10, 300])
@pytest.mark.parametrize("turn", [1, 16])
@pytest.mark.parametrize("apart", APART)
@pytest.mark.parametrize("threads", [2, 3, 8])
def test_every_corner_is_shown(threads: int, apart: str, turn: int, cost: int) -> None:
    data = run(threads, apart, turn, cost)
    assert lab.summarize(data).endswith(".")
    assert collisions(lab.draw(data)) == []
    assert title(lab.draw(data)) == lab.summarize(data)
    assert max(map(len, lab.report(data).splitlines())) <= REPORT
