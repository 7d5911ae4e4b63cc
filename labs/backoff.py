"""Back-off and jitter: clients that retry until they have written once

All clients read a row at the same time, and each writes it back on condition that nobody wrote it
since; a write that fails is tried again after a pause, with a new read. Raise the number of
clients: without a pause the calls grow with its square. Doubling the pauses alone helps little,
since clients that failed together try again together. Pauses drawn at random keep them apart.

The model has one row, and a server that is never slow, down or limiting: only there is it fastest
not to pause. An attempt is four messages of 10 ms on average; two together take 15 to 25 ms, evenly
spread. No client gives up. Each result is the mean of three runs.

Source: Marc Brooker, Exponential Backoff And Jitter, AWS Architecture Blog (2015),
https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
Source: Marc Brooker, Timeouts, retries, and backoff with jitter, The Amazon Builders' Library,
https://aws.amazon.com/builders-library/timeouts-retries-and-backoff-with-jitter/
Source: Robert M. Metcalfe and David R. Boggs, Ethernet: Distributed Packet Switching for Local
Computer Networks, Communications of the ACM 19 (1976), https://doi.org/10.1145/360248.360253
"""

from sphinx_portfolio.labs.kit import Figure, Plot, Random, choice, number

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

NONE, EXPONENTIAL, FULL = "none", "exponential", "full jitter"
EQUAL, DECORRELATED = "equal jitter", "decorrelated"
STRATEGIES = (NONE, EXPONENTIAL, EQUAL, DECORRELATED, FULL)
DASHES = {NONE: "1 3", EXPONENTIAL: "7 3", EQUAL: "3 2", DECORRELATED: "7 3 1 3", FULL: ""}
JITTER = {NONE: False, EXPONENTIAL: False, EQUAL: True, DECORRELATED: True, FULL: True}
PARAMETERS = (
    number("clients", "Clients", 50, 5, 200, step=5),
    choice("strategy", "Strategy", FULL, STRATEGIES),
    number("base", "Base", 5, 1, 50, unit="ms"),
    number("cap", "Cap", 2000, 50, 5000, step=50, unit="ms"),
    number("seed", "Seed", 1, 1, 999),
)

STEPS, RUNS = 4, 3  # numbers of clients that are tried, and how often
DRAWS = 1009


class Dice:
    """Whole numbers by chance: a set of draws, used in turn again and again, to save memory."""

    def __init__(self, seed: int) -> None:
        chance = Random(seed)
        self.draws = [chance.below(1000) for _ in range(DRAWS)]
        self.at = 0

    def between(self, low: int, high: int) -> int:
        """Return a number from *low* up to, but not including, *high*."""
        self.at = (self.at + 1) % DRAWS
        return low + (high - low) * self.draws[self.at] // 1000

    def trip(self) -> int:
        """Return how long an answer to a client and its next request take together."""
        return self.between(15_000, 25_000)


