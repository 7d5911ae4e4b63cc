"""Nodes of labs, and how they are written: in HTML with controls, elsewhere drawing and text."""

from __future__ import annotations

import re
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from docutils import nodes
from sphinx.locale import _

from sphinx_portfolio.domain import portfolio_domain
from sphinx_portfolio.labs import engine

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.writers.html5 import HTML5Translator
    from sphinx.writers.latex import LaTeXTranslator

    from sphinx_portfolio.labs.lab import Parameter

# What style sheets set, for formats without them.
PRINTED = {
    "text": "#000",
    "muted": "#555",
    "edge": "#888",
    "line": "#ddd",
    "accent": "#0a6a4c",
    "paper": "#fff",
}
COLOR = re.compile(r"var\(--portfolio-([a-z]+)[^)]*\)*")


class portfolio_lab(nodes.General, nodes.Element):  # noqa: N801 (docutils' naming)
    """A lab that is not drawn yet: `source` and `result` are those of `labs.lab`, as dicts."""


class portfolio_lab_figure(nodes.General, nodes.Element):  # noqa: N801 (docutils' naming)
    """A lab with all that is shown of it; `name` is in addresses, `file` in error messages."""


class portfolio_lab_caption(nodes.paragraph):  # noqa: N801 (docutils' naming)
    """The title of a lab."""


class portfolio_lab_form(nodes.General, nodes.Element):  # noqa: N801 (docutils' naming)
    """The controls of a lab, for its `parameters`."""


class portfolio_lab_drawing(nodes.General, nodes.Element):  # noqa: N801 (docutils' naming)
    """The drawing of a lab: `svg`."""


class portfolio_lab_source(nodes.General, nodes.Element):  # noqa: N801 (docutils' naming)
    """The `text` of a lab's file: an attribute, so that the search does not find its words."""


# -- HTML -----------------------------------------------------------------------


def _is_book(self: HTML5Translator) -> bool:
    return self.builder.name.startswith("epub")


def visit_figure(self: HTML5Translator, node: portfolio_lab_figure) -> None:
    """Open the figure."""
    attributes = {}
    if not _is_book(self) and next(node.findall(portfolio_lab_form), None):
        attributes = {"data-name": node["name"], "data-file": node["file"]}
        attributes["data-version"] = engine.version()
    self.body.append(self.starttag(node, "figure", **attributes))


def depart_figure(self: HTML5Translator, node: portfolio_lab_figure) -> None:
    """Close the figure."""
    self.body.append("</figure>\n")


def visit_caption(self: HTML5Translator, node: portfolio_lab_caption) -> None:
    """Open the caption."""
    self.body.append(self.starttag(node, "figcaption", ""))


def depart_caption(self: HTML5Translator, node: portfolio_lab_caption) -> None:
    """Add the permalink, with a text of Sphinx's, and close the caption."""
    self.add_permalink_ref(node.parent, _("Link to this heading"))
    self.body.append("</figcaption>\n")


def visit_form(self: HTML5Translator, node: portfolio_lab_form) -> None:
    """Write the controls, which a script enables."""
    if _is_book(self):
        raise nodes.SkipNode
    gettext = portfolio_domain(self.builder.env).portfolio.translator.gettext
    name = node.parent["name"]
    label = gettext("Parameters: {title}", title=node.parent["title"])
    fields = "".join(_field(each, name) for each in node["parameters"])
    run = escape(gettext("Run"))
    hint = escape(gettext("Shown with its defaults. Changing them needs scripts."))
    self.body.append(
        f'<form class="portfolio-lab-form" aria-label="{escape(label)}" autocomplete="off">\n'
        f"<fieldset disabled>\n{fields}"
        f'<button type="submit">{run}</button>\n'
        f'</fieldset>\n<p class="portfolio-lab-status">{hint}</p>\n</form>\n'
    )
    raise nodes.SkipNode


