"""Where the site and its source live, as the machine that builds it says.

Read the Docs' variables: https://docs.readthedocs.com/platform/stable/reference/environment-variables.html
GitHub's variables: https://docs.github.com/en/actions/reference/workflows-and-actions/variables
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Mapping

# The code hosts whose addresses Furo's "edit this page" knows how to make.
CODE_HOSTS = frozenset({"github.com", "gitlab.com", "bitbucket.org"})


@dataclass(frozen=True, slots=True)
class Hosting:
    """Addresses that are known, or empty.

    `site` ends in a slash; `repository` is a web address without one; `branch`
    is what an edit link edits, empty where the build is of no branch.
    """

    site: str = ""
    repository: str = ""
    branch: str = ""

    @property
    def path(self) -> str:
        """The path of the site on its host: `/` where it stands at the root."""
        return urlsplit(self.site).path or "/"

    @property
    def editable(self) -> bool:
        """Whether a page can be edited in a browser: on a known host, on a branch."""
        return bool(self.branch) and urlsplit(self.repository).hostname in CODE_HOSTS


def detect(environment: Mapping[str, str], fallback: Hosting) -> Hosting:
    """Return what `environment` knows, and of the rest what `fallback` says.

    Raises `ValueError` when the site's or the repository's address is not one.
    """
    site = environment.get("READTHEDOCS_CANONICAL_URL") or fallback.site
    if site and urlsplit(site).scheme not in {"http", "https"}:
        message = f"the site's address is {site!r}: it has to begin with https:// or http://"
        raise ValueError(message)
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
    """Turn the address that git clones from into the one that a browser opens."""
    if not clone:
        return ""
    match = re.fullmatch(
        r"(?:https?://(?:[^@/]*@)?|ssh://git@|git@)([\w.-]+)[/:](.+?)(?:\.git)?/?", clone
    )
    if match is None:
        message = (
            f"the repository's address is {clone!r}: a web address or git@host:name was expected"
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
