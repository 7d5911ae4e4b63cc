"""The Go scheduler

The main goroutine, G1, starts short ones and computes for 25 ms. Each short one runs for 1 ms or
so, goes to the end of its P's queue, and so on for 80 ms. G1 is preempted after 10 ms and put into
the global queue. Leave out the look there at each 61st tick, and G1 waits until the short ones end;
leave out preemption, and those behind G1 wait over 25 ms. With fewer of them than Ps none waits.

The model's limits: steps of 0.5 ms; switches, steals and wake-ups take no time; no timers, network,
GC or runnext. A local queue holds 16 goroutines, not 256. The P of a blocked one is handed off at
once, for which Go needs over 20 µs. Go does not break SCHED lines.

Source: Dmitry Vyukov, Scalable Go Scheduler Design Doc (2012), https://golang.org/s/go11sched
Source: The Go Authors, runtime/proc.go (findRunnable, runqputslow, runqgrab, retake, schedtrace),
https://github.com/golang/go/blob/master/src/runtime/proc.go
"""

# mypy: allow-any-generics
from sphinx_portfolio.labs.kit import Figure, Random, choice, number, short

MS = 2  # steps in a millisecond
SLICE, ENDS = 10 * MS, 80 * MS  # the longest turn with preemption; the short goroutines end
QUEUE, LOOK = 16, 61  # places in a local queue; a P looks at the global one at each 61st tick

PARAMETERS = (
    number("procs", "Ps", 4, 1, 8),
    number("goroutines", "Short Gs", 12, 0, 24),
    choice("without", "Leave out", "nothing", ("nothing", "61st tick", "preemption", "both")),
    number("syscall", "Blocking call", 20, 0, 50, 5, "ms"),
    number("seed", "Seed", 1, 1, 99),
)
NAMES = ("gomaxprocs", "idleprocs", "threads", "idlethreads", "runqueue", "runqueue_local",
         "schedticks")  # fmt: skip


class Goroutine:
    """Runs in turns, counted in steps; a turn below 0 is a blocking call, between two others."""

    def __init__(self, name: int, turns: list[int]) -> None:
        self.name, self.turns, self.left = name, turns[1:], turns[0]
        self.since = 0  # when it began to run or to wait in a queue, or when its call ends