def pause(strategy: str, failures: int, last: int, base: int, cap: int, dice: Dice) -> int:
    """Return how long to wait after a number of failures.

    *last* is the pause before this one, or *base*; only decorrelated jitter looks at it.
    """
    if strategy == NONE:
        return 0
    if strategy == DECORRELATED:
        return min(cap, dice.between(base, last * 3))
    most = min(cap, base << min(failures, 13))  # 13: even 1 ms has reached the cap
    if strategy == FULL:
        return dice.between(0, most)
    if strategy == EQUAL:
        return dice.between(most // 2, most)
    return most


def contend(clients: int, strategy: str, base: int, cap: int, dice: Dice) -> tuple[int, int]:
    """Return the number of writes tried, and when the last client knows that it has succeeded.

    All times are whole numbers of microseconds.
    """
    reads = [dice.trip() // 2 for _ in range(clients)]  # when they reach the server
    writes = [read + dice.trip() for read in reads]
    failures, pauses = [0] * clients, [base] * clients
    calls, changed, done = 0, 0, 0  # changed: when the row was written last
    for _ in range(clients):
        while True:
            now = min(writes)
            client = writes.index(now)
            calls += 1
            if changed < reads[client]:  # nobody has written since
                break
            failures[client] += 1
            pauses[client] = pause(strategy, failures[client], pauses[client], base, cap, dice)
            reads[client] = now + pauses[client] + dice.trip()
            writes[client] = reads[client] + dice.trip()
        changed, done = now, max(done, now + dice.trip() // 2)
        for values in (reads, writes, failures, pauses):  # of those that are left
            values.pop(client)
    return calls, done


def run(clients: int, strategy: str, base: int, cap: int, seed: int) -> "dict[str, Any]":
    """Return calls and seconds of each strategy, means of some runs, over the number of clients."""
    sizes = [clients * step // STEPS for step in range(1, STEPS + 1)]
    calls: dict[str, list[float]] = {}
    seconds: dict[str, list[float]] = {}
    dice = Dice(seed)
    for each in STRATEGIES:
        calls[each], seconds[each] = [], []
        for size in sizes:
            runs = [contend(size, each, base * 1000, cap * 1000, dice) for _ in range(RUNS)]
            calls[each].append(sum([count for count, _ in runs]) / RUNS)
            seconds[each].append(sum([time for _, time in runs]) / RUNS / 1e6)
    return {"sizes": sizes, "calls": calls, "seconds": seconds, "strategy": strategy}


def summarize(data: "dict[str, Any]") -> str:
    """Compare the chosen strategy with no back-off."""
    clients, strategy = data["sizes"][-1], data["strategy"]
    calls, time = data["calls"][strategy][-1], data["seconds"][strategy][-1]
    least, without = data["calls"][NONE][-1], data["seconds"][NONE][-1]
    if strategy == NONE:
        return f"Without back-off {clients} clients make {least:.0f} calls in {without:.1f} s."
    return (
        f"With {name(strategy)}, {clients} clients make {calls:.0f} calls in {time:.1f} s; "
        f"without back-off, {least:.0f} calls in {without:.1f} s."
    )


def name(strategy: str) -> str:
    """Return a strategy's name in a sentence."""
    names = {EXPONENTIAL: "exponential back-off", DECORRELATED: "decorrelated jitter"}
    return names.get(strategy, strategy)


def draw(data: "dict[str, Any]") -> str:
    """Draw calls over clients, and below it time over clients."""
    figure = Figure(
        356,
        summarize(data),
        "Two plots over the number of clients, with a line for each strategy. Upper: how often "
        "clients try to write, in total. Lower: how long it takes until all have written.",
    )
    panel(figure, 22, data, data["calls"], "calls")
    panel(figure, 200, data, data["seconds"], "seconds until all have written")
    return figure.svg()


def panel(
    figure: Figure, top: float, data: "dict[str, Any]", values: dict[str, list[float]], label: str
) -> None:
    """Draw one line for each strategy, with its name at the right end.

    The time of exponential back-off may be ten times that of the others: unless it is chosen, it
    leaves the plot at the top, and an arrow and its last value follow its name.
    """
    sizes: list[int] = data["sizes"]
    chosen: str = data["strategy"]
    high = max([values[each][-1] for each in STRATEGIES if each in (chosen, NONE) or JITTER[each]])
    high = 1.2 * max(high, sizes[-1] / 1000)
    plot = Plot(figure, top, 112, (0, 1.62 * sizes[-1]), high, "", label)
    end, lines = plot.x(sizes[-1]), []
    figure.rect(end + 0.5, top - 4, 400 - end, 122, "paper")  # the names stand here, without a grid
    figure.rect(end + 16, top + 117, 400 - end, 16, "paper")
    figure.text(end, top + 143, "clients", anchor="end")
    for each in STRATEGIES:
        points = [(0.0, 0.0)] + [(size, values[each][at]) for at, size in enumerate(sizes)]
        lines.append((plot.y(min(values[each][-1], plot.y_high)), each, below(points, plot.y_high)))
    lines.sort()
    places = apart([y for y, _, _ in lines], top, top + 112)
    for place, (y, each, points) in zip(places, lines):
        color, ink, width = ("accent", "accent", 2) if each == chosen else ("muted", "ink", 1)
        plot.line(points, color, width, DASHES[each])
        words = each
        if values[each][-1] > plot.y_high:
            words = f"{each} ↑{values[each][-1]:.0f}"
        else:
            figure.line([(end + 2, y), (end + 11, place)], color, 0.5)
        figure.text(end + 14, place + 4, words, ink)


def below(points: list[tuple[float, float]], high: float) -> list[tuple[float, float]]:
    """Cut a line where it first rises above *high*."""
    kept = [points[0]]
    for x, y in points[1:]:
        if y > high:
            left, bottom = kept[-1]
            kept.append((left + (x - left) * (high - bottom) / (y - bottom), high))
            break
        kept.append((x, y))
    return kept


def apart(places: list[float], low: float, high: float) -> list[float]:
    """Move sorted places between *low* and *high* so that a line of text fits between two."""
    line = 14.0
    moved: list[float] = []
    for place in places:
        moved.append(max(place, moved[-1] + line if moved else low))
    limit = high
    for at in range(len(moved) - 1, -1, -1):
        moved[at] = min(moved[at], limit)
        limit = moved[at] - line
    return moved


def report(data: "dict[str, Any]") -> str:
    """Write calls and time of the chosen number of clients as a table."""
    clients = data["sizes"][-1]
    lines = [f"{str(clients) + ' clients':<13} calls per client  seconds"]
    for each in STRATEGIES:
        calls, time = data["calls"][each][-1], data["seconds"][each][-1]
        lines.append(f"{each:<13}{calls:>6.0f}{calls / clients:>11.1f}{time:>9.2f}")
    return "\n".join(lines)
