"""A page open in a browser, and what can be said of it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypedDict
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from playwright.sync_api import ConsoleMessage, Page, Request, Response

HERE = Path(__file__).resolve().parent
REPOSITORY = HERE.parent.parent
PICTURES = REPOSITORY / "_build" / "browser"
PROBES = (HERE / "probes.js").read_text(encoding="utf-8")
AXE = HERE / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"]

PUBLISHED = (REPOSITORY / "published.txt").read_text(encoding="utf-8").split()
PAGES = [
    *(address.removesuffix(".html") for address in PUBLISHED if address.endswith(".html")),
    *("404", "genindex", "search"),  # pages without a document
]


class Finding(TypedDict):
    """A rule, the element that breaks it, as a CSS selector, and how."""

    rule: str
    element: str
    why: str


def described(findings: list[Finding]) -> list[str]:
    """Return a line for each finding."""
    return [f"{each['rule']}: {each['element']}: {each['why']}" for each in findings]


class View(TypedDict):
    """How a page is looked at: options of a browser's context, and the medium."""

    width: int
    height: int
    color_scheme: Literal["light", "dark"]
    media: Literal["screen", "print"]


VIEWS: dict[str, View] = {
    "light": {"width": 1280, "height": 800, "color_scheme": "light", "media": "screen"},
    "wide": {"width": 1440, "height": 900, "color_scheme": "light", "media": "screen"},
    "dark": {"width": 1280, "height": 800, "color_scheme": "dark", "media": "screen"},
    "print": {"width": 718, "height": 1047, "color_scheme": "light", "media": "print"},  # A4
    "320px": {"width": 320, "height": 640, "color_scheme": "light", "media": "screen"},
}


@dataclass
class Visit:
    """A page in a browser; everything it complains about and asks for is written down."""

    page: Page
    name: str
    said: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda error: self.said.append(f"uncaught: {error}"))
        self.page.on("request", self._request)
        self.page.on("response", self._response)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.said.append(f"console: {message.text}")

    def _request(self, request: Request) -> None:
        if urlsplit(request.url).hostname not in ("127.0.0.1", None):
            self.said.append(f"other host: {request.url}")

    def _response(self, response: Response) -> None:
        if response.status >= 400:
            self.said.append(f"{response.status}: {response.url}")

    def look(self, view: str) -> None:
        """Look at the page in another way, from its beginning."""
        look = VIEWS[view]
        self.name = f"{self.name.partition(' ')[0]} ({view})"
        self.page.set_viewport_size({"width": look["width"], "height": look["height"]})
        self.page.emulate_media(color_scheme=look["color_scheme"], media=look["media"])
        self.page.evaluate("document.activeElement.blur(); scrollTo(0, 0)")

    def probe(self, name: str) -> list[Finding]:
        """Run one of the functions of `probes.js`."""
        found: list[Finding] = self.page.evaluate(f"{PROBES}; probes.{name}()")
        return found

    def axe(self) -> list[Finding]:
        """Return what axe-core finds of WCAG 2.2 A and AA and of its own best practices."""
        if not self.page.evaluate("Boolean(globalThis.axe)"):
            self.page.evaluate(AXE.read_text(encoding="utf-8"))
        found: list[Finding] = self.page.evaluate(
            """async (values) => {
                const { violations } = await axe.run(
                    { runOnly: { type: "tag", values }, resultTypes: ["violations"] });
                return violations.flatMap(({ id, nodes }) => nodes.map((node) => ({
                    rule: id, element: node.target.flat().join(" "), why: node.failureSummary,
                })));
            }""",
            RULES,
        )
        # Nobody clicks on paper.
        on_paper = self.page.evaluate("matchMedia('print').matches")
        return [each for each in found if not (on_paper and each["rule"] == "target-size")]

    def picture(self) -> Path:
        """Take a picture of the whole page as it is now."""
        path = PICTURES / f"{re.sub('[^a-z0-9]+', '-', self.name).strip('-')}.png"
        self.page.screenshot(path=path, full_page=True)
        return path

    def has_no(self, findings: list[Finding]) -> None:
        """Fail on findings, which are named, and outlined in a picture."""
        if not findings:
            return
        self.page.evaluate(
            """(selectors) => selectors.forEach((selector) => {
                const element = document.querySelector(selector);
                if (element) element.style.outline = "3px solid red";
            })""",
            [finding["element"] for finding in findings],
        )
        raise AssertionError("\n".join([self.name, *described(findings)]))