class Scheduler:
    """Ps with a local queue each, and the global queue."""

    def __init__(self, procs: int, looks: bool, preempts: bool, ends: int, seed: int) -> None:
        self.looks, self.preempts, self.ends, self.random = looks, preempts, ends, Random(seed)
        self.now = self.threads = self.waited = 0  # the longest wait in a local queue
        self.waits: list[list[int]] = []  # of G1 in the global queue: from, to
        self.running: list[Goroutine | None] = [None] * procs
        self.ticks = [0] * procs  # how often a P began to run a goroutine
        self.local: list[list[Goroutine]] = [[] for _ in range(procs)]
        self.shared: list[Goroutine] = []  # the global queue
        self.blocked: list[Goroutine] = []  # each with its thread, which has no P
        self.bars: list[list[int]] = []  # P, goroutine, from, to
        self.calls: list[list[int]] = []  # goroutine, from, to

    def put(self, p: int, g: Goroutine) -> None:
        """Append to a local queue; if it is full, move half of it and *g* to the global queue."""
        queue = self.local[p]
        queue.append(g)
        if len(queue) > QUEUE:
            self.shared += [self.take(queue) for _ in range(QUEUE // 2)] + [queue.pop()]

    def take(self, queue: list[Goroutine]) -> Goroutine:
        """Take the first out of a queue, and note how long it waited there."""
        g = queue.pop(0)
        if queue is not self.shared:
            self.waited = max(self.waited, self.now - g.since)
        elif g.name == 1:
            self.waits.append([g.since, self.now])
        g.since = self.now
        return g

    def find(self, p: int) -> Goroutine | None:
        """Find what a P runs next: in its queue, the global one, or the queue of another P."""
        queue, size = self.local[p], len(self.shared)
        if self.looks and self.ticks[p] % LOOK == 0 and size:
            return self.take(self.shared)
        if not queue:  # take a share of the global queue
            for _ in range(min(QUEUE // 2, size, size // len(self.local) + 1)):
                queue.append(self.take(self.shared))
        self.steal(queue)
        return self.take(queue) if queue else None

    def steal(self, queue: list[Goroutine]) -> None:
        """Fill an empty queue with half of another, chosen at random; the last of it runs first."""
        victims = [each for each in self.local if each and not queue]
        if victims:
            victim = victims[self.random.below(len(victims))]
            half = len(victim) - len(victim) // 2
            queue.extend([victim[half - 1]] + victim[: half - 1])
            victim[:] = victim[half:]

    def schedule(self) -> None:
        """Give work to free Ps."""
        for g in [each for each in self.blocked if each.since == self.now]:
            self.blocked.remove(g)
            self.shared.append(g)  # where a free P finds it at once
        for p, runs in enumerate(self.running):
            if not runs:
                self.running[p] = self.find(p)
                self.ticks[p] += self.running[p] is not None
        self.threads = max(self.threads, self.used())

    def stop(self, p: int, g: Goroutine) -> None:
        """Take a goroutine off its P: preempted, at its end, blocked, or after a turn."""
        self.bars.append([p, g.name, g.since, self.now])
        self.running[p], g.since = None, self.now
        if g.left:
            self.shared.append(g)
        elif g.turns and self.now < self.ends:
            g.left = g.turns.pop(0)
            if g.left > 0:
                self.put(p, g)
            else:
                g.since, g.left = self.now - g.left, g.turns.pop(0)
                self.blocked.append(g)
                self.calls.append([g.name, self.now, g.since])

    def step(self) -> None:
        """Run what has a P for one step."""
        self.now += 1
        for p, g in enumerate(self.running):
            if g:
                g.left -= 1
                if g.left == 0 or (self.preempts and self.now - g.since == SLICE):
                    self.stop(p, g)

    def used(self) -> int:
        """Count the threads that run or block; 0 at the end, when no goroutine is left."""
        return len(self.running) - self.running.count(None) + len(self.blocked)


def run(procs: int, goroutines: int, without: str, syscall: int, seed: int) -> dict[str, object]:
    """Run the main goroutine and the short ones; times are in steps."""
    looks, preempts = without in ("nothing", "preemption"), without in ("nothing", "61st tick")
    s, states = Scheduler(procs, looks, preempts, ENDS, seed), []
    s.put(0, Goroutine(1, [25 * MS]))
    s.schedule()
    for name in range(2, goroutines + 2):
        turns = [1 + s.random.below(3) for _ in range(12)] * 14
        if syscall and name == max(2, goroutines):
            turns.insert(1, -syscall * MS)
        s.put(0, Goroutine(name, turns))
    s.schedule()
    while s.used():
        if s.now % (40 * MS) == 0:
            states.append([
                s.now // MS, procs, s.running.count(None), s.threads + 1, s.threads - s.used(),
                len(s.shared), [len(queue) for queue in s.local], list(s.ticks),
            ])  # fmt: skip
        s.step()
        s.schedule()
    busy = sum([min(stop, ENDS) - min(start, ENDS) for _, _, start, stop in s.bars])
    return {
        "procs": procs, "states": states, "end": s.now, "bars": s.bars, "calls": s.calls,
        "busy": busy / ENDS / procs, "local": s.waited, "waits": s.waits,
        "shared": max([0] + [stop - start for start, stop in s.waits]),
    }  # fmt: skip


def summarize(data: dict) -> str:
    """Say how long goroutines waited in both kinds of queues, and how busy the Ps were."""
    local, shared = short(data["local"] / MS), short(data["shared"] / MS)
    return (
        f"G1 waited up to {shared} ms in the global queue, and any goroutine up to {local} ms in a "
        f"local one; until {ENDS // MS} ms the Ps were busy {data['busy'] * 100:.0f}% of the time."
    )


def draw(data: dict) -> str:
    """Draw a lane for each P, the way of G1 into the global queue and back, and the call."""
    last, scale = (100, 1.8) if data["end"] <= 100 * MS else (150, 1.2)  # exact, as dashes
    left, pitch, below = 26.0, 18.0, 30 + 18.0 * data["procs"]  # G1 waits below the lanes
    height = below + (56 if data["calls"] else 24)
    desc = "A lane of turns for each P; below the lanes, a thick line while G1 waits."
    figure = Figure(height, summarize(data), desc)
    figure.text(0, 11, "ms")
    for ms in range(0, last + 1, last // 2):
        x = left + ms * MS * scale
        figure.line([(x, 18), (x, below - 8)], "line")
        figure.text(x, 11, str(ms), anchor="middle")
    for p in range(data["procs"]):
        y = 30 + p * pitch
        figure.text(0, y + 4, f"P{p}")
        figure.line([(left, y), (left + last * MS * scale, y)], "line")
        lane = [bar for bar in data["bars"] if bar[0] == p and bar[1] != 1]
        if lane:  # one line, whose dashes are the bars: shorter than a rectangle for each
            dashes = []
            for (_, _, start, stop), after in zip(lane, lane[1:] + [[0, 0, data["end"]]]):
                dashes += [
                    short((stop - start) * scale - 0.5),
                    short((after[2] - stop) * scale + 0.5),
                ]
            ends = [(left + lane[0][2] * scale, y), (left + lane[-1][3] * scale, y)]
            figure.line(ends, "edge", 10, " ".join(dashes))
    way: list[tuple[float, float]] = []  # from where G1 was preempted
    for p, _, start, stop in [bar for bar in data["bars"] if bar[1] == 1]:
        y, x, right = 30 + p * pitch, left + start * scale, left + stop * scale
        if way and x > way[0][0]:
            figure.line(way + [(x, below), (x, y)], "accent")
        figure.rect(x, y - 5, right - x - 0.5, 10, "accent")
        way = [(right, y), (right, below)]
    for start, stop in [each for each in data["waits"] if each[0] < each[1]]:
        figure.line([(left + start * scale, below), (left + stop * scale, below)], "accent", 3)
    waits = "waits" if data["shared"] else "does not wait"
    figure.text(left, below + 16, f"G1 {waits} in the global queue", "accent")
    for g, start, stop in data["calls"]:
        again = min([bar[2] for bar in data["bars"] if bar[1] == g and bar[2] >= stop])
        x, right, y = left + start * scale, left + stop * scale, below + 34
        figure.line([(x, y), (right, y)], "ink", 3, "2 2")
        figure.line([(right, y), (left + again * scale, y)], "ink")
        figure.text(left, y + 16, f"G{g} blocks without a P, then waits for one")
    return figure.svg()


def report(data: dict) -> str:
    """Write the states as Go does, and the last one as an exporter shows it to Prometheus."""
    lines = []
    for ms, procs, idle, threads, sleeping, size, queues, ticks in data["states"]:
        lines += [
            f"SCHED {ms}ms: gomaxprocs={procs} idleprocs={idle}",
            f"  threads={threads} spinningthreads=0\n  needspinning=0 idlethreads={sleeping}",
            f"  runqueue={size} [ {' '.join(map(str, queues))} ]",
            f"  schedticks=[\n  {' '.join(map(str, ticks))} ]",
        ]
    lines.append("")
    for name, value in zip(NAMES, data["states"][-1][1:]):
        kind, end = ("counter", "_total") if name == "schedticks" else ("gauge", "")
        lines.append(f"# TYPE sched_{name}{end} {kind}")
        if isinstance(value, list):
            lines += [f'sched_{name}{end}{{p="{p}"}} {each}' for p, each in enumerate(value)]
        else:
            lines.append(f"sched_{name}{end} {value}")
    return "\n".join(lines) + "\n"
