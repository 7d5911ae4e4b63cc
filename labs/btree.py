"""A B-tree cache that serves lists in pages

A list is read in pages while other clients write. Each write copies the nodes on the way from the
root to the key that it changes, marked in the tree, and shares all others, so that the pages can
go on reading the tree as it was at the first page. Raise the degree: the tree becomes lower, and
fewer, larger nodes are copied. Change where the pages are from: a cache of the newest version asks
the store for each page after the first, or else it mixes versions, and keys of the list are wrong.

Half of the writes delete a key, and no version is thrown away. The model leaves out the objects,
watches, memory, time, and the small request that asks the store for its newest version.

Source: Rudolf Bayer and Edward M. McCreight, Organization and Maintenance of Large Ordered
Indexes, Acta Informatica 1 (1972), https://doi.org/10.1007/BF00288683
Source: Thomas H. Cormen and others, Introduction to Algorithms, third edition (2009), chapter 18
Source: google/btree, copy-on-write clones, https://pkg.go.dev/github.com/google/btree#BTree.Clone
Source: Kubernetes API Concepts, Retrieving large results sets in chunks,
https://kubernetes.io/docs/reference/using-api/api-concepts/
Source: Kubernetes Enhancement Proposal 4988, Snapshottable API server cache,
https://www.kubernetes.dev/resources/keps/4988/
"""

import gc

from sphinx_portfolio.labs.kit import Figure, Random, choice, number, short

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

STORE, LATEST, MIXED, SNAPSHOTS = "store", "newest, then store", "newest only", "snapshots"
PARAMETERS = (
    number("keys", "Keys", 300, 100, 500, step=10),
    number("degree", "Minimum degree", 4, 2, 16),
    number("limit", "Page size", 20, 10, 30),
    number("writes", "Writes a page", 3, 1, 5),
    choice("served", "Pages from", SNAPSHOTS, (STORE, LATEST, MIXED, SNAPSHOTS)),
)


class Node:
    """Sorted keys, one child more than keys or none, and the version that wrote the node.

    No node is ever changed, so that the root of any version is a snapshot.
    """

    def __init__(self, keys: list[int], children: "list[Node]", version: int) -> None:
        self.keys, self.children, self.version = keys, children, version


class Tree:
    """A B-tree of minimum degree t: t - 1 to 2t - 1 keys in each node, but in the root."""

    def __init__(self, degree: int) -> None:
        self.least, self.most, self.version = degree - 1, 2 * degree - 1, 0
        self.root = Node([], [], 0)

    def write(self, key: int, create: bool) -> None:
        """Insert a new key, or delete one."""
        keys: list[int] = []
        children = [self.copy(self.root, key, create)]
        if len(children[0].keys) > self.most:
            self.balance(keys, children, 0)
        elif children[0].children and not children[0].keys:
            children = children[0].children
        self.root = Node(keys, children, self.version) if keys else children[0]

    def copy(self, node: Node, key: int, create: bool) -> Node:
        """Return a copy of a node, with a key inserted or deleted below it."""
        keys, children, at = list(node.keys), list(node.children), place(node.keys, key)
        if children:
            if not create and key in keys:
                key = keys[at] = largest(children[at])  # takes the place of the deleted key
            children[at] = self.copy(children[at], key, create)
            self.balance(keys, children, at)
        elif create:
            keys.insert(at, key)
        else:
            keys.pop(at)
        return Node(keys, children, self.version)

    def balance(self, keys: list[int], children: list[Node], at: int) -> None:
        """Merge a child that has too few keys with a neighbor; split one that has too many."""
        if len(children[at].keys) < self.least:
            at = max(at - 1, 0)
            left, right = children[at], children.pop(at + 1)
            both = left.keys + [keys.pop(at)] + right.keys
            children[at] = Node(both, left.children + right.children, self.version)
        child = children[at]
        if len(child.keys) > self.most:
            middle = len(child.keys) // 2
            keys.insert(at, child.keys[middle])
            left = Node(child.keys[:middle], child.children[: middle + 1], self.version)
            right = Node(child.keys[middle + 1 :], child.children[middle + 1 :], self.version)
            children[at : at + 1] = [left, right]


def place(keys: list[int], key: int) -> int:
    """Return how many keys are less than a key."""
    return len([each for each in keys if each < key])


def largest(node: Node) -> int:
    """Return the last key below a node."""
    return largest(node.children[-1]) if node.children else node.keys[-1]


def page(node: Node, after: int, limit: int, found: list[int]) -> list[int]:
    """Add the next keys after a key, in order, until there are *limit*."""
    for at in range(place(node.keys, after + 1), len(node.keys) + 1):
        if node.children:
            page(node.children[at], after, limit, found)
        if len(found) == limit or at == len(node.keys):
            break
        found.append(node.keys[at])
    return found


def copied(node: Node, version: int) -> int:
    """Count the nodes of a version, which hang together below the root."""
    if node.version != version:
        return 0
    return 1 + sum([copied(child, version) for child in node.children])


def write(tree: Tree, alive: list[int], chance: Random, create: bool) -> None:
    """Create or delete a key by chance."""
    key = chance.below(4000)
    while create and key in alive:
        key = chance.below(4000)
    if create:
        alive.append(key)
    else:
        key = alive.pop(key % len(alive))
    tree.write(key, create)


