"""Each output has exactly the fields that the tables of docs/exports.md say."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import docx
import pytest
from bs4 import BeautifulSoup
from sphinx.testing.util import SphinxTestApp

import parity
from parity import all_fields, matrix, words
from sphinx_portfolio.domain import portfolio_domain
from sphinx_portfolio.exports import EXPORTS
from sphinx_portfolio.exports.outline import for_audience
from sphinx_portfolio.model import KINDS, Degree, Person

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from sphinx_portfolio.model import Highlight, Portfolio, Record

MATRIX, OTHERS = matrix(parity.CVS), matrix(parity.OTHERS_THAN_CVS)
PAGE = "page"
TWIN, LINKED = "*.html.md", "JSON-LD"  # made of pages
# The picture shows the PDF; it has no text of its own. Share pictures are in test_pictures.
WRITTEN = [export for export in EXPORTS if not export.media_type.startswith("image/")]
WRITTEN_CVS = [export.name for export in WRITTEN if export.is_cv]
FIELDS = list(all_fields())
SHORT = {"job", "degree", "skill", "service"}


class Outputs:
    """All outputs of the invented portfolio, each made when it is first used."""

    def __init__(self, portfolio: Portfolio, html: Path, site: Path) -> None:
        self.portfolio = portfolio
        self.html = html
        self.site = site
        self._made: dict[str, str] = {}
        self._pages: dict[str, str] = {}

    def export(self, name: str) -> str:
        """Return all words and addresses in an export."""
        if name not in self._made:
            self._made[name] = "\n".join(made(name, each) for each in self.parts(name))
        return self._made[name]

    def parts(self, name: str) -> Iterator[Portfolio]:
        """Yield what an export is made from: all records do not fit on the one page of a CV."""
        if name != "cv-short.pdf":
            yield self.private
            return
        records = self.private.records
        for kinds in (SHORT, {*KINDS} - SHORT):
            yield replace(self.private, records=tuple(it for it in records if it.kind in kinds))

    @cached_property
    def private(self) -> Portfolio:
        """The portfolio with the private data that only `--private` adds."""
        person = replace(self.portfolio.person, phone="qpersonphoneq", street="qpersonstreetq")
        return replace(self.portfolio, person=person)

    def page(self, name: str) -> str:
        """Return the body of a page and its address, without what all pages have."""
        if name not in self._pages:
            text = (self.html / f"{name}.html").read_text(encoding="utf-8")
            soup = BeautifulSoup(text, "html5lib")
            [link, body] = soup.select('link[rel="canonical"], div.body')
            self._pages[name] = f"{name} {link} {body}"
        return self._pages[name]

    def twin(self, name: str) -> str:
        """Return the Markdown of a page and its address."""
        return f"{name} {(self.site / f'{name}.html.md').read_text(encoding='utf-8')}"

    def linked(self, name: str) -> str:
        """Return the linked data of a page, without the way to it."""
        soup = BeautifulSoup((self.site / f"{name}.html").read_text(encoding="utf-8"), "html5lib")
        graph = json.loads(str(soup.select('script[type="application/ld+json"]')[0].string))
        nodes = [node for node in graph["@graph"] if node["@type"] != "BreadcrumbList"]
        return json.dumps(nodes, ensure_ascii=False)

    def having(self, kind: str, field: str, output: str) -> tuple[str, Portfolio]:
        """Return the text of an output that should hold a field, and what it was made from."""
        if output not in OF_PAGES:
            return self.export(output), self.private
        # The person is on the first page, if anywhere; links are on the page of the job.
        default = "qjobdocnameq" if kind == "text" else "index"
        page = getattr(owner(kind, field, self.portfolio), "docname", default)
        return OF_PAGES[output](self, page), self.portfolio


OF_PAGES = {PAGE: Outputs.page, TWIN: Outputs.twin, LINKED: Outputs.linked}


def made(name: str, portfolio: Portfolio) -> str:
    [export] = (export for export in EXPORTS if export.name == name)
    content = export.make(portfolio)
    suffix = name.rpartition(".")[2]
    if suffix in WORDS:
        return WORDS[suffix](content)
    return content.decode().replace("\r\n ", "")  # long lines of calendars and cards are folded


def pdf_words(content: bytes) -> str:
    from pdfminer.high_level import extract_text  # noqa: PLC0415  (heavy)
    from pypdf import PdfReader  # noqa: PLC0415

    links = [
        str(annotation.get_object()["/A"]["/URI"])
        for page in PdfReader(io.BytesIO(content)).pages
        for annotation in page.get("/Annots", ())
        if "/URI" in annotation.get_object().get("/A", {})
    ]
    return "\n".join([extract_text(io.BytesIO(content)), *links])


def docx_words(content: bytes) -> str:
    paragraphs = docx.Document(io.BytesIO(content)).paragraphs
    links = [link.address for it in paragraphs for link in it.hyperlinks]
    return "\n".join([*(it.text for it in paragraphs), *links])


WORDS = {"pdf": pdf_words, "docx": docx_words}


@pytest.fixture(scope="module")
def outputs(tmp_path_factory: pytest.TempPathFactory) -> Outputs:
    """The outputs; pages are built by the extension alone, and by a site."""
    folder = tmp_path_factory.mktemp("parity")
    for name, text in parity.sources().items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    app = SphinxTestApp("html", srcdir=folder)
    app.build()
    portfolio = portfolio_domain(app.env).portfolio
    app.cleanup()
    site = folder / "site"
    extensions = ["myst_parser", "sphinx_portfolio", "sphinx_portfolio.site"]
    settings: dict[str, Any] = {"extensions": extensions, "portfolio_exports": [TWIN]}
    whole = SphinxTestApp("html", srcdir=folder, builddir=site, confoverrides=settings)
    whole.build()
    whole.cleanup()
    return Outputs(portfolio, folder / "_build" / "html", site / "html")


def owner(kind: str, field: str, portfolio: Portfolio) -> Any:
    """Return the object that has the field."""
    job = portfolio.by_id["qjobidq"]
    others: dict[str, Any] = {
        "person": portfolio.person,
        "profile": portfolio.person.profiles[0],
        "text": job.summary[-1],
    }
    if field == "events":  # instead of an organization
        return portfolio.by_id["other-service"]
    return others.get(kind) or portfolio.by_id[f"q{kind}idq"]


def named(field: str) -> Callable[[Record, Portfolio], Iterable[str]]:
    """Return a reader of a field of ids: the titles of the skills that it names."""

    def title(record: Record, portfolio: Portfolio) -> Iterable[str]:
        name = f"{record.kind}{field}"
        assert name in getattr(record, field)
        return [portfolio.by_id[name].title]

    return title


READERS: dict[str, Callable[[Any, Portfolio], Iterable[str]]] = {
    "source": lambda record, _: [record.place],
    "line": lambda record, _: [record.place],
    "summary": lambda whose, _: words(
        whose.summary if isinstance(whose, Person) else whose.summary[:1]  # links follow
    ),
    "format": lambda work, _: [work.format],
    "times": lambda talk, _: [f"T{talk.times[0].hour}"],
    "arxiv": lambda publication, _: [publication.arxiv],
    "skills": named("skills"),
    "cites": named("cites"),
    "topics": lambda talk, portfolio: [dict(portfolio.topics)[name] for name in talk.topics],
    "coursework": lambda degree, _: words(degree.courses),
    # Of a degree, the first is the coursework.
    "details": lambda record, _: words(record.details[isinstance(record, Degree) :]),
    "evidence": lambda record, _: evidence(record),
}


def words_of(kind: str, field: str, portfolio: Portfolio) -> set[str]:
    """Return the words of a field; none if no source can set it."""
    whose = owner(kind, field, portfolio)
    if (kind, field) == ("degree", "title"):
        return {"qdegreetitleq"}  # its study, area and score follow
    reader = READERS.get(field)
    found = set(reader(whose, portfolio) if reader else words(getattr(whose, field)))
    # The name of the person, who is also author and speaker, is in every file.
    return found if kind == "person" else found - {*words(portfolio.person.name)}


def evidence(record: Record | Highlight) -> Iterator[str]:
    for run in (run for item in record.evidence for run in item):
        yield from (*words(run.text), *words(run.target))
    for highlight in record.highlights:
        yield from evidence(highlight)


def test_the_tables_have_a_column_for_each_output() -> None:
    assert MATRIX.outputs == (PAGE, *WRITTEN_CVS, TWIN, LINKED)
    assert OTHERS.outputs == tuple(export.name for export in WRITTEN if not export.is_cv)


def test_the_table_has_a_row_for_each_field_and_no_others() -> None:
    kinds = set(parity.KINDS) - {"person", "profile", "text"}
    general = {(parity.EVERY, field) for kind, field in FIELDS if kind in kinds}
    assert set(MATRIX.rows) <= {*FIELDS, *general}
    for kind, field in FIELDS:
        MATRIX.cells(kind, field)  # KeyError without a row
    assert set(OTHERS.rows) <= {*FIELDS}


def test_each_letter_has_a_reason_and_each_reason_a_letter() -> None:
    for table in (MATRIX, OTHERS):
        cells = {cell for row in table.rows.values() for cell in row}
        assert cells - {"yes", parity.NOTHING} == set(table.reasons)
    assert parity.NOTHING not in {cell for row in MATRIX.rows.values() for cell in row}


@pytest.mark.parametrize("output", [*MATRIX.outputs, *OTHERS.outputs])
def test_an_output_holds_what_the_table_says(outputs: Outputs, output: str) -> None:
    faults = list(filter(None, (fault(outputs, *each, output) for each in FIELDS)))
    assert not faults, "\n".join(faults)


def fault(outputs: Outputs, kind: str, field: str, output: str) -> str:
    """Return where an output and the table differ about a field; empty if they agree."""
    is_cv = output in MATRIX.outputs
    cell = (MATRIX if is_cv else OTHERS).cells(kind, field)[output]
    found, portfolio = outputs.having(kind, field, output)
    wanted = words_of(kind, field, portfolio)
    if cell == "yes" and not wanted:
        return f"{kind} `{field}`: the invented portfolio has no word for it"
    # In a CV, the title of a skill is also in the list of skills.
    once = int(field in {"skills", "cites"} and is_cv and output not in OF_PAGES)
    held = {word for word in wanted if found.count(word) > once}
    if held == (wanted if cell == "yes" else set()):
        return ""
    return f"{kind} `{field}`: the table says {cell!r}, {output} has {held} of {wanted}"


def test_the_comparison_finds_missing_and_unexpected_words(
    outputs: Outputs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(outputs._made, "cv.txt", outputs.export("cv.txt") + "qjobidq qjobidq")
    monkeypatch.setitem(outputs._made, "cv.md", "")
    assert "the table says 'd', cv.txt has {'qjobidq'}" in fault(outputs, "job", "id", "cv.txt")
    assert "the table says 'yes', cv.md has set()" in fault(outputs, "job", "title", "cv.md")


def of_record(outputs: Outputs, record: Record, output: str) -> str:
    if output in OF_PAGES:
        return OF_PAGES[output](outputs, record.docname)
    return outputs.export(output)


def test_a_second_record_of_each_kind_is_in_every_output(outputs: Outputs) -> None:
    others = [each for each in outputs.portfolio.records if each.id.startswith("other-")]
    assert {record.kind for record in others} == set(KINDS)
    # All records would not fit on the one page of the short CV.
    selected = tuple(replace(record, selected=True) for record in others)
    short = made("cv-short.pdf", replace(outputs.portfolio, records=selected))
    missing = []
    for record in others:
        for output in MATRIX.outputs:
            found = of_record(outputs, record, output)
            if record.title not in (short if output == "cv-short.pdf" else found):
                missing.append(f"{output} lacks {record.title!r}")
    assert not missing, "\n".join(missing)


@pytest.mark.parametrize("name", WRITTEN_CVS)
def test_a_record_for_another_audience_is_in_no_file(outputs: Outputs, name: str) -> None:
    found = made(name, for_audience(outputs.portfolio, "qjobaudienceq"))
    assert "qjobtitleq" in found
    assert "qprojecttitleq" not in found
    assert "qotherserviceq" in found


def test_the_short_cv_has_selected_records_only(outputs: Outputs) -> None:
    records = outputs.portfolio.records
    kept = tuple(replace(record, selected=record.kind == "award") for record in records)
    found = made("cv-short.pdf", replace(outputs.portfolio, records=kept))
    assert "qawardtitleq" in found
    assert "qjobtitleq" not in found
