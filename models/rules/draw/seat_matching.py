"""How many of which kind of inspectors can be seated (Art. 14 (2)): matching by classes.

Inspectors with equal areas and lead are alike, seats of one area and kind are alike; so the question
"can all of these be given different seats" stays small however many people it has.
"""

from __future__ import annotations

from collections.abc import Sequence


class Seating:
    """Places for classes of inspectors among kinds of seats; `held[kind][class]` of them are taken.

    `capacity[kind]` seats of a kind; `fits[class]` the kinds open to a class.
    """

    def __init__(self, capacity: Sequence[int], fits: Sequence[Sequence[int]]) -> None:
        self.free = list(capacity)
        self.fits = fits
        self.held: list[dict[int, int]] = [{} for _ in capacity]

    def admit(self, newcomer: int) -> bool:
        """Give one more of a class a seat, moving others where needed; False changes nothing."""
        came_from: dict[int, tuple[int, int]] = {}
        queue: list[int] = []
        asked: set[int] = set()

        def open_to(group: int, origin: int) -> int | None:
            asked.add(group)
            for kind in self.fits[group]:
                if kind not in came_from:
                    came_from[kind] = (origin, group)
                    if self.free[kind]:
                        return kind
                    queue.append(kind)
            return None

        end = open_to(newcomer, -1)
        for kind in queue:
            if end is not None:
                break
            for group in self.held[kind]:
                if group not in asked and (end := open_to(group, kind)) is not None:
                    break
        if end is None:
            return False
        self.free[end] -= 1
        while end >= 0:
            origin, group = came_from[end]
            self._add(end, group, 1)
            if origin >= 0:
                self._add(origin, group, -1)
            end = origin
        return True

    def take(self, kind: int, group: int) -> bool:
        """Close a seat of `kind` with one of `group` if the others can still be seated; else False."""
        if self.held[kind].get(group):
            self._add(kind, group, -1)
            return True
        path = self._way(kind, group)
        if path is None:
            return False
        at = kind
        for mover, to in path:
            self._add(at, mover, -1)
            self._add(to, mover, 1)
            at = to
        self._add(at, group, -1)
        return True

    def _way(self, kind: int, group: int) -> list[tuple[int, int]] | None:
        """Moves (class, to kind) that free a seat of `kind` and end where one of `group` sits."""
        came_from: dict[int, tuple[int, int]] = {kind: (-1, -1)}
        queue = [kind]
        asked = {group}
        for at in queue:
            for mover in self.held[at]:
                if mover in asked:
                    continue
                asked.add(mover)
                for to in self.fits[mover]:
                    if to not in came_from and self.held[to]:
                        came_from[to] = (at, mover)
                        if group in self.held[to]:
                            return self._trace(came_from, to)
                        queue.append(to)
        return None

    @staticmethod
    def _trace(came_from: dict[int, tuple[int, int]], end: int) -> list[tuple[int, int]]:
        path = []
        while came_from[end][0] >= 0:
            origin, mover = came_from[end]
            path.append((mover, end))
            end = origin
        return path[::-1]

    def contested(self) -> set[int]:
        """The kinds that compete for too few inspectors, when a seat stays free (Hall's condition)."""
        kinds = {kind for kind, free in enumerate(self.free) if free}
        queue = list(kinds)
        for kind in queue:
            wanted = {group for group, fits in enumerate(self.fits) if kind in fits}
            for other, held in enumerate(self.held):
                if other not in kinds and not wanted.isdisjoint(held):
                    kinds.add(other)
                    queue.append(other)
        return kinds

    def irreplaceable(self, counts: Sequence[int]) -> set[int]:
        """Classes each of whose members is needed to fill the seats; `counts[class]` there are."""
        used = [0] * len(counts)
        for held in self.held:
            for group, units in held.items():
                used[group] += units
        idle = {group for group, count in enumerate(counts) if count > used[group]}
        spare = {kind for group in idle for kind in self.fits[group]}
        queue = list(spare)
        for kind in queue:
            for group in self.held[kind]:
                fresh = [other for other in self.fits[group] if other not in spare]
                spare.update(fresh)
                queue += fresh
        movable = {group for kind in spare for group in self.held[kind]}
        return {group for group, count in enumerate(used) if count} - idle - movable

    def _add(self, kind: int, group: int, units: int) -> None:
        held = self.held[kind]
        left = held.get(group, 0) + units
        if left:
            held[group] = left
        else:
            del held[group]
