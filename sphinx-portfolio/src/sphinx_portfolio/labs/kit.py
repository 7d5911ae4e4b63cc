"""What labs are written with: parameters, a seeded generator, and drawings.

A lab imports this module and the standard library only. In the browser MicroPython runs both, so
this file keeps to MicroPython's subset of Python: no dataclasses, no `typing`, no `[*x]`, and
dictionaries have no order.
"""

import gc
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

WIDTH = 400  # of all drawings, in units; a drawing is shown 480 px wide, or 320 px on a phone
TYPE = 7.8  # the width of a character, in units: the widest at which text is shown
COLORS = {
    "ink": "var(--portfolio-text, currentColor)",
    "muted": "var(--portfolio-muted, currentColor)",
    "edge": "var(--portfolio-edge, currentColor)",
    "line": "var(--portfolio-line, currentColor)",
    "accent": "var(--portfolio-accent, currentColor)",
    "paper": "var(--portfolio-paper, transparent)",
}

# -- Parameters -----------------------------------------------------------------


def number(
    name: str, label: str, default: float, low: float, high: float, step: float = 1, unit: str = ""
) -> dict[str, object]:
    """Describe a number from *low* to *high*, both included; whole if all values are."""
    return {
        "kind": "number", "name": name, "label": label, "default": default,
        "low": low, "high": high, "step": step, "unit": unit,
    }  # fmt: skip


def choice(name: str, label: str, default: str, options: tuple[str, ...]) -> dict[str, object]:
    """Describe a choice of one of the options, which readers see as they are."""
    return {
        "kind": "choice", "name": name, "label": label, "default": default,
        "options": list(options),
    }  # fmt: skip


def text(name: str, label: str, default: str, longest: int = 80) -> dict[str, object]:
    """Describe a text of at most *longest* characters, such as a schedule."""
    return {
        "kind": "text", "name": name, "label": label, "default": default, "longest": longest,
    }  # fmt: skip


# -- Chance ---------------------------------------------------------------------


class Random:
    """The generator of Wichmann and Hill (Algorithm AS 183, 1982): the same numbers everywhere.

    Its integers stay below 2**24, which MicroPython adds and multiplies fast.
    """

    def __init__(self, seed: int) -> None:
        """Start from a seed, a whole number."""
        self.a = 1 + seed % 30268
        self.b = 1 + seed // 30268 % 30306
        self.c = 1 + seed // (30268 * 30306) % 30322
        for _ in range(10):  # seeds that are near give numbers that are not
            self.random()

    def random(self) -> float:
        """Return a number from 0 up to, but not including, 1."""
        self.a = 171 * self.a % 30269
        self.b = 172 * self.b % 30307
        self.c = 170 * self.c % 30323
        return (self.a / 30269 + self.b / 30307 + self.c / 30323) % 1.0

    def uniform(self, low: float, high: float) -> float:
        """Return a number from *low* up to *high*."""
        return low + (high - low) * self.random()

    def below(self, count: int) -> int:
        """Return a whole number from 0 to *count* - 1."""
        return int(self.random() * count)


# -- Drawings -------------------------------------------------------------------


def escape(words: str) -> str:
    """Return a text as it is written in SVG."""
    return words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def short(value: float) -> str:
    """Return a number with one decimal, without a zero after the point: 12, 12.5."""
    written = f"{value + 1e-6:.1f}"  # not halfway, which Python and MicroPython round differently
    return written[:-2] if written.endswith(".0") else written


class Figure:
    """A drawing of 400 units by *height*, from the top left corner.

    *title* names it, *desc* says what it shows. Colors are the keys of `COLORS`. Text is set in the
    monospaced font; on a phone its characters are 7.8 units wide.
    """

    def __init__(self, height: float, title: str, desc: str) -> None:
        """Begin a drawing with its text alternative."""
        self.height = height
        self.parts = [f"<title>{escape(title)}</title>", f"<desc>{escape(desc)}</desc>"]

    def line(
        self,
        points: list[tuple[float, float]],
        color: str = "ink",
        width: float = 1,
        dash: str = "",
    ) -> None:
        """Draw a line through points; *dash* is as in SVG, such as "4 3"."""
        path = " ".join([f"{short(x)},{short(y)}" for x, y in points])
        dashed = f' stroke-dasharray="{dash}"' if dash else ""
        self.parts.append(
            f'<polyline points="{path}" fill="none" stroke="{COLORS[color]}" '
            f'stroke-width="{width}"{dashed}/>'
        )

    def rect(
        self,
        x: float,
        y: float,
        width: float,
        height: float,
        color: str = "edge",
        outline: str = "",
    ) -> None:
        """Draw a filled rectangle, with an outline of another color."""
        edge = f' stroke="{COLORS[outline]}"' if outline else ""
        self.parts.append(
            f'<rect x="{short(x)}" y="{short(y)}" width="{short(width)}" '
            f'height="{short(height)}" fill="{COLORS[color]}"{edge}/>'
        )

    def dot(self, x: float, y: float, color: str = "ink", radius: float = 3) -> None:
        """Draw a filled circle."""
        self.parts.append(
            f'<circle cx="{short(x)}" cy="{short(y)}" r="{short(radius)}" fill="{COLORS[color]}"/>'
        )

    def text(
        self, x: float, y: float, words: str, color: str = "muted", anchor: str = "start"
    ) -> None:
        """Write a line of text on the base line *y*; *anchor* is "start", "middle" or "end"."""
        self.parts.append(
            f'<text x="{short(x)}" y="{short(y)}" fill="{COLORS[color]}" '
            f'text-anchor="{anchor}">{escape(words)}</text>'
        )

    def svg(self) -> str:
        """Return the drawing."""
        box = f"0 0 {WIDTH} {short(self.height)}"
        return f'<svg viewBox="{box}" role="img">' + "".join(self.parts) + "</svg>"


