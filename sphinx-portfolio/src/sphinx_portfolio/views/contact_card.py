"""`{contact-card}`: the exported contact card as a QR code (ISO/IEC 18004) to scan, and to save.

The code has the colors of paper and ink in the light palette, also in dark mode: many scanners do
not read a light code on dark ground.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from docutils import nodes

from sphinx_portfolio.model import RecordError
from sphinx_portfolio.views import formats

if TYPE_CHECKING:
    from sphinx.writers.html5 import HTML5Translator

    from sphinx_portfolio.views.view import Context

CARD = "contact.vcf"
INK, PAPER = "#17201c", "#fcfdfc"
QUIET = 4  # modules around the code, which the standard requires
OCTETS = 1000  # more make a code that cameras can't read from a screen


class portfolio_code(nodes.General, nodes.Element):  # noqa: N801 (docutils' naming)
    """A QR code of the text `content`, with a `title`."""


def draw(context: Context) -> list[nodes.Node]:
    """Draw the code and a link to the card; nothing where no card is exported."""
    file = next((file for file in context.files if file.name == CARD), None)
    if file is None:
        return []
    content = unfolded(context.contents[CARD])
    if len(content.encode()) > OCTETS:
        message = (
            f"the contact card has {len(content.encode())} bytes, and a QR code of more than "
            f"{OCTETS} can't be scanned: shorten portfolio_person, or link to {CARD} instead"
        )
        raise RecordError(message)
    portfolio = context.portfolio
    name = portfolio.person.name
    title = portfolio.translator.gettext("QR code of the contact card of {name}", name=name)
    link = formats.link(file, file.title)
    facts = nodes.inline("", file.facts, classes=["portfolio-download-facts"])
    return [
        nodes.container(
            "",
            portfolio_code("", content=content, title=title),
            nodes.paragraph("", "", link, nodes.Text(" "), facts),
            classes=["portfolio-contact-card"],
        )
    ]


def unfolded(card: bytes) -> str:
    """Return a card in whole lines (RFC 6350, section 3.2): not all scanners join folded ones."""
    return card.replace(b"\r\n ", b"").decode()


def visit_html(self: HTML5Translator, node: portfolio_code) -> None:
    """Write the code as SVG."""
    import segno  # noqa: PLC0415 (only where there is a code)

    code = segno.make_qr(node["content"], encoding="utf-8")
    drawing = code.svg_inline(
        dark=INK, light=PAPER, border=QUIET, omitsize=True, title=node["title"]
    )
    self.body.append(self.starttag(node, "div", "", CLASS="portfolio-code"))
    self.body.append(drawing.replace("<svg ", '<svg role="img" ', 1))


def depart_html(self: HTML5Translator, node: portfolio_code) -> None:
    """Close the element around it."""
    self.body.append("</div>\n")


# Other builders have no exported files, and never meet the node.
NODE_VISITORS: Final[dict[str, Any]] = {"html": (visit_html, depart_html)}
