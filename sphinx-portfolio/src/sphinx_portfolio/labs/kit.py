"""What labs are written with: parameters, a seeded generator, and drawings.

A lab imports this module and the standard library only. In the browser MicroPython runs both, so
this file keeps to MicroPython's subset of Python: no dataclasses, no `typing`, no `[*x]`, and
dictionaries have no order.
"""

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
    written = f"{value:.1f}"
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
