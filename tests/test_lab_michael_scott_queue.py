"""The laws of the lock-free queue."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from labs import michael_scott_queue as lab

from lab_threads import check_page, conserves, letters, linearizable, rank, schedules

VARIANTS = (lab.CAS, lab.PLAIN, lab.REUSE)


def run(variant: str, program: str, start: int, schedule: str = "") -> dict[str, Any]:
    return lab.run(variant, program, start, schedule)


def is_right(data: dict[str, Any]) -> bool:
    return linearizable(data, "enq", lambda values, value: [*values, value])


@pytest.mark.parametrize("variant", VARIANTS)
@pytest.mark.parametrize("program", ["enq | enq", "enq | deq", "deq | deq"])
def test_the_search_finds_what_brute_force_finds(program: str, variant: str) -> None:
    threads = lab.prepare(variant, program, 1)
    every = [schedule for schedule, _ in schedules(threads, threads.first)]
    wrong = [each for each in every if not is_right(run(variant, program, 1, each))]
    data = run(variant, program, 1)
    assert (data["tried"], data["wrong"]) == (len(every), len(wrong))
    if wrong:
        assert letters(data) == min(wrong, key=rank)
    else:
        assert len(data["steps"]) == max(map(len, every))


@pytest.mark.parametrize("program", lab.PROGRAMS)
@pytest.mark.parametrize("start", range(3))
def test_with_cas_all_schedules_are_linearizable(program: str, start: int) -> None:
    data = run(lab.CAS, program, start)
    assert data["tried"] > data["wrong"] == 0
    assert "linearizable" in lab.summarize(data)


def test_without_cas_an_update_is_lost() -> None:
    data = run(lab.PLAIN, "enq | enq", 1)
    assert letters(data) == "AAAABBBBBBAA"  # both have read the tail before either links a node
    assert "lost: 3" in lab.summarize(data)
    assert [step[2] for step in data["steps"]][-3:] == ["write", "stale", "stale"]
    assert run(lab.PLAIN, "enq | deq", 1)["wrong"] == 0  # one thread at each end


def test_with_nodes_used_again_the_head_comes_back() -> None:
    data = run(lab.REUSE, "deq | deq enq deq", 1)
    assert letters(data) == "AAAA" + "B" * 16 + "A"
    assert data["steps"][-1][2:] == ["stale", "head", "head from 0 to 1"]  # the CAS succeeds
    assert "twice: 0, 1" in lab.summarize(data)
    fresh = run(lab.CAS, "deq | deq enq deq", 1, letters(data))
    assert fresh["steps"][20][2] == "fails"
    assert fresh["order"] is not None


def test_a_thread_that_finds_the_tail_behind_moves_it() -> None:
    data = run(lab.CAS, "enq | enq", 0, "AAAAA" + "BBBBB")
    assert data["steps"][9][3:] == ["tail", "tail from 0 to 1"]
    assert data["last"] == [1, 2]
    assert [step[:2] for step in data["steps"] if step[2] == "fails"] == [[0, 0]]


def test_an_operation_that_ended_before_another_began_comes_first() -> None:
    threads = lab.prepare(lab.CAS, "enq | deq", 0)
    values = {"head": 0, "tail": 1, "0.next": 1}
    cells = tuple(values.get(name) for name in threads.names)
    results = ((1, None), (None, None))
    at_once: Any = (cells, ((), ()), results, ((), ()))
    assert lab.order(threads, at_once, [], []) == [1, 0]  # found empty, then added
    one_by_one: Any = (cells, ((), ()), results, ((), (0,)))
    assert lab.order(threads, one_by_one, [], []) is None  # added, and then found empty


@settings(max_examples=200, deadline=None)
@given(
    st.sampled_from(VARIANTS),
    st.sampled_from(lab.PROGRAMS),
    st.integers(0, 2),
    st.text("AB ", min_size=1, max_size=40),
)
def test_any_schedule_is_followed_and_judged(
    variant: str, program: str, start: int, schedule: str
) -> None:
    data = run(variant, program, start, "A" + schedule)
    assert (data["order"] is not None) == is_right(data)
    assert run(variant, program, start, letters(data).lower()) == data | {
        "schedule": [step[0] for step in data["steps"]]
    }
    if variant == lab.CAS:
        assert data["order"] is not None
        assert conserves(data, "enq")
    check_page(lab, data)


@given(st.sampled_from(VARIANTS), st.sampled_from(lab.PROGRAMS), st.integers(0, 2))
def test_one_thread_after_the_other_has_a_queue(variant: str, program: str, start: int) -> None:
    data = run(variant, program, start, "A")
    values = list(range(1, start + 1))
    for word, result in zip(data["words"], data["results"], strict=True):
        if word == "enq":
            values.append(result)
        else:
            assert result == (values.pop(0) if values else None)
    assert data["last"] == values


@pytest.mark.parametrize("schedule", ["A B X", "A C", "1 2"])
def test_a_schedule_that_names_no_thread_is_an_error(schedule: str) -> None:
    with pytest.raises(ValueError, match=r"cannot read .* write A and B, as in A B B A"):
        run(lab.CAS, "enq | enq", 0, schedule)


@pytest.mark.parametrize("start", [0, 2])
@pytest.mark.parametrize("program", lab.PROGRAMS)
@pytest.mark.parametrize("variant", VARIANTS)
def test_every_corner_is_shown(variant: str, program: str, start: int) -> None:
    check_page(lab, run(variant, program, start))
