"""The kinds of records: one module for each, and the table of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sphinx_portfolio.model.kinds import (
    award,
    certificate,
    degree,
    job,
    language,
    project,
    publication,
    service,
    skill,
    talk,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sphinx_portfolio.model.kind import Kind

# In the order of a CV's sections.
KINDS: Mapping[str, Kind] = {
    module.KIND.name: module.KIND
    for module in (
        *(job, publication, talk, project, skill, language, certificate, award, service, degree),
    )
}
