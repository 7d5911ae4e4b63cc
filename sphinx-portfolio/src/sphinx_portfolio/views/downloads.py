"""`{downloads}`: the exported files with format and size, or with `:button:` one of them.

They are grouped by whom they are for. PDFs are buttons, and pictures show the first PDF.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from docutils import nodes
from sphinx.util.osutil import relative_uri

from sphinx_portfolio.model import RecordError
from sphinx_portfolio.model.consistency import suggest
from sphinx_portfolio.model.files import READERS
from sphinx_portfolio.views.view import Context, nothing

if TYPE_CHECKING:
    from sphinx.writers.html5 import HTML5Translator

    from sphinx_portfolio.model.files import File


PDF = "PDF"


class portfolio_download(nodes.General, nodes.Inline, nodes.TextElement):  # noqa: N801 (docutils' naming)
    """A link to an exported file, with attributes that docutils' reference lacks.

    `name` and `media_type` are those of the file, `save` the name under which browsers save it,
    `label` what screen readers say.
    `picture` is an exported picture to show in the link, with `alt`, `width` and `height`:
    exported files can't be images of Sphinx.
    """


def draw(context: Context) -> list[nodes.Node]:
    """Draw the files and pictures; or a button, which is left out where no files are made."""
    files = {file.name: file for file in context.files if file.is_listed}
    if (name := context.options.get("button")) is not None:
        if not files or name in context.left_out:
            return []
        if name not in files:
            message = f"unknown file {name!r}{suggest(name, files)}"
            raise RecordError(message)
        saved = files[name].saved_as(context.portfolio.person.name)
        return [nodes.paragraph("", "", _link(files[name], files[name].title, save=saved))]
    if not files:
        return nothing(context.portfolio.translator.gettext("No files."))
    pdfs = [file for file in files.values() if file.form == PDF]
    if len({file.pages for file in pdfs}) == len(pdfs):  # they differ in their length
        ngettext = context.portfolio.translator.ngettext
        pdfs = [
            replace(file, label=ngettext("{count} page", "{count} pages", file.pages))
            for file in pdfs
        ]
    others = [file for file in files.values() if file.form != PDF]
    listing = nodes.definition_list(classes=["portfolio-downloads"])
    for reader in READERS:
        if group := [file for file in (*pdfs, *others) if file.reader == reader]:
            term = nodes.term("", context.portfolio.translator.gettext(reader))
            items = nodes.bullet_list("", *map(_item, group))
            listing += nodes.definition_list_item("", term, nodes.definition("", items))
    pictures = (_picture(file, pdfs[0]) for file in context.files if file.is_picture and pdfs)
    return [listing, *pictures]


def _item(file: File) -> nodes.list_item:
    """Return a link with format and size; in other formats the label says the format."""
    facts = file.facts if file.form == PDF else file.measure
    shown = nodes.inline("", facts, classes=["portfolio-download-facts"])
    link = _link(file, file.label)
    classes = ["portfolio-button"] if file.form == PDF else []
    return nodes.list_item(
        "", nodes.paragraph("", "", link, nodes.Text(" "), shown), classes=classes
    )


def _picture(shown: File, target: File) -> nodes.paragraph:
    size = {"width": str(shown.width), "height": str(shown.height)}
    link = _link(target, "", picture=shown.name, alt=shown.title, **size)
    return nodes.paragraph("", "", link, classes=["portfolio-download-picture"])


def _link(file: File, text: str, **attributes: str) -> portfolio_download:
    return portfolio_download("", text, name=file.name, media_type=file.media_type, **attributes)


def visit_html(self: HTML5Translator, node: portfolio_download) -> None:
    """Open the link, and write its picture, which is loaded when it comes into view."""
    page = self.builder.get_target_uri(self.builder.current_docname)
    attributes = {"href": relative_uri(page, node["name"]), "type": node["media_type"]}
    if "save" in node:
        attributes["download"] = node["save"]
    if "label" in node:
        attributes["aria-label"] = node["label"]
    self.body.append(self.starttag(node, "a", "", CLASS="internal", **attributes))
    if "picture" in node:
        attributes = {key: node[key] for key in ("alt", "width", "height")}
        source = relative_uri(page, node["picture"])
        self.body.append(self.emptytag(node, "img", "", src=source, loading="lazy", **attributes))


def depart_html(self: HTML5Translator, node: portfolio_download) -> None:
    """Close the link."""
    self.body.append("</a>")


# Other builders have no exported files, and never meet the node.
NODE_VISITORS: Final[dict[str, Any]] = {"html": (visit_html, depart_html)}