def ticks(high: float) -> list[float]:
    """Return three to six round numbers from 0 to at least *high*."""
    if high <= 0:
        return [0, 1]
    step = 1.0
    while step < high:
        step *= 10
    while step >= high:
        step /= 10
    for factor in (1, 2, 5):
        if step * factor * 5 >= high:
            step *= factor
            break
    count = 0
    while count * step < high:
        count += 1
    return [step * each for each in range(count + 1)]


class Plot:
    """Axes in a figure: *x* and *y* turn values into units; values begin at *left* and 0.

    The plot takes the figure's width but for the room of the labels. *x_label* stands below its
    right end, *y_label* above its top.
    """

    def __init__(
        self,
        figure: Figure,
        top: float,
        height: float,
        x_range: tuple[float, float],
        y_high: float,
        x_label: str,
        y_label: str,
    ) -> None:
        """Draw a grid with labels; the drawing takes from `top - 18` to `top + height + 32`."""
        self.figure = figure
        self.low, self.high = x_range
        marks = ticks(y_high)
        self.top, self.height, self.y_high = top, height, marks[-1]
        widest = max([len(_number(mark)) for mark in marks])
        self.left = widest * TYPE + 8
        self.right = WIDTH - 8
        for mark in marks:
            y = self.y(mark)
            color = "edge" if mark == 0 else "line"
            figure.line([(self.left, y), (self.right, y)], color)
            figure.text(self.left - 6, y + 4, _number(mark), anchor="end")
        for mark in ticks(self.high):
            if self.low <= mark <= self.high:
                x = self.x(mark)
                figure.line([(x, self.y(0)), (x, self.y(0) + 4)], "edge")
                figure.text(x, self.y(0) + 17, _number(mark), anchor="middle")
        figure.text(0, top - 8, y_label)
        figure.text(self.right, self.y(0) + 31, x_label, anchor="end")

    def x(self, value: float) -> float:
        """Return where a value is, from the left."""
        width = (self.right - self.left) * (value - self.low)
        return self.left + width / ((self.high - self.low) or 1)

    def y(self, value: float) -> float:
        """Return where a value is, from the top."""
        return self.top + self.height * (1 - value / self.y_high)

    def line(
        self,
        points: list[tuple[float, float]],
        color: str = "ink",
        width: float = 1.5,
        dash: str = "",
    ) -> None:
        """Draw a line through points of values."""
        self.figure.line([(self.x(x), self.y(y)) for x, y in points], color, width, dash)


def _number(value: float) -> str:
    """Return a tick's label: 0.05, 2.5, 1500, 20k, 3M."""
    for limit, unit in ((1e9, "G"), (1e6, "M"), (1e4, "k")):
        if value >= limit:
            return f"{value / (1e3 if unit == 'k' else limit):g}{unit}"
    return f"{value:g}"


# -- Threads --------------------------------------------------------------------

OPEN = "open"  # the result of an operation that has not ended
WRITTEN = ("write", "CAS", "stale")


