"""Work stealing over Ps and load

Goroutines come at random to the queues of several Ps. If each P runs only its own queue, goroutines
wait behind others while other Ps are free. If a free P steals half of another queue, no P is free
while a goroutine waits, and all queues act as one. More Ps make the wait in that one queue shorter;
they do not help Ps that don't steal. The Ps are about as busy in both cases, as the load says.

The model's limits: runs and the times between arrivals are exponential, nothing is preempted,
steals cost nothing, and there is no global queue. The marks are one short run that starts with
empty queues; the lines and the second table hold in the long run.

Source: Robert D. Blumofe and Charles E. Leiserson, Scheduling Multithreaded Computations by Work
Stealing, Journal of the ACM 46 (1999), https://doi.org/10.1145/324133.324234
Source: Agner Krarup Erlang, Solution of some Problems in the Theory of Probabilities of
Significance in Automatic Telephone Exchanges (1917): the lines are its formula for calls that wait,
https://en.wikipedia.org/wiki/M/M/c_queue
"""

import math

# mypy: allow-any-generics
from sphinx_portfolio.labs.kit import Figure, Plot, Random, number

RUN = 1000  # a mean run, in units of time
NEVER = 1 << 29  # later than all ends
LOADS = (10, 20, 30, 40, 50, 60, 70, 80, 90)  # in percent of what the Ps can run

PARAMETERS = (
    number("procs", "Ps", 4, 1, 16),
    number("goroutines", "Goroutines", 800, 100, 800, 100),
    number("seed", "Seed", 1, 1, 99),
)


