"""The Go GC pacer: when to start collecting, before and since Go 1.18

A concurrent collector has to start early enough to finish marking when the heap reaches its goal.
Let the allocation rate, in bytes per byte marked, or the live heap jump. The pacer of Go 1.17, a
proportional controller (P), comes to rest off its targets. That of Go 1.18, a proportional-integral
controller (PI), estimates the rate: in the end no error is left and nobody has to assist, unless
the earliest start is too late. Without the integral (P only) half of the error stays.

Goals, gains, assist ratios, targets and the bounds of the start (60% to 95% of the way from live
heap to goal, since Go 1.18 from 70%; the upper one is that of small heaps) are those of the
sources. The model leaves out idle workers, sweeping, noise and memory without pointers. Assists
follow their ratio exactly, what is allocated in a cycle is garbage in the next, and 100 MiB are
live before the jump. Later versions of Go have a simpler rule instead of the PI controller.

Source: Austin Clements, Go 1.5 concurrent garbage collector pacing (2015),
https://go.dev/s/go15gcpacing
Source: Michael Knyszek, GC Pacer Redesign (2021), https://go.dev/design/44167-gc-pacer-redesign
Source: The Go Authors, src/runtime/mgcpacer.go of Go 1.17 and Go 1.18 (2021, 2022),
https://github.com/golang/go/blob/go1.18/src/runtime/mgcpacer.go
Source: The Go Authors, A Guide to the Go Garbage Collector, https://go.dev/doc/gc-guide
"""

from sphinx_portfolio.labs.kit import Figure, Plot, choice, number

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

RATE, HEAP = "allocation rate", "live heap"
PARAMETERS = (
    number("gogc", "GOGC", 100, 20, 400, step=10),
    number("rate", "Allocation rate", 0.04, 0.01, 0.25, step=0.01),
    number("roots", "Roots", 10, 0, 200, step=10, unit="MiB"),
    choice("what", "Step in", RATE, (RATE, HEAP)),
    number("to", "Step to", 2, 0.5, 4, step=0.5, unit="times"),
    number("at", "Step at cycle", 12, 2, 30),
)
LIVE, CYCLES = 100.0, 40  # MiB of live heap before the step
BACKGROUND, OLD_TARGET = 0.25, 0.3  # shares of the CPU; the target of 1.18 is its background
GAIN, KP, KI = 0.5, 0.9, 0.9 / 4  # of P until 1.17; of P and of I, over 4 cycles, since 1.18
PARTS = 25  # of a mark phase of Go 1.17, whose assist ratio changes meanwhile
OLD, NEW, BARE = "Go 1.17, P", "Go 1.18, PI", "P only"


def heap_goal(live: float, roots: float, gogc: float) -> float:
    """Return the heap goal of Go 1.18, in the unit of *live*; that of Go 1.17 has no roots."""
    return live + (live + roots) * gogc / 100


class Phase:
    """A mark phase, in MiB. A CPU allocates *rate* bytes in the time in which it could mark one."""

    def __init__(self, live: float, goal: float, trigger: float, rate: float) -> None:
        self.live, self.goal, self.trigger, self.rate = live, goal, trigger, rate
        self.allocated = self.marked = self.time = self.ratio = 0.0

    def mark(self, amount: float, ratio: float) -> None:
        """Mark an amount; allocation is slowed so that *ratio* bytes are marked for each byte."""
        cpu = max(BACKGROUND, self.rate * ratio / (1 + self.rate * ratio))
        self.ratio = self.ratio or ratio  # the first is reported
        self.marked += amount
        self.time += amount / cpu
        self.allocated += self.rate * (1 - cpu) * amount / cpu


