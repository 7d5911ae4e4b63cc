"""A lock-free stack, one step at a time

Threads push and pop at once. A step is one access to memory: a read, a write, or a compare-and-swap
(CAS), which writes the head only if it is still what the thread has read. Write a schedule such as
A B B A to choose whose step is next, or leave it empty to try all schedules; then the shortest that
goes wrong is drawn. With CAS none does. With plain writes an update is lost, and with nodes that
are used again the head may be the same node and yet begin another list (ABA). A large dot is a
stale write: its cell has changed since the thread read it, even if it was changed back.

The model is sequentially consistent: each step is seen by all threads at once. A node's value is
its number. Where nodes are used again, a thread pushes the node that it popped first. After the end
of a written schedule the threads finish one after the other.

Source: R. Kent Treiber, Systems Programming: Coping with Parallelism, IBM Research Report RJ 5118
(1986), https://dominoweb.draco.res.ibm.com/58319a2ed2b1078985257003004617ef.html
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
    "push | push",
    "push | pop",
    "pop | pop pop push",
    "push pop | push pop",
    "push | pop | pop",
)
PARAMETERS = (
    choice("variant", "Variant", REUSE, (CAS, PLAIN, REUSE)),
    choice("program", "Threads", PROGRAMS[2], PROGRAMS),
    number("start", "Values", 2, 0, 3),
    text("schedule", "Schedule", ""),
)


def push(node: int, swap: str) -> "Generator[Any, Any, Any]":
    """Put a node before the head."""
    while True:
        top = yield "read", "head"
        yield "write", f"{node}.next", None, top
        if (yield swap, "head", top, node):
            return node


def pop(swap: str) -> "Generator[Any, Any, Any]":
    """Take the head; return None if there is none."""
    while True:
        top = yield "read", "head"
        if top is None:
            return None
        after = yield "read", f"{top}.next"
        if (yield swap, "head", top, after):
            return top


def prepare(variant: str, program: str, start: int) -> Threads:
    """Return the threads, and a stack of the nodes 1 to *start*."""
    cells: dict[str, int | None] = {"head": start or None}
    for node in range(1, start + 5):
        cells[f"{node}.next"] = node - 1 if 1 < node <= start else None

    def begin(at: int, results: "list[Any]") -> "Generator[Any, Any, Any]":
        swap = "write" if variant == PLAIN else "CAS"
        if threads.words[at] == "pop":
            return pop(swap)
        own = next(numbers for numbers in threads.numbers if at in numbers)
        used = [results[each] for each in own if each < at and threads.words[each] == "pop"]
        if variant == REUSE and used and used[0]:
            return push(used[0], swap)
        return push(start + 1 + threads.words[:at].count("push"), swap)

    threads = Threads(cells, program, begin)
    return threads


def contents(threads: Threads, state: "Any") -> list[int]:
    """Return the nodes from the head on, at most nine if they are a circle."""
    cells = dict(zip(threads.names, state[0]))
    nodes: list[int] = []
    node = cells["head"]
    while node is not None and len(nodes) < 9:
        nodes.append(node)
        node = cells[f"{node}.next"]
    return nodes


def order(
    threads: Threads, state: "Any", placed: list[int], stack: list[int]
) -> "list[int] | None":
    """Return the operations in an order that explains a last state, or None if there is none.

    Done one at a time in that order, they have the same results and leave the same stack; and an
    operation that ended before another began comes before it.
    """
    _, _, results, before = state
    if len(placed) == len(results):
        return placed if stack == contents(threads, state) else None
    for at, result in enumerate(results):
        if at in placed or any(each not in placed for each in before[at]):
            continue
        if threads.words[at] == "push":
            after = [result] + stack
        elif result == (stack[0] if stack else None):
            after = stack[1:]
        else:
            continue
        found = order(threads, state, placed + [at], after)
        if found is not None:
            return found
    return None


def run(variant: str, program: str, start: int, schedule: str) -> dict[str, object]:
    """Follow a schedule, or find the shortest that goes wrong."""
    threads = prepare(variant, program, start)
    first = list(range(start, 0, -1))
    turns = threads.parse(schedule)
    data: dict[str, Any] = {"tried": 0, "wrong": 0, "schedule": turns}
    if not turns:
        data = explore(threads, lambda state: order(threads, state, [], first) is None)
    state, steps = threads.replay(data["schedule"])
    data.update({
        "steps": steps, "words": threads.words, "put": "push", "results": list(state[2]),
        "first": first, "last": contents(threads, state), "order": order(threads, state, [], first),
    })  # fmt: skip
    return data


# What is said of a run is alike for all collections.
summarize, draw, report = summarize_run, draw_run, report_run