class Ps:
    """Ps with a queue each, what they run, and how long goroutines waited and Ps were busy."""

    def __init__(self, procs: int, steals: bool) -> None:
        self.steals = steals
        self.queues: list[list[int]] = [[] for _ in range(procs)]  # of goroutines
        self.ends = [NEVER] * procs  # when what it runs ends; NEVER if it is free
        self.now = 0
        self.queued = 0  # goroutines in all queues
        self.waited = 0  # the sum over goroutines
        self.busy = self.wasted = 0  # the sum over Ps that run, and that are free in vain

    def advance(self, now: int) -> None:
        """Let time go on; a P is free in vain while a goroutine waits in any queue."""
        free = self.ends.count(NEVER)
        self.busy += (now - self.now) * (len(self.ends) - free)
        if self.queued:
            self.wasted += (now - self.now) * free
        self.now = now

    def next(self, p: int, arrivals: list[int], runs: list[int]) -> None:
        """Let a free P run the next goroutine of its queue, or of one that it steals from."""
        queue = self.queues[p]
        if self.steals and self.queued and not queue:
            other = self.now  # at random: runs end at any time
            while not self.queues[other % len(self.queues)]:
                other += 1
            victim = self.queues[other % len(self.queues)]
            for _ in range(len(victim) - len(victim) // 2):
                queue.append(victim.pop(0))
        self.ends[p] = NEVER
        if queue:
            g = queue.pop(0)
            self.queued -= 1
            self.waited += self.now - arrivals[g]
            self.ends[p] = self.now + runs[g]


def simulate(ps: Ps, arrivals: list[int], runs: list[int], homes: list[int]) -> None:
    """Let each goroutine come to its home's queue, until all have ended."""
    for g, home in enumerate(homes):
        finish(ps, arrivals[g], arrivals, runs)
        ps.advance(arrivals[g])
        ps.queues[home].append(g)
        ps.queued += 1
        if ps.ends[home] == NEVER:
            ps.next(home, arrivals, runs)
        elif ps.steals and NEVER in ps.ends:
            ps.next(ps.ends.index(NEVER), arrivals, runs)
    finish(ps, NEVER - 1, arrivals, runs)


def finish(ps: Ps, until: int, arrivals: list[int], runs: list[int]) -> None:
    """Let all runs end that end by then, and others begin after them."""
    while min(ps.ends) <= until:
        ps.advance(min(ps.ends))
        ps.next(ps.ends.index(ps.now), arrivals, runs)


def erlang(procs: int, load: float) -> float:
    """Return the mean wait in one queue of all Ps, in mean runs; *load* is below 1."""
    lost = 1.0  # Erlang's B: the share that finds all Ps busy, if nobody waits
    for p in range(1, procs + 1):
        lost = procs * load * lost / (p + procs * load * lost)
    return lost / (1 - load + load * lost) / procs / (1 - load)


def exponential(random: Random, count: int) -> list[int]:
    """Return exponential times, scaled to the mean RUN, so that a load is met closely."""
    times = [-math.log(1 - random.random()) for _ in range(count)]
    scale = RUN * count / sum(times)
    return [int(time * scale) for time in times]


def run(procs: int, goroutines: int, seed: int) -> dict[str, object]:
    """Run the same goroutines at each load, with stealing and without."""
    random = Random(seed)
    gaps, runs = exponential(random, goroutines), exponential(random, goroutines)
    homes = [random.below(procs) for _ in range(goroutines)]
    points = []
    for load in LOADS:
        arrivals, now = [], 0
        for gap in gaps:
            now += gap * 100 // load // procs
            arrivals.append(now)
        point: list[float] = [load]
        for steals in (True, False):
            ps = Ps(procs, steals)
            simulate(ps, arrivals, runs, homes)
            whole = procs * ps.now / 100
            point += [ps.waited / goroutines / RUN, ps.busy / whole, ps.wasted / whole]
        points.append(point)
    return {"procs": procs, "points": points}


def summarize(data: dict) -> str:
    """Compare the waits at the load of 80%."""
    _, wait, busy, _, alone, _, wasted = data["points"][LOADS.index(80)]
    ps = "P is" if data["procs"] == 1 else "Ps are"
    said = f"At a load of 80% the {ps} busy {busy:.0f}% of the time; a goroutine waits {wait:.2f} "
    if data["procs"] == 1:
        return said + "mean runs. With one P there is nobody to steal from."
    return (
        f"{said}mean runs if they steal, and {alone:.2f} if each has its own queue: then they are "
        f"free while a goroutine waits for {wasted:.0f}% of their time."
    )


def draw(data: dict) -> str:
    """Draw the waits over the load, and below them how the Ps use their time."""
    desc = "Marks for own queues and for Ps that steal, over the load. Above, how long goroutines "
    desc += (
        "wait, with lines of Erlang's formula for one P and for all Ps with one queue. Below, for "
    )
    desc += "how much of their time Ps are free while a goroutine waits: never if they steal."
    figure = Figure(376, summarize(data), desc)
    points = data["points"]
    high = max([4.0] + [max(point[1], point[4]) for point in points])
    most = max([40.0] + [point[6] for point in points])
    waits = Plot(figure, 22, 150, (0, 99), high, "load, %", "mean wait, in mean runs")
    free_label = "Ps free while goroutines wait, % of time"
    wasted = Plot(figure, 252, 90, (0, 99), most, "load, %", free_label)
    lines = [(1, "edge", "3 3", 0)] + [(data["procs"], "accent", "", 114)] * (data["procs"] > 1)
    for procs, color, dash, x in lines:
        curve = [(load, erlang(procs, load / 100)) for load in range(0, 99, 3)]
        waits.line([each for each in curve if each[1] <= waits.y_high], color, 1, dash)
        figure.line([(waits.left + x - 2, 214), (waits.left + x + 8, 214)], color, 1, dash)
        figure.text(waits.left + x + 12, 218, f"Erlang, {procs} P{'s' * (procs > 1)}")
    wasted.line([(point[0], point[6]) for point in points], "edge", 1, "3 3")
    for load, wait, _, free, alone, _, alone_free in points:
        for plot, y in ((waits, alone), (wasted, alone_free)):
            figure.rect(plot.x(load) - 3, plot.y(y) - 3, 6, 6, "ink")
        for plot, y in ((waits, wait), (wasted, free)):
            figure.dot(plot.x(load), plot.y(y), "accent")
    figure.rect(waits.left, 195, 6, 6, "ink")
    figure.text(waits.left + 12, 203, "own queues")
    figure.dot(waits.left + 117, 198, "accent")
    figure.text(waits.left + 126, 203, "free Ps steal")
    return figure.svg()


def report(data: dict) -> str:
    """Tabulate this run over the load, and the wait in the long run over Ps and load."""
    lines = [f"This run, {data['procs']} Ps, mean waits in mean runs", ""]
    lines.append("load    busy    steals  own queues")
    for load, wait, busy, _, alone, _, _ in data["points"][4:]:
        lines.append(f"{load}%{busy:>8.0f}%{wait:>10.2f}{alone:>12.2f}")
    loads = (50, 70, 80, 90)
    lines += ["", "Mean wait in the long run if Ps steal", ""]
    lines.append("load " + "".join([f"{load:>7}%" for load in loads]))
    for procs in (1, 2, 4, 8, 16, 32):
        row = "".join([f"{erlang(procs, load / 100):>8.2f}" for load in loads])
        lines.append(f"{procs:>2} Ps{row}")
    return "\n".join(lines) + "\n"
