"""The looks of the Word document, and the parts of its XML that python-docx has no methods for.

They follow the typeset CV. Word takes fonts from the reader's machine: those here come with it.
Names of elements and their order are those of ECMA-376, part 1.
"""

from __future__ import annotations

from datetime import datetime, time
from typing import TYPE_CHECKING, NamedTuple

from sphinx_portfolio.exports.outline import folded

if TYPE_CHECKING:
    from docx.document import Document
    from docx.oxml.xmlchemy import BaseOxmlElement
    from docx.text.paragraph import Paragraph

    from sphinx_portfolio.model import Portfolio, Run

PAPERS = {"a4": (210, 297), "us-letter": (215.9, 279.4)}  # mm
MARGIN = 20  # mm
FONT, MONO, RIGHT_TO_LEFT = "Cambria", "Consolas", "Times New Roman"
EAST_ASIAN = {"ja": "Yu Mincho", "ko": "Batang", "zh": "SimSun"}
INK, MUTED, ACCENT, HAIRLINE = "17201C", "55615B", "0A6A4C", "CFD8D3"
BULLETS = ("List Bullet", "List Bullet 2", "List Bullet 3")
LONGEST_PROPERTY = 255
# Relations of python-docx' template to a picture of it, and to what other parts have, too.
UNUSED = ("thumbnail", "extended-properties", "stylesWithEffects", "customXml")


class Look(NamedTuple):
    """The look of a paragraph: its size, and the space above and below it, in pt."""

    size: float
    above: float
    below: float
    color: str = INK
    bold: bool = False
    italic: bool = False


LOOKS = {
    "Normal": Look(10.5, 0, 3),
    "Title": Look(26, 0, 2),
    "Subtitle": Look(11.5, 0, 6, MUTED),
    "Heading 1": Look(13.5, 16, 5),
    "Heading 2": Look(10.5, 9, 0, bold=True),
    "Heading 3": Look(10.5, 5, 2, italic=True),
    "Facts": Look(9.5, 1, 3, MUTED),
    "Entry": Look(10.5, 4, 0),
    **dict.fromkeys(BULLETS, Look(10.5, 0, 2)),
}


def prepare(document: Document, portfolio: Portfolio) -> None:
    """Set the properties, paper and styles of a document from python-docx' template."""
    _describe(document, portfolio)
    for part in (document.part.package, document.part):
        for key, relation in [*part.rels.items()]:
            if relation.reltype.endswith(UNUSED):
                del part.rels[key]
    _set_paper(document, portfolio.paper)
    _set_defaults(document, portfolio)
    _set_styles(document)
    _set_bullets(document)


def _describe(document: Document, portfolio: Portfolio) -> None:
    """Set the properties, without a name that is longer than Word allows; the text has it."""
    name, title = folded(portfolio.person.name), portfolio.translator.gettext("CV")
    about = document.core_properties
    is_short = len(f"{name}: {title}") <= LONGEST_PROPERTY
    about.title = f"{name}: {title}" if is_short else title
    about.author = about.last_modified_by = name if is_short else ""
    about.language = _language(portfolio)
    about.comments = ""
    about.created = about.modified = datetime.combine(portfolio.today.first, time())


def _language(portfolio: Portfolio) -> str:
    """Return the language as in BCP 47."""
    return portfolio.translator.language.replace("_", "-")


def _set_paper(document: Document, paper: str) -> None:
    from docx.shared import Mm  # noqa: PLC0415

    section = document.sections[0]
    section.page_width, section.page_height = map(Mm, PAPERS[paper])
    section.left_margin = section.right_margin = Mm(MARGIN)
    section.top_margin = section.bottom_margin = Mm(MARGIN)


def _set_defaults(document: Document, portfolio: Portfolio) -> None:
    """Set fonts and languages, for Latin, East Asian and right-to-left scripts, in one place."""
    styles = document.styles.element
    for fonts in styles.xpath("w:style/w:rPr/w:rFonts"):  # those of the theme
        fonts.getparent().remove(fonts)
    [defaults] = styles.xpath("w:docDefaults/w:rPrDefault/w:rPr")
    language = _language(portfolio)
    east_asian = EAST_ASIAN.get(portfolio.translator.main_language, EAST_ASIAN["ja"])
    fonts = {"ascii": FONT, "hAnsi": FONT, "eastAsia": east_asian, "cs": RIGHT_TO_LEFT}
    languages = {"val": language, "eastAsia": language, "bidi": language}
    for name, values in (("rFonts", fonts), ("lang", languages)):
        [old] = defaults.xpath(f"w:{name}")
        defaults.replace(old, _element(name, **values))


