"""Evidence: in front of each link its identifier, such as `#106828`."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

from docutils import nodes
from sphinx import addnodes
from sphinx.transforms.post_transforms import SphinxPostTransform

from sphinx_portfolio.domain import portfolio_domain

# Paths on GitHub, GitLab and hosts like them: a repository, and an issue or a request in it.
REPOSITORY = re.compile(r"/([\w.-]+/[\w.-]+)(?:/|$)")
NUMBERED = re.compile(REPOSITORY.pattern + r"(?:-/)?(?:pull|issues|merge_requests)/([0-9]+)\b")
CODE_HOSTS = ("github.com", "gitlab.com", "codeberg.org", "bitbucket.org")


def identifier(address: str) -> str:
    """Return the number of an issue or a request, the name of a repository, or the host."""
    parts = urlsplit(address)
    host = (parts.hostname or "").removeprefix("www.")
    if match := NUMBERED.match(parts.path):
        return f"#{match[2]}"
    if host in CODE_HOSTS and (match := REPOSITORY.match(parts.path)):
        return match[1]
    return host


class DrawEvidence(SphinxPostTransform):
    """Draw the identifiers of a page's evidence."""

    default_priority = 8  # after citations of talks (7), before ReferencesResolver (10)

    def run(self, **kwargs: Any) -> None:
        """Put the identifier in front of the title: into a link, or before one to a record."""
        portfolio = portfolio_domain(self.env).portfolio
        records = portfolio.by_id
        for item in self.document.findall(nodes.list_item):
            if "portfolio-evidence" not in item["classes"]:
                continue
            link = next(item.findall(_is_link), None)
            if isinstance(link, addnodes.pending_xref) and link["reftarget"] in records:
                kind = records[link["reftarget"]].kind
                paragraph = item[0]
                assert isinstance(paragraph, nodes.paragraph)  # noqa: S101 (see MarkEvidence)
                paragraph[:0] = [_identifier(portfolio.translator.gettext(kind)), nodes.Text(" ")]
            elif isinstance(link, nodes.reference) and (shown := identifier(link["refuri"])):
                title = nodes.inline("", "", *link.children, classes=["portfolio-evidence-title"])
                link[:] = [_identifier(shown), nodes.Text(" "), title]


def _is_link(node: nodes.Node) -> bool:
    return isinstance(node, addnodes.pending_xref) or (
        isinstance(node, nodes.reference) and "refuri" in node
    )


def _identifier(text: str) -> nodes.inline:
    """Return an identifier, in which a line of HTML may break after a slash."""
    owner, slash, name = text.partition("/")
    parts: list[nodes.Node] = [nodes.Text(owner + slash)]
    if slash:
        parts += [nodes.raw("", "<wbr/>", format="html"), nodes.Text(name)]
    return nodes.inline("", "", *parts, classes=["portfolio-evidence-id"])