def run(keys: int, degree: int, limit: int, writes: int, served: str) -> dict[str, object]:
    """List the keys in pages, with writes between the pages."""
    tree, chance = Tree(degree), Random(1)
    alive: list[int] = []
    for at in range(keys):
        write(tree, alive, chance, True)
        if at % 25 == 0:
            gc.collect()  # in the browser nothing is freed by itself
    snapshot, first = tree.root, sorted(alive)
    listed: list[int] = []
    trips: list[int] = []
    copies: list[int] = []
    while True:
        trips.append(int(served == STORE or (served == LATEST and len(trips) > 0)))
        # A continue token has the last key, and the version if pages are of one.
        root, after = tree.root if served == MIXED else snapshot, listed[-1] if listed else -1
        found = page(root, after, limit + 1, [])
        listed += found[:limit]
        if len(found) <= limit:
            break
        for _ in range(writes):
            tree.version += 1
            write(tree, alive, chance, chance.random() < 0.5)
            copies.append(copied(tree.root, tree.version))
        gc.collect()
    levels = [[tree.root]]
    while levels[-1][0].children:
        levels.append([child for node in levels[-1] for child in node.children])
    return {
        "keys": len(alive), "degree": degree, "limit": limit, "trips": trips, "copies": copies,
        "listed": len(listed), "wrong": len(set(listed) ^ set(first)),
        "sizes": [[len(node.keys) for node in level] for level in levels],
        "versions": [[node.version for node in level] for level in levels],
    }  # fmt: skip


def summarize(data: "dict[str, Any]") -> str:
    """Say what the run shows."""
    trips, copies, levels = data["trips"], data["copies"], data["sizes"]
    seen, mean = "the keys of one version", sum(copies) / len(copies)
    if data["wrong"]:
        seen = f"those of several versions, {data['wrong']} of them wrong"
    return (
        f"{len(trips)} pages took {sum(trips)} trips to the store and had {seen}, while "
        f"{len(copies)} writes copied {short(mean)} nodes each; the tree has "
        f"{sum(map(len, levels))} nodes on {len(levels)} levels."
    )


def draw(data: "dict[str, Any]") -> str:
    """Draw the levels of the tree as boxes, as full as their nodes, and the pages below."""
    sizes, most, left, across = data["sizes"], 2 * data["degree"] - 1, 48, 304
    bottom = 30 + 30 * len(sizes)
    desc = "A row of nodes for each level, as high as they are full; then a row of pages."
    figure = Figure(bottom + 46, summarize(data), desc)
    figure.text(0, 12, "nodes")
    figure.text(400, 12, "full", anchor="end")
    figure.rect(left, 3, 9, 9, "accent")
    figure.text(left + 15, 12, f"the last write copied {data['copies'][-1]}", "ink")
    for level, held in enumerate(sizes):
        y, unit = 24 + 30 * level, across / len(held)
        figure.text(40, y + 15, str(len(held)), anchor="end")
        figure.text(400, y + 15, f"{100 * sum(held) // (len(held) * most)}%", anchor="end")
        figure.rect(left, y, across, 22, "line")
        for at, size in enumerate(held):
            new = data["versions"][level][at] == len(data["copies"])
            high, width = 22 * size / most, max(unit - 1, 3 if new else 0.8)
            figure.rect(left + unit * at, y + 22 - high, width, high, "accent" if new else "edge")
    words = f"{data['wrong']} keys wrong" if data["wrong"] else "filled: trips to the store"
    figure.text(left, bottom + 14, f"pages of {data['limit']} keys, {words}", "ink")
    unit = across / len(data["trips"])
    for at, trip in enumerate(data["trips"]):
        figure.rect(left + unit * at, bottom + 24, unit - 2, 8, "ink" if trip else "paper", "edge")
    figure.text(400, bottom + 32, str(sum(data["trips"])), anchor="end")
    return figure.svg()


def report(data: "dict[str, Any]") -> str:
    """Return a table of what was counted."""
    held = [size for level in data["sizes"] for size in level]
    shared = len([1 for level in data["versions"] for version in level if version == 0])
    least, most = data["degree"] - 1, 2 * data["degree"] - 1
    copies, rest, pages = data["copies"], held[1:], len(data["trips"])
    tallest = 1  # a tree of one level more has 2 t^tallest - 1 keys at least
    while 2 * data["degree"] ** tallest - 1 <= data["keys"]:
        tallest += 1
    rows = (
        ("levels", len(data["sizes"]), f"at most {tallest}"),
        ("keys below the root", f"{min(rest)} to {max(rest)}", f"of {least} to {most}"),
        ("nodes copied a write", short(sum(copies) / len(copies)), f"most {max(copies)}"),
        ("nodes never copied", shared, f"of {len(held)}"),
        ("trips to the store", sum(data["trips"]), f"in {pages} pages"),
        ("keys missed or added", data["wrong"], f"in {data['listed']}"),
    )
    return "\n".join([f"{name:<20}{value:>8} {bound}" for name, value, bound in rows])