class Threads:
    """Threads A, B and so on, which share memory; a step is one access of one thread.

    *cells* has the first values of the memory by name, and *program* the words of the operations,
    such as "push | pop push". `begin(at, results)` begins one: a generator that yields accesses and
    returns a result. `"read", cell` gives the cell's value, `"CAS", cell, old, new` tells whether
    the cell had the old value and now has the new, `"write", cell, old, new` writes it anyway.

    A state has the values of the cells, what each thread was given in its operation, the results of
    the operations, and for each of them those that had ended before it began.
    """

    def __init__(self, cells: "dict[str, Any]", program: str, begin: "Callable[..., Any]") -> None:
        """Make the first state."""
        self.names, self.begin = sorted(cells), begin
        self.words: list[str] = []
        self.numbers: list[list[int]] = []  # of the operations of each thread
        for words in program.split("|"):
            count = len(self.words)
            self.words += words.split()
            self.numbers.append(list(range(count, len(self.words))))
        values, count = [cells[name] for name in self.names], len(self.words)
        self.first = (tuple(values), ((),) * len(self.numbers), (OPEN,) * count, ((),) * count)

    def parse(self, schedule: str) -> list[int]:
        """Return the threads, from 0, that a schedule such as "A B B A" names; else ValueError."""
        names = "ABCDEFGH"[: len(self.numbers)]
        turns = [names.find(letter) for letter in schedule.upper() if letter.strip()]
        if -1 in turns:
            known = " and ".join(list(names))
            raise ValueError(f"cannot read {schedule!r}: write {known}, as in A B B A")
        return turns

    def ready(self, state: "Any") -> list[int]:
        """Return the threads that have steps left."""
        return [at for at, own in enumerate(self.numbers) if state[2][own[-1]] == OPEN]

    def step(self, state: "Any", thread: int) -> "tuple[Any, list[Any]]":
        """Return the state after a step; and its thread, operation, kind, cell and words."""
        cells, given, results, before = state
        number = next(each for each in self.numbers[thread] if results[each] == OPEN)
        if not given[thread]:
            ended = [each for each, result in enumerate(results) if result != OPEN]
            before = _replaced(before, number, tuple(ended))
        operation = self.begin(number, results)
        access = next(operation)
        for answer in given[thread]:  # once more, up to the access that is next
            access = operation.send(answer)
        kind, cell = access[0], access[1]
        at = self.names.index(cell)
        answer, words = cells[at], f"{cell} is {cells[at]}"
        if kind != "read":
            answer = kind == "write" or cells[at] == access[2]
            if answer:
                words = f"{cell} from {cells[at]} to {access[3]}"
                cells = _replaced(cells, at, access[3])
            else:
                kind, words = "fails", f"{cell} is {cells[at]}, not {access[2]}"
        try:
            operation.send(answer)
            given = _replaced(given, thread, given[thread] + (answer,))
        except StopIteration as end:
            given = _replaced(given, thread, ())
            results = _replaced(results, number, end.value)
        return (cells, given, results, before), [thread, number, kind, cell, words]

    def replay(self, schedule: list[int]) -> "tuple[Any, list[Any]]":
        """Follow a schedule, then the threads one by one; return the last state and the steps.

        The kind of a write is "stale" if the cell has changed since the thread saw it.
        """
        state: Any = self.first
        steps: list[Any] = []
        for thread in schedule + [at for at in range(len(self.numbers)) for _ in range(99)]:
            if thread in self.ready(state):
                state, step = self.step(state, thread)
                seen = [
                    other for other, _, kind, cell, _ in steps
                    if cell == step[3] and (other == thread or kind in WRITTEN)
                ]  # fmt: skip
                if step[2] in WRITTEN and thread in seen and seen[-1] != thread:
                    step[2] = "stale"
                steps.append(step)
        return state, steps


def _replaced(values: "tuple[Any, ...]", at: int, value: object) -> "tuple[Any, ...]":
    """Return a tuple with another value in a place."""
    return values[:at] + (value,) + values[at + 1 :]


def explore(threads: Threads, is_wrong: "Callable[[Any], bool]") -> "dict[str, Any]":
    """Try all schedules; return how many were `tried`, how many end `wrong`, and a `schedule`.

    It is the shortest that ends wrong, with the fewest switches of these, or else a longest.
    """
    found: dict[str, Any] = {"tried": 0, "wrong": 0, "schedule": []}
    level: dict[Any, Any] = {(threads.first, -1): (0, b"", 1)}
    while level:
        following: dict[Any, Any] = {}
        before, ends = found["wrong"], []
        # Schedules that lead to equal states go on as one.
        for at, ((state, last), (switches, schedule, ways)) in enumerate(level.items()):
            if at % 100 == 0 and sys.implementation.name == "micropython":
                gc.collect()  # as it does not by itself
            for thread in threads.ready(state):
                key = (threads.step(state, thread)[0], thread)
                known = following.get(key, (99, b"", 0))
                best = min(known[:2], (switches + (thread != last), schedule + bytes([thread])))
                following[key] = (best[0], best[1], known[2] + ways)
            if not threads.ready(state):
                wrong = is_wrong(state)
                ends.append((not wrong, switches, list(schedule)))
                found["tried"] += ways
                found["wrong"] += ways * wrong
        if ends and not before:
            found["schedule"] = min(ends)[2]
        level = following
    return found


