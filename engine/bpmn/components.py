"""Strongly connected components: the cycles of a graph."""

from collections.abc import Hashable, Iterable, Iterator, Mapping
from typing import TypeVar

Item = TypeVar("Item", bound=Hashable)


def components(targets: Mapping[Item, Iterable[Item]]) -> Iterator[list[Item]]:
    """The components that hold a cycle, among the keys of ``targets`` (Tarjan's algorithm, without
    recursion)."""
    index: dict[Item, int] = {}
    low: dict[Item, int] = {}
    path: list[Item] = []
    on_path: set[Item] = set()
    for root in targets:
        if root in index:
            continue
        index[root] = low[root] = len(index)
        path.append(root)
        on_path.add(root)
        work = [(root, iter(targets[root]))]
        while work:
            item, following = work[-1]
            for target in following:
                if target not in targets:
                    continue
                if target not in index:
                    index[target] = low[target] = len(index)
                    path.append(target)
                    on_path.add(target)
                    work.append((target, iter(targets[target])))
                    break
                if target in on_path:
                    low[item] = min(low[item], index[target])
            else:
                work.pop()
                if work:
                    parent = work[-1][0]
                    low[parent] = min(low[parent], low[item])
                if low[item] == index[item]:
                    found = _unwind(path, on_path, item)
                    if len(found) > 1 or item in targets[item]:
                        yield found


def _unwind(path: list[Item], on_path: set[Item], last: Item) -> list[Item]:
    found = []
    while True:
        item = path.pop()
        on_path.discard(item)
        found.append(item)
        if item == last:
            return found
