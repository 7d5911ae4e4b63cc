"""`{lab} FILE`: runs a Python model when the page is read, and shows it with its parameters."""

from __future__ import annotations

import re
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

from sphinx_portfolio.domain import assign_id, portfolio_domain, portfolio_record, warn
from sphinx_portfolio.labs import engine, lab
from sphinx_portfolio.labs.engine import LabError
from sphinx_portfolio.labs.nodes import (
    portfolio_lab,
    portfolio_lab_caption,
    portfolio_lab_drawing,
    portfolio_lab_figure,
    portfolio_lab_form,
    portfolio_lab_source,
)
from sphinx_portfolio.model import Lab, RecordError
from sphinx_portfolio.model.validators import words
from sphinx_portfolio.views.elements import portfolio_details
from sphinx_portfolio.views.facts import inline

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx_portfolio.model import Portfolio

logger = logging.getLogger(__name__)

ADDRESS = re.compile(r"(https?://[^\s<>]*[^\s<>.,;:)])")
REPORT = 12  # lines; a longer report opens on a click
SOURCE = "Source:"  # begins a source in a docstring


class LabDirective(SphinxDirective):
    """Show a lab. The path is relative to the page; `:about:` has ids of records.

    A lab below the heading of a record is about that record, too.
    """

    required_arguments = 1
    final_argument_whitespace = True
    option_spec: ClassVar = {"about": directives.unchanged_required}

    def run(self) -> list[nodes.Node]:
        """Run the lab and return a node with its result; nothing after a warning."""
        relative, absolute = self.env.relfn2path(self.arguments[0])
        self.env.note_dependency(relative)
        path = Path(absolute)
        result = None
        try:
            source = lab.read(path)
            if engine.is_available():
                engine.micropython()
                result = lab.run(source, Path(self.env.doctreedir, "labs"))
            else:
                logger.info('Not run: %s: install "sphinx-portfolio[labs]"', relative)
        except LabError as error:
            warn("lab", f"{path}:{error.line or 1}", f"the lab can't be run: {error}")
            return []
        above = tuple(self._above())
        node = portfolio_lab(
            "",
            name=source.name,
            source=asdict(source),
            result=result and asdict(result),
            above=above,
        )
        self.set_source_info(node)
        note = Lab(
            id=source.name,
            title=source.title,
            docname=self.env.current_document.docname,
            about=tuple(dict.fromkeys((*above, *words(self.options.get("about", ""))))),
            source=str(node.source),
            line=node.line or 0,
        )
        try:
            assign_id(self.state.document, node, note.anchor)
        except RecordError as error:
            warn("lab", node, f"the lab {note.id!r}: {error}")
            return []
        portfolio_domain(self.env).note_lab(note)
        return [node]

    def _above(self) -> Iterator[str]:
        """Yield the id of the record to whose section the lab belongs."""
        node: nodes.Node | None = self.state_machine.node
        while node is not None:
            for child in node.children:
                if isinstance(child, portfolio_record) and "id" in child["options"]:
                    yield child["options"]["id"]
                    return
            node = node.parent


class DrawLabs(SphinxPostTransform):
    """Draw the labs of a page."""

    default_priority = 7  # as the facts of records

    def run(self, **kwargs: Any) -> None:
        """Replace the nodes of labs."""
        portfolio = portfolio_domain(self.env).portfolio
        for node in list(self.document.findall(portfolio_lab)):
            figure = _draw(node, portfolio, self.env.current_document.docname)
            figure.source, figure.line = node.source, node.line
            node.replace_self(figure)


def _draw(node: portfolio_lab, portfolio: Portfolio, docname: str) -> portfolio_lab_figure:
    source, result = node["source"], node["result"]
    translator = portfolio.translator
    path: Path = source["path"]
    figure = portfolio_lab_figure(
        "",
        ids=node["ids"],
        name=path.stem,
        file=path.name,
        title=source["title"],
        classes=["portfolio-lab"],
    )
    figure += portfolio_lab_caption(source["title"], source["title"])
    head, *notes = source["paragraphs"] or ("",)
    figure += _paragraphs(head)
    about = next((lab.about for lab in portfolio.labs if lab.id == node["name"]), ())
    others = portfolio.links(id_ for id_ in about if id_ not in node["above"])
    if links := inline(others, portfolio, docname):
        label = nodes.Text(translator.gettext("On:") + " ")
        figure += nodes.paragraph("", "", label, *links, classes=["portfolio-lab-about"])
    code = portfolio_lab_source("", text=source["text"], is_open=result is None)
    if result is None:
        figure += code
        return figure
    figure += portfolio_lab_form("", parameters=result["parameters"])
    figure += portfolio_lab_drawing("", svg=result["drawing"])
    figure += nodes.paragraph("", result["sentence"], classes=["portfolio-lab-sentence"])
    if report := result["report"]:
        block = nodes.literal_block(
            report, report, language="none", classes=["portfolio-lab-report"]
        )
        is_long = report.count("\n") >= REPORT
        summary = translator.gettext("Result as text")
        figure += portfolio_details("", block, summary=summary) if is_long else block
    model = translator.gettext("A model of the idea, written for this page.")
    text = [each for note in notes for each in _paragraphs(note)]
    summary = translator.gettext("Limits and sources")
    figure += portfolio_details("", nodes.paragraph("", model), *text, summary=summary)
    figure += code
    return figure


def _paragraphs(text: str) -> list[nodes.Node]:
    """Return a paragraph of a docstring, or a list of sources, each of which begins a line."""
    if not text.strip():
        return []
    if not text.startswith(SOURCE):
        return [nodes.paragraph("", "", *_linked(" ".join(text.split())))]
    sources = (" ".join(each.split()) for each in re.split(rf"^{SOURCE}", text, flags=re.M))
    items = (nodes.paragraph("", "", *_linked(each)) for each in sources if each)
    return [nodes.bullet_list("", *(nodes.list_item("", item) for item in items))]


def _linked(text: str) -> Iterator[nodes.Node]:
    """Yield a text with its web addresses as links."""
    for part in filter(None, ADDRESS.split(text)):
        if ADDRESS.fullmatch(part):
            yield nodes.reference("", part, refuri=part)
        else:
            yield nodes.Text(part)