def _set_styles(document: Document) -> None:
    from docx.enum.style import WD_STYLE_TYPE  # noqa: PLC0415
    from docx.shared import Pt, RGBColor  # noqa: PLC0415

    styles = document.styles
    for style in [*styles]:  # most of the file
        if style.type == WD_STYLE_TYPE.TABLE and style.name != "Normal Table":
            style.delete()
    for name in ("Facts", "Entry"):
        styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH).base_style = styles["Normal"]
    for name, look in LOOKS.items():
        style = styles[name]
        font, spacing = style.font, style.paragraph_format
        font.size = Pt(look.size)
        font.bold = font.cs_bold = look.bold
        font.italic = font.cs_italic = look.italic
        _set_leftward_size(style.element)
        font.color.rgb = RGBColor.from_string(look.color)
        spacing.space_before, spacing.space_after = Pt(look.above), Pt(look.below)
        spacing.line_spacing = 1.1
    unused = "w:style/w:pPr/w:pBdr|w:style[@w:styleId='Subtitle']//w:numPr|w:style/w:rPr/w:spacing"
    for old in styles.element.xpath(unused):
        old.getparent().remove(old)
    [spacing] = styles["Heading 1"].element.xpath("w:pPr/w:spacing")
    line = _element("bottom", val="single", sz="4", space="1", color=HAIRLINE)
    spacing.addprevious(_element("pBdr", line))
    link = styles.add_style("Hyperlink", WD_STYLE_TYPE.CHARACTER)
    link.font.color.rgb = RGBColor.from_string(ACCENT)
    link.font.underline = True


def _set_leftward_size(style: BaseOxmlElement) -> None:
    """Set the size of right-to-left text in a style, which is a value of its own, to the other."""
    for old in style.xpath("w:rPr/w:szCs"):
        old.getparent().remove(old)
    [size] = style.xpath("w:rPr/w:sz")
    size.addnext(_element("szCs", val=size.get(_qualified("w:val"))))


def _set_bullets(document: Document) -> None:
    """Replace bullets of a font of symbols, which as text are other signs."""
    bullets = "//w:lvl[w:numFmt/@w:val='bullet']"
    numbering = document.part.numbering_part.element
    for font in numbering.xpath(f"{bullets}/w:rPr"):
        font.getparent().remove(font)
    for sign in numbering.xpath(f"{bullets}/w:lvlText"):
        sign.getparent().replace(sign, _element("lvlText", val="•"))


# -- Paragraphs ---------------------------------------------------------------


def set_leftward(paragraph: Paragraph) -> None:
    """Let a paragraph begin at the right."""
    paragraph._p.get_or_add_pPr().append(_element("bidi"))


def add_link(paragraph: Paragraph, address: str) -> BaseOxmlElement:
    """Add a link without words to a paragraph, and return its element."""
    from docx.opc.constants import RELATIONSHIP_TYPE  # noqa: PLC0415

    key = paragraph.part.relate_to(address, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
    link = _element("hyperlink")
    link.set(_qualified("r:id"), key)
    paragraph._p.append(link)
    return link


def add_run(
    paragraph: Paragraph, run: Run, words: str, link: BaseOxmlElement | None, *, leftward: bool
) -> None:
    """Add words with the styles of a run to a paragraph, or to a link in it."""
    added = paragraph.add_run(words, "Hyperlink" if link is not None else None)
    font = added.font
    if run.strong:
        font.bold = font.cs_bold = True
    if run.emphasis:
        font.italic = font.cs_italic = True
    if run.code:
        font.name = MONO
    if leftward:
        font.rtl = True
    if link is not None:
        link.append(added._r)


def _element(name: str, *below: BaseOxmlElement, **attributes: str) -> BaseOxmlElement:
    from docx.oxml.parser import OxmlElement  # noqa: PLC0415

    element = OxmlElement(f"w:{name}")
    for attribute, value in attributes.items():
        element.set(_qualified(f"w:{attribute}"), value)
    element.extend(below)
    return element


def _qualified(name: str) -> str:
    from docx.oxml.ns import qn  # noqa: PLC0415

    return qn(name)
