"""A lock-free queue, one step at a time

Threads enqueue and dequeue at once. A step is one access to memory: a read, a write, or a
compare-and-swap (CAS), which writes only if the value is still what the thread has read. Write a
schedule such as A B B A to choose whose step is next, or leave it empty to try all schedules; then
the shortest that goes wrong is drawn. With CAS none does: a thread that finds the tail behind moves
it for the other. With plain writes an update is lost. With nodes that are used again, try the
threads "deq | deq enq deq" (ABA). A large dot is a stale write: its cell has changed since the
thread read it, even if it was changed back.

The model is sequentially consistent: each step is seen by all threads at once. A node's value is
its number; reading it is no step. Where nodes are used again, a thread enqueues the node that it
freed first, and pointers lack the counters that the original has against ABA. After the end of a
written schedule the threads finish one after the other.

Source: Maged M. Michael and Michael L. Scott, Simple, Fast, and Practical Non-Blocking and
Blocking Concurrent Queue Algorithms, PODC (1996), https://doi.org/10.1145/248052.248106
Source: Maurice P. Herlihy and Jeannette M. Wing, Linearizability: A Correctness Condition for
Concurrent Objects, ACM Transactions on Programming Languages and Systems 12 (1990),
https://doi.org/10.1145/78969.78972
"""

from sphinx_portfolio.labs.kit import (
    Threads,
    choice,
    draw_run,
    explore,
    number,
    report_run,
    summarize_run,
    text,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Generator
    from typing import Any

CAS, PLAIN, REUSE = "CAS", "read, then write", "CAS, nodes used again"
PROGRAMS = (
    "enq | enq",
    "enq | deq",
    "deq | deq",
    "deq | deq enq deq",
    "enq | deq | deq",
)
PARAMETERS = (
    choice("variant", "Variant", PLAIN, (CAS, PLAIN, REUSE)),
    choice("program", "Threads", PROGRAMS[0], PROGRAMS),
    number("start", "Values", 1, 0, 2),
    text("schedule", "Schedule", ""),
)


def enqueue(node: int, swap: str) -> "Generator[Any, Any, Any]":
    """Link a node after the last, then move the tail; return the node, and that none is free."""
    yield "write", f"{node}.next", None, None
    while True:
        tail = yield "read", "tail"
        after = yield "read", f"{tail}.next"
        if tail != (yield "read", "tail"):
            continue
        if after is not None:  # another thread has not moved the tail yet: help
            yield swap, "tail", tail, after
        elif (yield swap, f"{tail}.next", None, node):
            yield swap, "tail", tail, node
            return node, None


def dequeue(swap: str) -> "Generator[Any, Any, Any]":
    """Move the head to the next node; return that node's value, and the node that is free."""
    while True:
        head = yield "read", "head"
        tail = yield "read", "tail"
        after = yield "read", f"{head}.next"
        if head != (yield "read", "head"):
            continue
        if after is None:
            return None, None
        if head == tail:  # another thread has not moved the tail yet: help
            yield swap, "tail", tail, after
        elif (yield swap, "head", head, after):
            return after, head


def prepare(variant: str, program: str, start: int) -> Threads:
    """Return the threads, and a queue: the dummy 0, then the nodes 1 to *start*."""
    cells: dict[str, int | None] = {"head": 0, "tail": start}
    for node in range(start + 4):
        cells[f"{node}.next"] = node + 1 if node < start else None

    def begin(at: int, results: "list[Any]") -> "Generator[Any, Any, Any]":
        swap = "write" if variant == PLAIN else "CAS"
        if threads.words[at] == "deq":
            return dequeue(swap)
        own = next(numbers for numbers in threads.numbers if at in numbers)
        free = [results[each][1] for each in own if each < at and results[each][1] is not None]
        if variant == REUSE and free:
            return enqueue(free[0], swap)
        return enqueue(start + 1 + threads.words[:at].count("enq"), swap)

    threads = Threads(cells, program, begin)
    return threads


def contents(threads: Threads, state: "Any") -> list[int]:
    """Return the nodes after the dummy, at most nine if they are a circle."""
    cells = dict(zip(threads.names, state[0]))
    nodes: list[int] = []
    node = cells[f"{cells['head']}.next"]
    while node is not None and len(nodes) < 9:
        nodes.append(node)
        node = cells[f"{node}.next"]
    return nodes


def order(
    threads: Threads, state: "Any", placed: list[int], queue: list[int]
) -> "list[int] | None":
    """Return the operations in an order that explains a last state, or None if there is none.

    Done one at a time in that order, they have the same results and leave the same queue; and an
    operation that ended before another began comes before it.
    """
    _, _, results, before = state
    if len(placed) == len(results):
        return placed if queue == contents(threads, state) else None
    for at, result in enumerate(results):
        if at in placed or any(each not in placed for each in before[at]):
            continue
        if threads.words[at] == "enq":
            after = queue + [result[0]]
        elif result[0] == (queue[0] if queue else None):
            after = queue[1:]
        else:
            continue
        found = order(threads, state, placed + [at], after)
        if found is not None:
            return found
    return None


def run(variant: str, program: str, start: int, schedule: str) -> dict[str, object]:
    """Follow a schedule, or find the shortest that goes wrong."""
    threads = prepare(variant, program, start)
    first = list(range(1, start + 1))
    turns = threads.parse(schedule)
    data: dict[str, Any] = {"tried": 0, "wrong": 0, "schedule": turns}
    if not turns:
        data = explore(threads, lambda state: order(threads, state, [], first) is None)
    state, steps = threads.replay(data["schedule"])
    data.update({
        "steps": steps, "words": threads.words, "put": "enq",
        "results": [value for value, _ in state[2]],
        "first": first, "last": contents(threads, state),
        "order": order(threads, state, [], first),
    })  # fmt: skip
    return data


# What is said of a run is alike for all collections.
summarize, draw, report = summarize_run, draw_run, report_run
