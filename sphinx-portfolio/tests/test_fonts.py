"""Fonts of the site, for scripts that the fonts of the PDFs lack."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from pypdf import PdfReader

from invented import made, whole
from sphinx_portfolio.exports import pdf
from sphinx_portfolio.exports.outline import ExportError, MissingGlyphError
from sphinx_portfolio.model import Job

if TYPE_CHECKING:
    from pathlib import Path

    from support import Portfolio as Command

NAME = "太田 例"
CONF = """
project = author = "太田 例"
version = "1"
extensions = ["myst_parser", "sphinx_portfolio", "sphinx_portfolio.site"]
html_theme = "furo"
"""
PAGE = """
# 太田 例

```{downloads}
```

## Engineer

```{job}
:id: engineer
:organization: Acme
:start: 2020
```
"""


def write_font(path: Path, characters: str, family: str = "Squares") -> Path:
    """Write a font in which each of the characters is a square."""
    pen = TTGlyphPen(None)
    pen.moveTo((100, 0))
    for corner in ((100, 700), (800, 700), (800, 0)):
        pen.lineTo(corner)
    pen.closePath()
    glyphs = {".notdef": None} | {f"u{ord(each):04X}": each for each in characters}
    builder = FontBuilder(1000, isTTF=True)
    builder.setupGlyphOrder(list(glyphs))
    builder.setupCharacterMap({ord(each): name for name, each in glyphs.items() if each})
    builder.setupGlyf(dict.fromkeys(glyphs, pen.glyph()))
    builder.setupHorizontalMetrics(dict.fromkeys(glyphs, (900, 100)))
    builder.setupHorizontalHeader(ascent=800, descent=-200)
    names = {"familyName": family, "styleName": "Regular", "psName": f"{family}-Regular"}
    builder.setupNameTable(names)
    builder.setupOS2(sTypoAscender=800, usWinAscent=800, usWinDescent=200)
    builder.setupPost()
    builder.save(path)
    return path


def test_a_font_of_the_site_has_what_the_others_lack(tmp_path: Path) -> None:
    portfolio = whole(made(Job), name=NAME)
    with pytest.raises(MissingGlyphError, match="portfolio_fonts"):
        pdf.cv(portfolio)
    font = write_font(tmp_path / "squares.ttf", NAME.replace(" ", ""))
    write_font(tmp_path / "neighbor.ttf", "語", "Neighbor")
    path = tmp_path / "cv.pdf"
    path.write_bytes(pdf.cv(replace(portfolio, fonts=(str(font),))))
    assert NAME in PdfReader(path).pages[0].extract_text()
    # Only the named file is used, not another one in its folder.
    with pytest.raises(MissingGlyphError, match="語"):
        pdf.cv(replace(whole(made(Job), name="語"), fonts=(str(font),)))


def test_a_file_that_is_no_font_is_named(tmp_path: Path) -> None:
    path = tmp_path / "broken.ttf"
    path.write_bytes(b"not a font")
    with pytest.raises(ExportError, match=r"broken\.ttf is no font that typst can read"):
        pdf.cv(replace(whole(made(Job)), fonts=(str(path),)))


def build(source: Path, portfolio: Command, **conf: Any) -> tuple[list[str], str]:
    """Build a site; return the exported files and what the build printed."""
    values = "".join(f"{name} = {value!r}\n" for name, value in conf.items())
    (source / "conf.py").write_text(CONF + values, encoding="utf-8")
    (source / "index.md").write_text(PAGE, encoding="utf-8")
    result = portfolio("build", "--source", source, "--output", source / "_build")
    assert result.returncode == 0, result.stderr
    made = {path.name for path in (source / "_build/html").iterdir()}
    return sorted(made & {"cv.md", "cv.pdf", "cv.png", "cv.txt"}), result.stdout + result.stderr


def test_without_a_font_the_site_is_built_and_the_doctor_says_what_is_missing(
    tmp_path: Path, portfolio: Command
) -> None:
    files, printed = build(tmp_path, portfolio)
    assert files == ["cv.md", "cv.txt"]
    assert "conf.py: the person: the fonts of the PDF lack the character '太'" in printed
    result = portfolio("doctor", "--source", tmp_path, "--json")
    findings = json.loads(result.stdout)["findings"]
    [finding] = [each for each in findings if each["rule"] == "pdf-glyph"]
    assert (finding["place"], finding["key"]) == ("conf.py:1", "pdf-glyph:the person")
    assert "name a font file that has it in portfolio_fonts" in finding["message"]

    write_font(tmp_path / "squares.ttf", NAME.replace(" ", ""))
    files, printed = build(tmp_path, portfolio, portfolio_fonts=["squares.ttf"])
    assert files == ["cv.md", "cv.pdf", "cv.png", "cv.txt"]
    assert "lack" not in printed


def test_an_invalid_font_is_refused(tmp_path: Path, portfolio: Command) -> None:
    (tmp_path / "index.md").write_text(PAGE, encoding="utf-8")
    messages = {
        "['none.ttf']": "'none.ttf' is no file: write a path relative to conf.py",
        "['index.md']": "'index.md' is no font: use a file of .ttf, .otf, .ttc, .otc",
        "[1]": "1 is not text: write it in quotes",
    }
    for fonts, message in messages.items():
        (tmp_path / "conf.py").write_text(f"{CONF}portfolio_fonts = {fonts}\n", encoding="utf-8")
        result = portfolio("build", "--source", tmp_path, "--output", tmp_path / "_build")
        assert result.returncode != 0, fonts
        assert f"portfolio_fonts in conf.py: {message}" in result.stderr
