"""`{downloads}`: the files beside the site, with format and size; with `:button:` one of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from docutils import nodes
from sphinx.util.osutil import relative_uri

from sphinx_portfolio.model import RecordError
from sphinx_portfolio.model.consistency import suggest
from sphinx_portfolio.views.view import Context, nothing

if TYPE_CHECKING:
    from sphinx.writers.html5 import HTML5Translator

    from sphinx_portfolio.model import Portfolio
    from sphinx_portfolio.model.files import File


class portfolio_download(nodes.General, nodes.Inline, nodes.TextElement):  # noqa: N801 (docutils' naming)
    """A link to a file beside the site; with `save` it is saved under that name.

    docutils' reference can do neither that nor name the media type.
    """


class portfolio_picture(nodes.General, nodes.Inline, nodes.Element):  # noqa: N801 (docutils' naming)
    """A picture that was made beside the site, which Sphinx' images can't be."""


def draw(context: Context) -> list[nodes.Node]:
    """Draw the list, with a picture; or a button, of which other builders have nothing."""
    portfolio = context.portfolio
    files = {file.name: file for file in context.files if not file.is_picture}
    if (name := context.options.get("button")) is not None:
        if not files or name in context.left_out:
            return []
        if name not in files:
            message = f"no file {name!r}{suggest(name, files)}"
            raise RecordError(message)
        return [_button(files[name], portfolio)]
    if not files:
        return nothing("No files.")
    listing = nodes.bullet_list("", *map(_item, files.values()), classes=["portfolio-downloads"])
    pictures = [file for file in context.files if file.is_picture]
    first = next(iter(files.values()))
    return [listing, *(_picture(each, first) for each in pictures)]


def _button(file: File, portfolio: Portfolio) -> nodes.paragraph:
    link = _link(file, nodes.Text(file.title))
    link["save"] = file.saved_as(portfolio.person.name)
    return nodes.paragraph("", "", link)


def _item(file: File) -> nodes.list_item:
    link = _link(file, nodes.Text(file.title))
    facts = nodes.inline("", file.facts, classes=["portfolio-download-facts"])
    return nodes.list_item("", nodes.paragraph("", "", link, nodes.Text(" "), facts))


def _picture(shown: File, leads_to: File) -> nodes.paragraph:
    image = portfolio_picture(
        "", name=shown.name, alt=shown.title, width=str(shown.width), height=str(shown.height)
    )
    return nodes.paragraph("", "", _link(leads_to, image), classes=["portfolio-download-picture"])


def _link(file: File, child: nodes.Node) -> portfolio_download:
    return portfolio_download("", "", child, name=file.name, media_type=file.media_type)


def _address(self: HTML5Translator, name: str) -> str:
    page = self.builder.get_target_uri(self.builder.current_docname)
    return relative_uri(page, name)


def visit_download(self: HTML5Translator, node: portfolio_download) -> None:
    """Open the link."""
    attributes = {"href": _address(self, node["name"]), "type": node["media_type"]}
    if "save" in node:
        attributes["download"] = node["save"]
    self.body.append(self.starttag(node, "a", "", CLASS="internal", **attributes))


def depart_download(self: HTML5Translator, node: portfolio_download) -> None:
    """Close the link."""
    self.body.append("</a>")


def visit_picture(self: HTML5Translator, node: portfolio_picture) -> None:
    """Write the picture, to be loaded once it comes into view."""
    attributes = {key: node[key] for key in ("alt", "width", "height")}
    source = _address(self, node["name"])
    self.body.append(self.emptytag(node, "img", "", src=source, loading="lazy", **attributes))


def depart_picture(self: HTML5Translator, node: portfolio_picture) -> None:
    """Write nothing after it."""


# There are no files where there is no site: no other builder ever meets the nodes.
NODE_VISITORS: Final[dict[str, Any]] = {"html": (visit_download, depart_download)}
NODE_VISITORS_OF_PICTURES: Final[dict[str, Any]] = {"html": (visit_picture, depart_picture)}
