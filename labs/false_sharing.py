"""False sharing: counters that share a cache line

Each thread adds to a counter of its own, on a core of its own; no thread reads another's counter.
Yet the caches move whole lines of 64 bytes. Put the counters next to each other, and each write
takes the line from the core that wrote last; put them 64 bytes apart, and no line moves after the
first write. The price is memory. Longer turns make the transfers fewer, too.

The model is the part of a protocol such as MESI that writers see: a line is in the cache of one
core, and a write on another core takes it away. Threads take turns in a fixed order. Real caches
overlap transfers with other work, and some fetch lines in pairs; measure before you pad.

Source: William J. Bolosky and Michael L. Scott, False Sharing and its Effect on Shared Memory
Performance, USENIX Symposium on Experiences with Distributed and Multiprocessor Systems (1993),
https://www.usenix.org/conference/sedms-iv/false-sharing-and-its-effect-shared-memory-performance
Source: Mark S. Papamarcos and Janak H. Patel, A Low-Overhead Coherence Solution for
Multiprocessors with Private Cache Memories, International Symposium on Computer Architecture
(1984), https://doi.org/10.1145/800015.808204
"""

from sphinx_portfolio.labs.kit import Figure, choice, number

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

LINE, COUNTER, WRITES = 64, 8, 16  # bytes of a line and of a counter; additions of each thread
PARAMETERS = (
    number("threads", "Threads", 4, 2, 8),
    choice("apart", "Bytes apart", "8", ("8", "16", "32", "64")),
    number("turn", "Additions a turn", 1, 1, 16),
    number("cost", "Transfer", 100, 10, 300, step=10, unit="cycles"),
)


def run(threads: int, apart: str, turn: int, cost: int) -> dict[str, object]:
    """Let the threads add in turns; note which additions take a line from another core."""
    owners: dict[int, int] = {}  # of each line: the core that wrote last
    writers: list[int] = []
    moved: list[int] = []
    done = [0] * threads
    while min(done) < WRITES:
        for thread in range(threads):
            for _ in range(min(turn, WRITES - done[thread])):
                line = thread * int(apart) // LINE
                writers.append(thread)
                moved.append(int(owners.get(line, thread) != thread))
                owners[line] = thread
                done[thread] += 1
    return {
        "threads": threads, "apart": int(apart), "writers": writers, "moved": moved,
        "lines": ((threads - 1) * int(apart) + COUNTER + LINE - 1) // LINE,
        "cycles": (len(moved) + cost * sum(moved)) / len(moved),
    }  # fmt: skip


def transfers(data: "dict[str, Any]", thread: int) -> int:
    """Count the additions of a thread that took the line from another core."""
    pairs = zip(data["writers"], data["moved"])
    return sum([move for writer, move in pairs if writer == thread])


def lines(count: int) -> str:
    """Return how many lines there are."""
    return "1 line" if count == 1 else f"{count} lines"


def summarize(data: "dict[str, Any]") -> str:
    """Say what the run shows."""
    return (
        f"{data['threads']} counters {data['apart']} bytes apart take {lines(data['lines'])}; "
        f"{sum(data['moved'])} of {len(data['moved'])} additions took a line from another core, "
        f"{data['cycles']:.1f} cycles an addition."
    )


def draw(data: "dict[str, Any]") -> str:
    """Draw the counters in their lines, and the additions of each thread in time."""
    threads, left, right = data["threads"], 20, 356
    figure = Figure(
        76 + 22 * threads,
        summarize(data),
        "Above, the counters in their lines. Below, a row for each thread, with marks for its "
        "additions in time; a long mark is one that took the line from another core.",
    )
    figure.text(0, 12, f"counters in {lines(data['lines'])} of {LINE} bytes")
    width = 400 // data["lines"] if data["lines"] > 2 else 160
    for line in range(data["lines"]):
        figure.rect(width * line, 21, width - 4, 16, "line")
    for thread in range(threads):
        line, offset = thread * data["apart"] // LINE, thread * data["apart"] % LINE
        x = width * line + int((width - 4) * offset / LINE)
        figure.rect(x, 21, max(int((width - 4) * COUNTER / LINE) - 1, 3), 16, "edge")
    figure.text(0, 64, "additions in time")
    figure.text(400, 64, "transfers", anchor="end")
    figure.line([(322, 54), (322, 68)], "accent", 1.5)
    unit = (right - left) / len(data["moved"])
    for thread in range(threads):
        y = 84 + 22 * thread
        figure.text(0, y + 4, "ABCDEFGH"[thread], "ink")
        figure.text(400, y + 4, str(transfers(data, thread)), anchor="end")
        figure.line([(left, y), (right, y)], "line")
    for at, move in enumerate(data["moved"]):
        x, y = int(left + unit * (at + 0.5)), 84 + 22 * data["writers"][at]
        size = 7 if move else 3
        figure.line([(x, y - size), (x, y + size)], "accent" if move else "ink", 1.5)
    return figure.svg()


def report(data: "dict[str, Any]") -> str:
    """Return a table of the threads."""
    rows = [f"{'thread':<8}{'line':>5}{'byte':>5}{'additions':>11}{'transfers':>11}"]
    for thread in range(data["threads"]):
        at = thread * data["apart"]
        added = data["writers"].count(thread)
        rows.append(
            f"{'ABCDEFGH'[thread]:<8}{at // LINE:>5}{at % LINE:>5}"
            f"{added:>11}{transfers(data, thread):>11}"
        )
    used = data["threads"] * COUNTER
    rows.append(f"{used} of {data['lines'] * LINE} bytes are counters")
    return "\n".join(rows)
