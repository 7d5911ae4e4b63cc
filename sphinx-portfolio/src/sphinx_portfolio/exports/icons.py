"""The icons of a site as PNG, for browsers and phones that take no SVG: drawn from its mark."""

from __future__ import annotations

from pathlib import Path

from sphinx_portfolio.exports.outline import ExportError
from sphinx_portfolio.exports.pdf import compiler
from sphinx_portfolio.model.files import File

TEMPLATE = Path(__file__).with_name("icons.typ")
FAVICON, TOUCH = "favicon.png", "apple-touch-icon.png"
SIZES = {FAVICON: 48, TOUCH: 180}  # px, as in the template


def icons(mark: str, place: str) -> dict[File, bytes]:
    """Draw the icons from a mark, an SVG; ExportError with its place if it can't be drawn."""
    from typst import TypstError  # noqa: PLC0415 (an optional library)

    typesetter, _ = compiler(TEMPLATE, ())
    try:
        pages = typesetter.compile(format="png", ppi=72, sys_inputs={"mark": mark})
    except TypstError as error:
        raise ExportError(f"{place} can't be drawn: {error.message}", "conf.py") from error
    assert isinstance(pages, list)  # noqa: S101 (there are several)
    return {
        File(name, "", "image/png", len(page), width=size, height=size): page
        for (name, size), page in zip(SIZES.items(), pages, strict=True)
    }