class Pacer:
    """The pacer of Go 1.18: it estimates the rate; *ki* is the gain of its integral."""

    def __init__(self, gogc: float, roots: float, ki: float = KI) -> None:
        self.gogc, self.roots, self.ki = gogc, roots, ki
        self.estimate = self.integral = 0.0

    def start(self, live: float, rate: float) -> Phase:
        """Choose goal and trigger so that background workers alone finish in time."""
        goal = heap_goal(live, self.roots, self.gogc)
        runway = self.estimate * (1 - BACKGROUND) / BACKGROUND * (live + self.roots)
        low, high = live + 0.7 * (goal - live), live + 0.95 * (goal - live)
        return Phase(live, goal, min(max(goal - runway, low), high), rate)

    def mark(self, phase: Phase, live: float) -> None:
        """Mark roots and live heap, and learn.

        The assist ratio stays the same, also if more is live than before: Go then moves the goal
        along, up to a limit that is not reached here.
        """
        ratio = (phase.live + self.roots) / (phase.goal - phase.trigger)
        phase.mark(live + self.roots, ratio)
        cpu = phase.marked / phase.time
        error = phase.allocated * cpu / (phase.marked * (1 - cpu)) - self.estimate
        self.estimate = KP * error + self.integral
        self.integral += self.ki * error


class OldPacer(Pacer):
    """The pacer of Go 1.5 to 1.17: it moves the trigger by half of its error."""

    trigger = 7 / 8  # relative to the live heap, as growth is

    def start(self, live: float, rate: float) -> Phase:
        """Choose goal and trigger from the heap that the last cycle left."""
        growth = self.gogc / 100
        self.trigger = min(max(self.trigger, 0.6 * growth), 0.95 * growth)
        return Phase(live, heap_goal(live, 0, self.gogc), live * (1 + self.trigger), rate)

    def ratio(self, phase: Phase) -> float:
        """Return the assist ratio; roots are no work, and what was allocated counts as marked."""
        heap, goal = phase.trigger + phase.allocated, phase.goal
        done = max(0.0, phase.marked - self.roots) + phase.allocated
        expected = heap / (1 + self.gogc / 100)
        if heap > goal or done > expected:
            goal, expected = 1.1 * goal, heap
        return max(expected - done, 0.001) / max(goal - heap, 0.001)  # a little is left

    def mark(self, phase: Phase, live: float) -> None:
        """Mark roots and live heap. The error has heap and CPU in one: both can be off at zero."""
        for _ in range(PARTS):
            phase.mark((live + self.roots) / PARTS, self.ratio(phase))
        actual = (phase.trigger + phase.allocated) / phase.live - 1
        weight = phase.marked / phase.time / OLD_TARGET
        self.trigger += GAIN * (self.gogc / 100 - self.trigger - weight * (actual - self.trigger))


def simulate(pacer: Pacer, lives: list[float], rates: list[float]) -> list[dict[str, float]]:
    """Return what happens in each cycle, given what is reachable in it, and its rate."""
    cycles, live = [], LIVE
    for reachable, rate in zip(lives, rates):
        estimate, phase = pacer.estimate, pacer.start(live, rate)
        live = min(reachable, phase.trigger)  # there is no more yet
        pacer.mark(phase, live)
        cycle = {"live": phase.live, "goal": phase.goal, "trigger": phase.trigger}
        cycle.update({"peak": phase.trigger + phase.allocated, "cpu": phase.marked / phase.time})
        cycle.update({"ratio": phase.ratio, "estimate": estimate})
        cycles.append(cycle)
    return cycles


def run(gogc: float, rate: float, roots: float, what: str, to: float, at: int) -> "dict[str, Any]":
    """Return the rates, and lists of what happens in the cycles of each pacer."""
    steps = [1.0] * (at - 1) + [to] * (CYCLES + 1 - at)
    lives = [LIVE * step if what == HEAP else LIVE for step in steps]
    rates = [rate * step if what == RATE else rate for step in steps]
    pacers = {
        OLD: simulate(OldPacer(gogc, roots), lives, rates),
        NEW: simulate(Pacer(gogc, roots), lives, rates),
        BARE: simulate(Pacer(gogc, roots, 0), lives, rates),
    }
    return {"at": at, "rates": rates, "pacers": pacers}


def summarize(data: "dict[str, Any]") -> str:
    """Say where both controllers end."""
    old, new = data["pacers"][OLD][-1], data["pacers"][NEW][-1]
    return (
        f"In the end Go 1.17 marks with {old['cpu']:.1%} of the CPU (it wants 30%) up to "
        f"{old['peak'] / old['goal']:.1%} of its heap goal, Go 1.18 with {new['cpu']:.1%} "
        f"(it wants 25%) up to {new['peak'] / new['goal']:.1%}."
    )


