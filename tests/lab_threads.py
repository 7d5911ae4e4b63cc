"""All schedules of a few threads, by brute force: for the labs of lock-free structures."""

from collections.abc import Callable, Iterator
from itertools import pairwise, permutations
from typing import Any

from lab_texts import REPORT, collisions, title


def schedules(threads: Any, state: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Give every schedule and its last state, without merging equal states."""
    ready = threads.ready(state)
    if not ready:
        yield path, state
    for thread in ready:
        yield from schedules(threads, threads.step(state, thread)[0], path + "ABC"[thread])


def rank(schedule: str) -> tuple[int, int, str]:
    """Order schedules by length, then by switches."""
    switches = sum(1 for one, two in pairwise(schedule) if one != two)
    return len(schedule), switches, schedule


def letters(data: dict[str, Any]) -> str:
    """Return the schedule that was run."""
    return "".join("ABC"[step[0]] for step in data["steps"])


def linearizable(
    data: dict[str, Any], adds: str, add: Callable[[list[int], int], list[int]]
) -> bool:
    """Tell whether one of all orders of the operations gives the results, and what is left."""
    spans: dict[int, list[int]] = {}
    for place, step in enumerate(data["steps"]):
        spans.setdefault(step[1], []).append(place)
    for order in permutations(spans):
        if any(
            spans[late][-1] < spans[early][0]
            for at, early in enumerate(order)
            for late in order[at:]
        ):
            continue
        values = list(data["first"])
        for number in order:
            if data["words"][number] == adds:
                values = add(values, data["results"][number])
            elif data["results"][number] != (values.pop(0) if values else None):
                break
        else:
            if values == data["last"]:
                return True
    return False


def conserves(data: dict[str, Any], adds: str) -> bool:
    """Tell whether the values that came out or are left are those that were put in."""
    put, found = list(data["first"]), list(data["last"])
    for word, result in zip(data["words"], data["results"], strict=True):
        (put if word == adds else found).append(result)
    return sorted(put) == sorted(value for value in found if value is not None)


def check_page(lab: Any, data: dict[str, Any]) -> None:
    """Check what readers see of a run."""
    assert lab.summarize(data).endswith(".")
    assert collisions(lab.draw(data)) == []
    assert title(lab.draw(data)) == lab.summarize(data)
    assert max(map(len, lab.report(data).splitlines())) <= REPORT