def draw_steps(
    figure: Figure, top: float, names: list[str], steps: "list[Any]", result: str
) -> None:
    """Draw a row for each operation, with its steps in time; then a result, and what marks mean.

    The drawing takes 24 units for each operation, and 52.
    """
    left = TYPE * max(map(len, names)) + 8
    unit = (WIDTH - left) / len(steps)
    for row, name in enumerate(names):
        own = [at for at, step in enumerate(steps) if step[1] == row]
        y = top + 24 * row + 12
        figure.text(0, y + 4, name, "ink")
        figure.rect(left + unit * own[0], y - 6, unit * (own[-1] - own[0] + 1), 12, "line")
        for at in own:
            _draw_mark(figure, left + unit * (at + 0.5), y, steps[at][2])
    x, y = 6.0, top + 24 * len(names) + 44
    figure.text(0, y - 24, result, "ink")
    for kind in ("read", "write", "fails", "stale"):
        _draw_mark(figure, x, y, kind)
        words = {"fails": "CAS that fails", "stale": "stale write"}.get(kind, kind)
        figure.text(x + 10, y + 4, words)
        x += TYPE * len(words) + 24


def _draw_mark(figure: Figure, x: float, y: float, kind: str) -> None:
    """Draw a tick for a read, a dot for a write, a cross for one that fails."""
    if kind in WRITTEN:
        figure.dot(x, y, "accent" if kind == "stale" else "ink", 6 if kind == "stale" else 3.5)
    elif kind == "read":
        figure.line([(x, y - 4), (x, y + 4)], "ink", 1.5)
    else:
        for slant in (-3, 3):
            figure.line([(x - slant, y - 4), (x + slant, y + 4)], "ink", 1.5)


def _named(data: "dict[str, Any]", at: int) -> str:
    """Return an operation with its result: push 3, pop None."""
    return f"{data['words'][at]} {data['results'][at]}"


def _judge(data: "dict[str, Any]") -> str:
    """Say whether a run is linearizable, or what came of its values."""
    if data["order"] is not None:
        return "linearizable"
    put, found = list(data["first"]), list(data["last"])
    for at, word in enumerate(data["words"]):
        (put if word == data["put"] else found).append(data["results"][at])
    lost = [str(value) for value in sorted(set(put)) if found.count(value) < put.count(value)]
    twice = [str(value) for value in sorted(set(put)) if found.count(value) > put.count(value)]
    words = [f"lost: {', '.join(lost)}"] if lost else []
    words += [f"twice: {', '.join(twice)}"] if twice else []
    return "; ".join(words) or "no order gives this"


def summarize_run(data: "dict[str, Any]") -> str:
    """Say what a run of threads on a collection, such as a stack, shows.

    *data* has what `explore` returns, with the keys `steps` of `replay`, `words` and `results` of
    the operations, `put`, the word of those that add their result, the values `first` and `last` in
    the collection, and the `order` of operations that explains them, or None.
    """
    steps = "".join(["ABC"[step[0]] for step in data["steps"]])
    if data["wrong"]:
        return (
            f"{data['wrong']} of {data['tried']} schedules are not linearizable; "
            f"the shortest is {steps} ({_judge(data)})."
        )
    if data["tried"]:
        return f"All {data['tried']} schedules are linearizable; a longest is {steps}."
    return f"The schedule {steps}: {_judge(data)}."


def draw_run(data: "dict[str, Any]") -> str:
    """Draw the steps of the operations, and what is left after them."""
    threads = {step[1]: "ABC"[step[0]] for step in data["steps"]}
    names = [f"{threads[at]} {_named(data, at)}" for at in range(len(threads))]
    desc = "A row for each operation, with marks for its steps in time: a tick for a read, a dot "
    desc += "for a write, a large dot for a stale one, a cross for a CAS that fails."
    figure = Figure(78 + 24 * len(names), summarize_run(data), desc)
    kind = "the shortest that goes wrong" if data["wrong"] else "a longest schedule"
    figure.text(0, 12, kind if data["tried"] else "the schedule")
    left = ", ".join([str(node) for node in data["last"]]) or "nothing"
    draw_steps(figure, 24, names, data["steps"], f"left: {left}; {_judge(data)}")
    return figure.svg()


def report_run(data: "dict[str, Any]") -> str:
    """Return the steps, and the order that explains them."""
    lines = []
    for place, (thread, at, kind, _, words) in enumerate(data["steps"], 1):
        done = words.split(",")[0].replace(" from ", ": ")
        lines.append(f"{place:>2} {'ABC'[thread]} {_named(data, at):<8} {kind:<5} {done}")
    if data["order"] is None:
        lines.append("No order of operations explains this.")
    else:
        lines.append("As if one after the other:")
        lines.append(", ".join([_named(data, at) for at in data["order"]]))
    return "\n".join(lines)