def report(data: "dict[str, Any]") -> str:
    """Write the last cycle and the worst since the step as a table."""
    logs = [data["pacers"][name] for name in (OLD, NEW, BARE)]
    ends, later = [log[-1] for log in logs], [log[data["at"] - 1 :] for log in logs]
    above = [max([cycle["peak"] / cycle["goal"] - 1 for cycle in log]) for log in later]
    rows = [
        (f"Cycle {CYCLES}", ["1.17, P", "1.18, PI", "P only"]),
        ("Goal, MiB", [f"{end['goal']:.1f}" for end in ends]),
        ("Trigger", [f"{end['trigger']:.1f}" for end in ends]),
        ("Peak", [f"{end['peak']:.1f}" for end in ends]),
        ("CPU, marking", [f"{end['cpu']:.1%}" for end in ends]),
        ("  wanted", ["30.0%", "25.0%", "25.0%"]),
        ("Assist ratio", [f"{end['ratio']:.2f}" for end in ends]),
        (f"Most since {data['at']}", ["", "", ""]),
        ("Above goal", [f"{max(0, most):.1%}" for most in above]),
        ("CPU, marking", [f"{max([cycle['cpu'] for cycle in log]):.1%}" for log in later]),
    ]
    return "\n".join([f"{name:<13}{a:>8}{b:>10}{c:>9}" for name, (a, b, c) in rows])


def draw(data: "dict[str, Any]") -> str:
    """Draw when each pacer marks, and what that of Go 1.18 estimates."""
    desc = (
        "Bars from trigger to peak, in % of the way from live heap to goal, of both pacers; below "
    )
    desc += "them, over the cycles, the allocation rate, and the estimates of PI and of P only."
    figure = Figure(352, summarize(data), desc)
    bare, new = [[each["estimate"] for each in data["pacers"][name]] for name in (BARE, NEW)]
    high = max(data["rates"] + new)
    plot = Plot(figure, 234, 84, (0, 1.2 * CYCLES), high, "", "bytes allocated per byte marked")
    end, place, names = plot.x(CYCLES), 335.0, []
    figure.rect(end + 1, 230, 400, 92, "paper")  # names stand here
    figure.text(end, 349, "cycle", anchor="end")
    lines = [("actual", data["rates"], "ink", "1 2"), ("P only", bare, "muted", "5 2")]
    for name, values, color, dash in lines + [("PI", new, "accent", "")]:
        plot.line([(n + 0.5, value) for n, value in enumerate(values)], color, 1.5, dash)
        names.append((plot.y(values[-1]), name, color))
    for y, name, color in sorted(names, reverse=True):  # from below, apart from each other
        place = min(place - 13, y + 4)
        figure.text(end + 6, place, name, color)
    bars(plot, 22, data["pacers"][OLD], "Go 1.17 (P): marking, % of the way to the goal", "edge")
    bars(plot, 128, data["pacers"][NEW], "Go 1.18 (PI)", "accent")
    return figure.svg()


def bars(plot: Plot, top: float, log: list[dict[str, float]], label: str, color: str) -> None:
    """Draw mark phases from trigger to peak above a plot: 0 is the live heap, 100 the goal."""
    ways: list[tuple[float, float]] = []
    for cycle in log:
        live, way = cycle["live"], (cycle["goal"] - cycle["live"]) / 100
        ways.append(((cycle["trigger"] - live) / way, (cycle["peak"] - live) / way))
    high = max([120.0] + [peak for _, peak in ways])
    figure, unit, end = plot.figure, 70 / (high - 60), plot.x(CYCLES)
    figure.text(0, top - 8, label)
    figure.text(end + 6, top + unit * (high - 100) + 4, "goal")
    for level in range(60, int(high) + 1, 20):
        y = top + unit * (high - level)
        figure.line([(plot.left, y), (end, y)], "edge" if level == 100 else "line")
        figure.text(plot.left - 6, y + 4, str(level), anchor="end")
    for n, pair in enumerate(ways):
        figure.line([(plot.x(n + 0.5), top + unit * (high - each)) for each in pair], color, 4)