def _field(parameter: Parameter, lab: str) -> str:
    """Return a labeled control."""
    name, label, default = (parameter[key] for key in ("name", "label", "default"))
    control = f'name="{escape(name)}" id="{escape(f"lab-{lab}-{name}")}"'
    match parameter["kind"]:
        case "number":
            low, high, step = (parameter[key] for key in ("low", "high", "step"))
            limits = f'value="{default}" min="{low}" max="{high}" step="{step}"'
            made = f'<input type="number" {control} {limits} required>'
        case "choice":
            options = "".join(
                f"<option{' selected' if option == default else ''}>{escape(option)}</option>"
                for option in parameter["options"]
            )
            made = f"<select {control}>{options}</select>"
        case _:
            limits = f'value="{escape(default)}" maxlength="{parameter["longest"]}"'
            made = f'<input type="text" {control} {limits} autocomplete="off" spellcheck="false">'
    unit = f" <span>{escape(parameter['unit'])}</span>" if parameter.get("unit") else ""
    return f"<label><span>{escape(label)}</span> {made}{unit}</label>\n"


def visit_drawing(self: HTML5Translator, node: portfolio_lab_drawing) -> None:
    """Write the drawing."""
    svg = node["svg"].replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)
    self.body.append(f'<div class="portfolio-lab-drawing">{svg}</div>\n')
    raise nodes.SkipNode


def visit_source(self: HTML5Translator, node: portfolio_lab_source) -> None:
    """Write the highlighted source, which opens on a click; books have none."""
    if _is_book(self):
        raise nodes.SkipNode
    gettext = portfolio_domain(self.builder.env).portfolio.translator.gettext
    code = self.highlighter.highlight_block(node["text"], "python", location=node)
    opened = " open" if node["is_open"] else ""
    self.body.append(
        f'<details class="portfolio-lab-source"{opened}>'
        f"<summary>{escape(gettext('Source'))}</summary>\n{code}</details>\n"
    )
    raise nodes.SkipNode


# -- Other formats ----------------------------------------------------------------


def pass_by(self: nodes.NodeVisitor, node: nodes.Element) -> None:
    """Write what the node contains."""


def skip(self: nodes.NodeVisitor, node: nodes.Element) -> None:
    """Write nothing."""
    raise nodes.SkipNode


def visit_drawing_latex(self: LaTeXTranslator, node: portfolio_lab_drawing) -> None:
    """Include the drawing as a PDF, which typst makes; without typst there is the text alone."""
    try:
        import typst  # noqa: PLC0415 (of the extra `cv`)
    except ImportError:
        raise nodes.SkipNode from None
    svg = COLOR.sub(lambda match: PRINTED.get(match[1], "none"), node["svg"])
    svg = svg.replace(
        "<svg ",
        '<svg xmlns="http://www.w3.org/2000/svg" font-size="10.5" font-family="DejaVu Sans Mono" ',
        1,
    )
    page = (
        "#set page(width: auto, height: auto, margin: 0pt)\n"
        '#image(bytes(sys.inputs.svg), format: "svg", width: 12cm)'
    )
    name = f"lab-{node.parent['name']}.pdf"
    content = typst.compile(page.encode(), sys_inputs={"svg": svg})
    Path(self.builder.outdir, name).write_bytes(content)
    self.body.append(f"\n\\sphinxincludegraphics{{{name}}}\n\n")
    raise nodes.SkipNode


OTHERS: Final = ("text", "man", "texinfo")


def register(app: Sphinx) -> None:
    """Register the nodes."""
    passed: dict[str, Any] = dict.fromkeys((*OTHERS, "latex"), (pass_by, pass_by))
    skipped: dict[str, Any] = dict.fromkeys((*OTHERS, "latex"), (skip, None))
    drawing = skipped | {"latex": (visit_drawing_latex, None)}
    app.add_node(portfolio_lab)
    app.add_node(portfolio_lab_figure, html=(visit_figure, depart_figure), **passed)
    app.add_node(portfolio_lab_caption, html=(visit_caption, depart_caption))
    app.add_node(portfolio_lab_form, html=(visit_form, None), **skipped)
    app.add_node(portfolio_lab_drawing, html=(visit_drawing, None), **drawing)
    app.add_node(portfolio_lab_source, html=(visit_source, None), **skipped)
