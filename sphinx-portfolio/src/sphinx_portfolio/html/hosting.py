"""The addresses of the site and its source, from the environment of the build.

Read the Docs' variables: https://docs.readthedocs.com/platform/stable/reference/environment-variables.html
GitHub's variables: https://docs.github.com/en/actions/reference/workflows-and-actions/variables
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from sphinx_portfolio.model import RecordError
from sphinx_portfolio.model.validators import address

if TYPE_CHECKING:
    from collections.abc import Mapping

# Those for which Furo can make "edit this page" links.
CODE_HOSTS = frozenset({"github.com", "gitlab.com", "bitbucket.org"})


@dataclass(frozen=True, slots=True)
class Hosting:
    """Addresses; empty if unknown.

    `site` ends in a slash, `repository` does not. `branch` is the branch that edit links edit,
    empty if a tag or pull request is built.
    """

    site: str = ""
    repository: str = ""
    branch: str = ""

    @property
    def path(self) -> str:
        """The path of the site on its host; `/` if it is unknown."""
        return urlsplit(self.site).path or "/"

    @property
    def editable(self) -> bool:
        """Whether pages can be edited in a browser."""
        return bool(self.branch) and urlsplit(self.repository).hostname in CODE_HOSTS


def detect(environment: Mapping[str, str], fallback: Hosting) -> Hosting:
    """Return the addresses in `environment`; those missing there from `fallback`.

    Raises ValueError if the site's or the repository's address is invalid.
    """
    site = environment.get("READTHEDOCS_CANONICAL_URL") or fallback.site
    try:
        address(site)
    except RecordError as error:
        message = f"the address of the site: {error}"
        raise ValueError(message) from error
    return Hosting(
        site=site and site.rstrip("/") + "/",
        repository=_web_address(_clone_address(environment) or fallback.repository),
        branch=_branch(environment, fallback.branch),
    )


def _clone_address(environment: Mapping[str, str]) -> str:
    if address := environment.get("READTHEDOCS_GIT_CLONE_URL"):
        return address
    if repository := environment.get("GITHUB_REPOSITORY"):
        return f"{environment.get('GITHUB_SERVER_URL', 'https://github.com')}/{repository}"
    return ""


def _web_address(clone: str) -> str:
    """Return the web address of a repository from that of a clone; ValueError if it is invalid."""
    if not clone:
        return ""
    match = re.fullmatch(
        r"(?:https?://(?:[^@/]*@)?|ssh://git@|git@)([\w.-]+)[/:](.+?)(?:\.git)?/?", clone
    )
    if match is None:
        message = (
            f"invalid address of the repository {clone!r}: expected https://… or git@host:name"
        )
        raise ValueError(message)
    return "https://{}/{}".format(*match.groups())


def _branch(environment: Mapping[str, str], fallback: str) -> str:
    if "READTHEDOCS" in environment:
        is_branch = environment.get("READTHEDOCS_VERSION_TYPE") == "branch"
        return environment.get("READTHEDOCS_GIT_IDENTIFIER", "") if is_branch else ""
    if reference := environment.get("GITHUB_REF"):
        return reference.removeprefix("refs/heads/") if "refs/heads/" in reference else ""
    return fallback
