"""The laws of the B-tree and of its pages."""

import gc
import math
import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from labs import btree

from lab_texts import REPORT, collisions, title

VALUES = {str(each["name"]): each["default"] for each in btree.PARAMETERS}


@pytest.fixture(autouse=True)
def _no_collection(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gc, "collect", lambda: 0)  # Python needs none, and it takes long


def run(**values: Any) -> dict[str, Any]:
    return btree.run(**{**VALUES, **values})


def keys_of(node: btree.Node) -> list[int]:
    """Return the keys of a tree in order."""
    if not node.children:
        return list(node.keys)
    found = []
    for at, child in enumerate(node.children):
        found += keys_of(child)
        found += node.keys[at : at + 1]
    return found


def check(node: btree.Node, tree: btree.Tree, root: bool = True) -> int:
    """Check occupancy, order and the equal depth of all leaves; return the levels."""
    assert node.keys == sorted(node.keys)
    assert len(node.keys) <= 2 * (tree.least + 1) - 1
    assert len(node.keys) >= tree.least or root
    if not node.children:
        return 1
    assert len(node.children) == len(node.keys) + 1
    depths = {check(child, tree, False) for child in node.children}
    assert len(depths) == 1
    return depths.pop() + 1


def nodes_of(node: btree.Node) -> list[btree.Node]:
    return [node] + [each for child in node.children for each in nodes_of(child)]


WRITES = st.lists(st.tuples(st.booleans(), st.integers(0, 60)), max_size=80)


@settings(max_examples=50, deadline=None)
@given(st.integers(2, 4), WRITES)
def test_a_tree_holds_what_a_set_holds_within_its_bounds(
    degree: int, writes: list[tuple[bool, int]]
) -> None:
    tree = btree.Tree(degree)
    model: set[int] = set()
    for tree.version, (create, key) in enumerate(writes, 1):
        if create == (key not in model):
            tree.write(key, create)
            model ^= {key}
        assert keys_of(tree.root) == sorted(model)
        levels = check(tree.root, tree)
        if model:  # Bayer and McCreight; Cormen et al., theorem of the height
            assert levels - 1 <= math.log((len(model) + 1) / 2, degree) + 1e-9


@settings(max_examples=50, deadline=None)
@given(st.integers(2, 4), WRITES)
def test_a_write_changes_no_older_version_and_copies_at_most_two_nodes_a_level(
    degree: int, writes: list[tuple[bool, int]]
) -> None:
    tree = btree.Tree(degree)
    model: set[int] = set()
    versions: list[tuple[btree.Node, list[int]]] = [(tree.root, [])]
    for tree.version, (create, key) in enumerate(writes, 1):
        before, levels = set(map(id, nodes_of(tree.root))), check(tree.root, tree)
        if create == (key not in model):
            tree.write(key, create)
            model ^= {key}
        versions.append((tree.root, sorted(model)))  # keeps the nodes, so no id comes twice
        fresh = set(map(id, nodes_of(tree.root))) - before
        assert len(fresh) == btree.copied(tree.root, tree.version)
        assert len(fresh) <= 2 * max(levels, check(tree.root, tree)) - 1
    assert all(keys_of(root) == expected for root, expected in versions)


@given(st.sets(st.integers(0, 200)), st.integers(2, 4), st.integers(-1, 200), st.integers(1, 50))
def test_a_page_has_the_next_keys(keys: set[int], degree: int, after: int, limit: int) -> None:
    tree = btree.Tree(degree)
    for key in keys:
        tree.write(key, True)
    expected = [key for key in sorted(keys) if key > after][:limit]
    assert btree.page(tree.root, after, limit, []) == expected


@settings(max_examples=8, deadline=None)
@given(st.integers(100, 500), st.integers(2, 16), st.integers(10, 30), st.integers(1, 5))
def test_all_pages_see_the_first_version_and_trips_are_counted(
    keys: int, degree: int, limit: int, writes: int
) -> None:
    pages = math.ceil(keys / limit)
    for served, trips in ((btree.STORE, pages), (btree.LATEST, pages - 1), (btree.SNAPSHOTS, 0)):
        data = run(keys=keys, degree=degree, limit=limit, writes=writes, served=served)
        assert (data["listed"], data["wrong"]) == (keys, 0)
        assert "had the keys of one version" in btree.summarize(data)
        assert (len(data["trips"]), sum(data["trips"])) == (pages, trips)
        assert len(data["copies"]) == writes * (pages - 1)
        assert sum(map(sum, data["sizes"])) == data["keys"]
        fresh = [version for level in data["versions"] for version in level]
        assert fresh.count(len(data["copies"])) == data["copies"][-1]
        rows = {row[:20].strip(): row[20:] for row in btree.report(data).splitlines()}
        levels, most = map(int, re.findall(r"\d+", rows["levels"]))
        bound = math.log((data["keys"] + 1) / 2, degree)  # Cormen et al., of the height
        assert levels <= most
        assert most - 1 <= bound + 1e-9 < most + 1e-6


@settings(max_examples=8, deadline=None)
@given(st.integers(100, 500), st.integers(10, 30), st.integers(1, 5))
def test_pages_of_the_newest_version_are_wrong_about_what_was_written_meanwhile(
    keys: int, limit: int, writes: int
) -> None:
    data = run(served=btree.MIXED, keys=keys, limit=limit, writes=writes)
    assert sum(data["trips"]) == 0
    assert data["wrong"] <= len(data["copies"])  # a write adds or misses one key at most
    assert abs(data["listed"] - keys) <= data["wrong"]
    assert (len(data["trips"]) - 1) * limit < data["listed"] <= len(data["trips"]) * limit


def test_pages_of_the_newest_version_mix_versions_and_say_so() -> None:
    data = run(served=btree.MIXED)
    assert data["wrong"] > 0
    said = f"had those of several versions, {data['wrong']} of them wrong"
    assert said in btree.summarize(data)
    assert f"{data['wrong']} keys wrong" in btree.draw(data)


def test_a_higher_degree_makes_a_lower_tree_and_fewer_copies() -> None:
    runs = [run(keys=500, degree=degree, limit=20) for degree in (2, 4, 16)]
    assert [len(data["sizes"]) for data in runs] == [6, 4, 2]
    means = [sum(data["copies"]) / len(data["copies"]) for data in runs]
    assert means == sorted(means, reverse=True)


@pytest.mark.parametrize("served", [btree.STORE, btree.LATEST, btree.MIXED, btree.SNAPSHOTS])
@pytest.mark.parametrize("writes", [1, 5])
@pytest.mark.parametrize("limit", [10, 30])
@pytest.mark.parametrize("degree", [2, 16])
@pytest.mark.parametrize("keys", [100, 500])
def test_every_corner_is_shown(
    keys: int, degree: int, limit: int, writes: int, served: str
) -> None:
    data = run(keys=keys, degree=degree, limit=limit, writes=writes, served=served)
    assert btree.summarize(data).endswith(".")
    assert collisions(btree.draw(data)) == []
    assert title(btree.draw(data)) == btree.summarize(data)
    assert max(map(len, btree.report(data).splitlines())) <= REPORT
