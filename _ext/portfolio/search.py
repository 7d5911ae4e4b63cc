"""The search index of an incremental build, made that of a fresh one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sphinx.builders.html import StandaloneHTMLBuilder
from sphinx.search import js_index
from sphinx.util.index_entries import split_index_msg

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment


def build_finished(app: Sphinx, exception: Exception | None) -> None:
    """Make the search index of an incremental build that of a fresh one.

    Sphinx loses the index entries of pages that it didn't write again, and
    keeps words that are gone: https://github.com/sphinx-doc/sphinx/issues/12599.
    """
    builder = app.builder
    if exception or not isinstance(builder, StandaloneHTMLBuilder) or not builder.search:
        return
    path = app.outdir / builder.searchindex_filename
    if builder.indexer_format is not js_index or not path.is_file():
        return
    with path.open(encoding="utf-8") as file:
        index = js_index.load(file)
    for words in ("terms", "titleterms"):
        index[words] = {word: found for word, found in index[words].items() if found != []}
    index["indexentries"] = _index_entries(app.env, index["docnames"])
    with path.open("w", encoding="utf-8") as file:
        js_index.dump(index, file)


def _index_entries(
    env: BuildEnvironment, docnames: list[str]
) -> dict[str, list[tuple[int, str, bool]]]:
    """Return what the search finds by the general index: page, anchor, and if it's the main one."""
    found: dict[str, list[tuple[int, str, bool]]] = {}
    for number, docname in enumerate(docnames):
        entries = {
            (word, target or "", main)
            for kind, value, target, main, _ in env.domains.index_domain.entries.get(docname, ())
            for word in split_index_msg(kind, value)
        }
        for word, target, main in sorted(entries):
            found.setdefault(word.lower(), []).append((number, target, main == "main"))
    return found
