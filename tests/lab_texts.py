"""The texts of a lab: in its drawing, and in its report."""

from xml.etree import ElementTree

from sphinx_portfolio.labs.kit import TYPE, WIDTH

REPORT = 40  # characters of the widest line of a report: as many as a phone shows
ANCHORS = {"start": 0.0, "middle": 0.5, "end": 1.0}


def collisions(svg: str) -> list[str]:
    """Return the texts of a drawing that overlap another or leave the drawing."""
    found: list[str] = []
    boxes: list[tuple[str, float, float, float]] = []
    for text in ElementTree.fromstring(svg).iter("text"):  # noqa: S314 (our own drawing)
        words = text.text or ""
        width, y = TYPE * len(words), float(text.get("y", 0))
        left = float(text.get("x", 0)) - width * ANCHORS[text.get("text-anchor", "start")]
        if left < -0.1 or left + width > WIDTH + 0.1:
            found.append(f"{words}: outside")
        for other, start, end, line in boxes:
            if abs(y - line) < 12 and left < end and start < left + width:
                found.append(f"{words}: on {other}")
        boxes.append((words, left, left + width, y))
    return found


def title(svg: str) -> str | None:
    """Return what a drawing is called."""
    return ElementTree.fromstring(svg).findtext("title")  # noqa: S314 (our own drawing)
