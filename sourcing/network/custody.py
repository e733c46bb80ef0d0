"""Chain of custody: which classes of goods, told apart by origin, can be at each point, move, and be worked up."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from itertools import product
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sourcing.errors import DataError, Fault
from sourcing.network.limits import counts_use
from sourcing.network.origins import stage_rank
from sourcing.network.views import DIGITS, OTHERS, UNTOLD, View, build_views, sources_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from sourcing.network import Network

    Flags = NDArray[np.bool_]
    Ints = NDArray[np.int64]
    Reals = NDArray[np.float64]
    Class = tuple[int, ...]

NOBODY = -1
"""In a class: a view does not look at the goods there."""
MOST = 1000
"""Classes at one point beyond which goods are mixed without end, round a loop."""


@dataclass(frozen=True, eq=False)
class Custody:
    """Lots: the classes that can be at a point, and what becomes of each on lanes and in processes.

    ``lots`` has point, site, material and lot (its class in words), sorted by point; ``kinds`` (lot, view) is which of
    ``wholes[view]`` (kind, name: parts of those whom the view tells apart, of others, and untold) each is, -1 where the
    view does not look there. ``entering`` is the lot that each source enters as (row of ``sources_of``, -1 for none).

    ``sent``: ship, lot, enters (the lot at its destination, -1 where nobody looks). ``run``: process, lot (in words).
    ``taken`` and ``given``: run (row of it), side (row of the network's inputs or outputs), lot.
    """

    views: list[View]
    wholes: list[Reals]
    lots: pd.DataFrame
    kinds: Ints
    entering: Ints
    sent: pd.DataFrame
    run: pd.DataFrame
    taken: pd.DataFrame
    given: pd.DataFrame

    def __len__(self) -> int:
        """Return the number of lots."""
        return len(self.lots)

    @property
    def any_mixed(self) -> bool:
        """Whether goods of several lots can meet at any point."""
        return bool(self.lots["point"].duplicated().any())


def build_custody(net: Network) -> Custody:
    """Work out the lots of a network.

    There are none where no limit counts what is used, and no own shipment owes another duty, or waits for another
    licence, by where it was made.
    """
    follows = net.licensing.view
    views = [*build_views(net, counts_use(net.case["limits"])), *([follows] if follows else []), *net.customs.views]
    return _Chain(net, views).custody()


def keeps_apart(net: Network) -> bool:
    """Say whether goods at a point may be of little use though others are asked for: of another lot, or forbidden."""
    return bool(counts_use(net.case["limits"]).any()) or net.custody.any_mixed


@dataclass
class _Kinds:
    """The distinct parts of one view, numbered as they are found."""

    found: dict[tuple[float, ...], int] = field(default_factory=dict)

    def of(self, parts: Reals) -> int:
        return self.found.setdefault(tuple(np.round(parts, DIGITS).tolist()), len(self.found))


class _Chain:
    """Classes on their way from where they enter: over lanes, and through processes."""

    def __init__(self, net: Network, views: list[View]) -> None:
        self.net, self.views, self.kinds = net, views, [_Kinds() for _ in views]
        sides = [_sides(frame) for frame in (net.inputs, net.outputs)]
        self.inputs, self.outputs = sides
        self.rank = stage_rank(net.case, net.points.entities["material"]).to_numpy(float)
        self.looks = np.array([self._looks(view) for view in views]).reshape(len(views), len(net.points))
        self._words: dict[int, list[str]] = {}
        self.there: dict[int, dict[Class, None]] = defaultdict(dict)
        self.lanes = defaultdict(list)
        for ship, (start, end) in enumerate(zip(net.hops.origin.tolist(), net.hops.point.tolist(), strict=True)):
            self.lanes[start].append((ship, end))

    def _looks(self, view: View) -> Flags:
        """Return at which points it matters whose the goods are: a tonne there can become one that is counted."""
        holds = (self.rank >= view.rank) & (view.content > 0)
        looks = view.counted | view.taken
        brings, makes = _sides_of(self.net, view)
        while True:
            more = looks.copy()
            np.logical_or.at(more, self.net.hops.origin, looks[self.net.hops.point])
            np.logical_or.at(more, brings, looks[makes])
            more &= holds
            if (more == looks).all():
                return looks
            looks = more

    def custody(self) -> Custody:
        entering = self._enter()
        self._spread()
        place = {(point, kind): at for at, (point, kind) in enumerate(self._lots())}
        frame = self.net.points.entities.iloc[[point for point, _ in place]].reset_index(drop=True)
        labels = [self.label(kind) for _, kind in place]
        lots = frame.assign(point=np.array([point for point, _ in place], np.int64), lot=np.array(labels, object))
        kinds = np.array([kind for _, kind in place], np.int64).reshape(len(place), len(self.views))
        enters = np.array([place.get(each, NOBODY) for each in entering], np.int64)
        wholes = [np.array(list(each.found), float).reshape(len(each.found), -1) for each in self.kinds]
        run, taken, given = self._worked_up(place)
        return Custody(self.views, wholes, lots, kinds, enters, self._sent(place), run, taken, given)

    def _lots(self) -> Iterator[tuple[int, Class]]:
        for point in sorted(self.there):
            for kind in sorted(self.there[point], key=self.label):
                yield point, kind

    def _fit(self, kind: Class, point: int) -> Class:
        """Return a class as it is at a point: what nobody looks at there makes no difference."""
        return tuple(own if looks else NOBODY for own, looks in zip(kind, self.looks[:, point].tolist(), strict=True))

    def _enter(self) -> list[tuple[int, Class]]:
        """Put the classes of routes, of open orders and of opening stocks where they enter."""
        if not self.views:
            return []
        sources = sources_of(self.net)
        self.own = [[kinds.of(part) for part in view.parts] for view, kinds in zip(self.views, self.kinds, strict=True)]
        point = self.net.points.find(sources["site"], sources["material"]).tolist()
        entering = [(at, self._fit(kind, at)) for at, kind in zip(point, zip(*self.own, strict=True), strict=True)]
        opens = np.ones(len(sources), bool)
        opens[len(self.net.origins) :] = self.net.case["stocks"]["opening"].fillna(0.0).to_numpy(float) > 0
        for (at, kind), made, there in zip(entering, sources["made"].tolist(), opens.tolist(), strict=True):
            if there and not made and self.looks[:, at].any():
                self.there[at][kind] = None
        return entering

    def _spread(self) -> None:
        """Follow every class over lanes and through processes, until none comes to a point where it was not."""
        size = -1
        while size != (size := sum(map(len, self.there.values()))):
            for start, lanes in self.lanes.items():
                for ship, end in lanes if start in self.there and self.looks[:, start].any() else ():
                    self._send_on(ship, start, end)
            for process in self.outputs:
                for blend in self._blends(process):
                    for side, point, _ in self.outputs[process]:
                        self._arrive(point, self._made(process, blend, side, point))

    def _send_on(self, ship: int, start: int, end: int) -> None:
        for kind in list(self.there[start]):
            if self._takes(ship, kind):
                self._arrive(end, self._fit(kind, end))

    def _takes(self, ship: int, kind: Class) -> bool:
        """Say whether a ship takes goods of a class: each way of a lane takes those that wait as long for a licence."""
        of = self.net.licensing
        if of.view is None or not of.split[ship]:
            return True
        at = next(at for at, view in enumerate(self.views) if view is of.view)
        parts = list(self.kinds[at].found)[kind[at]]
        return bool(of.takes[ship, parts.index(1.0)])

    def _arrive(self, point: int, kind: Class) -> None:
        if self.looks[:, point].any():
            self.there[point][kind] = None
            if len(self.there[point]) > MOST:
                self._refuse(point)

    def _refuse(self, point: int) -> None:
        site, material = self.net.points.entities.iloc[point]
        limit = self.views[0].limits[0]
        fact = f"{material} at {site} is mixed of so many origins, round and round, that lots cannot be kept apart"
        raise DataError(
            [Fault(self.net.case.place("limits", limit, "counts"), fact, "write arrivals there", "DATA-148")]
        )

    def _carrying(self, process: int) -> list[tuple[int, int, float]]:
        return [side for side in self.inputs.get(process, ()) if self.looks[:, side[1]].any()]

    def _blends(self, process: int) -> list[tuple[Class, ...]]:
        """Return what a process may take in at a time: a class of each input of which it matters whose it is."""
        return list(product(*(list(self.there.get(point, ())) for _, point, _ in self._carrying(process))))

    def _made(self, process: int, blend: tuple[Class, ...], side: int, point: int) -> Class:
        """Return the class of an output: that of its inputs as they are mixed, or of the process that lifts it."""
        made = len(self.net.routes) + side
        taken = dict(zip((point for _, point, _ in self._carrying(process)), blend, strict=True))
        return tuple(
            self._mixed(at, process, taken, made) if self.looks[at, point] else NOBODY for at in range(len(self.views))
        )

    def _mixed(self, at: int, process: int, taken: dict[int, Class], made: int) -> int:
        view, own = self.views[at], self.own[at][made]
        parts, mass = np.zeros(view.parts.shape[1]), 0.0
        keeps = None if view.keeps is None else int(view.keeps[made - len(self.net.routes)])
        for side, point, quantity in self.inputs.get(process, ()):
            held = -quantity * view.content[point] if keeps is None else float(side == keeps)
            kind = taken[point][at] if point in taken else NOBODY
            parts += held * (view.parts[made] if kind == NOBODY else np.array(list(self.kinds[at].found)[kind]))
            mass += held
        return self.kinds[at].of(parts / mass) if mass > 0 else own

    def _sent(self, place: dict[tuple[int, Class], int]) -> pd.DataFrame:
        """Return what lanes take on, by class of what is where they begin."""
        rows = [
            (ship, place[start, kind], place.get((end, self._fit(kind, end)), NOBODY))
            for start, lanes in self.lanes.items()
            for ship, end in lanes
            for kind in self.there.get(start, ())
            if self._takes(ship, kind)
        ]
        return _frame(rows, ["ship", "lot", "enters"]).sort_values(["ship", "lot"], ignore_index=True)

    def _worked_up(self, place: dict[tuple[int, Class], int]) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
        """Return the runs of processes by the classes that they take in, and what each takes and gives."""
        runs: list[tuple[int, str]] = []
        taken: list[tuple[int, int, int]] = []
        given: list[tuple[int, int, int]] = []
        for process in sorted({*self.inputs, *self.outputs}):
            carrying = self._carrying(process)
            made = [side for side in self.outputs.get(process, ()) if self.looks[:, side[1]].any()]
            for blend in self._blends(process) if carrying or made else ():
                at = len(runs)
                runs.append((process, self._named(carrying, blend)))
                taken += [(at, side, place[p, kind]) for (side, p, _), kind in zip(carrying, blend, strict=True)]
                given += [(at, side, place[p, self._made(process, blend, side, p)]) for side, p, _ in made]
        sides = ["run", "side", "lot"]
        frame = pd.DataFrame(runs, columns=["process", "lot"]).astype({"process": np.int64, "lot": object})
        return frame, _frame(taken, sides), _frame(given, sides)

    def _named(self, carrying: list[tuple[int, int, float]], blend: tuple[Class, ...]) -> str:
        """Return in words what a run takes in: the class, with its material where there are several."""
        if len(blend) < 2:
            return "".join(self.label(kind) for kind in blend)
        material = self.net.points.entities["material"]
        pairs = sorted((material.iloc[side[1]], self.label(kind)) for side, kind in zip(carrying, blend, strict=True))
        return ", ".join(f"{name} of {whose}" for name, whose in pairs)

    def label(self, kind: Class) -> str:
        """Return a class in words: whose it is, to each view where they differ."""
        seen = [
            (view, self._whose(at)[own])
            for at, (view, own) in enumerate(zip(self.views, kind, strict=True))
            if own >= 0
        ]
        if len({whose for _, whose in seen}) == 1:
            return seen[0][1]
        return ", ".join(f"{view.title} {whose}" for view, whose in seen)

    def _whose(self, at: int) -> list[str]:
        """Return each kind of a view in words."""
        known, kinds = self._words.setdefault(at, []), list(self.kinds[at].found)
        names = [*self.views[at].names, OTHERS, UNTOLD]
        known += [_words(parts, names) for parts in kinds[len(known) :]]
        return known


def _sides_of(net: Network, view: View) -> tuple[Ints, Ints]:
    """Pair the points of inputs of processes with those of outputs whose class can be theirs."""
    if view.keeps is not None:
        kept = np.flatnonzero(view.keeps >= 0)
        return net.inputs["point"].to_numpy()[view.keeps[kept]], net.outputs["point"].to_numpy()[kept]
    pairs = net.inputs[["code", "point"]].merge(net.outputs[["code", "point"]], on="code", suffixes=("", "_made"))
    return pairs["point"].to_numpy(), pairs["point_made"].to_numpy()


def _words(parts: tuple[float, ...], names: list[str]) -> str:
    """Return parts in words: "CHN", or "0.7 CHN + 0.3 (others)"."""
    some = [(name, part) for name, part in zip(names, parts, strict=True) if part > 0]
    known = sorted(some, key=lambda each: (each[0] in (OTHERS, UNTOLD), each[0] == UNTOLD, each[0]))
    return known[0][0] if len(known) == 1 else " + ".join(f"{part:.{DIGITS}g} {name}" for name, part in known)


def _frame(rows: list[tuple[int, int, int]], columns: list[str]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=columns, dtype=np.int64)


def _sides(frame: pd.DataFrame) -> dict[int, list[tuple[int, int, float]]]:
    """Return by process its sides: row, point and quantity."""
    found: dict[int, list[tuple[int, int, float]]] = defaultdict(list)
    columns = (frame[name].tolist() for name in ("code", "point", "quantity"))
    for side, (process, point, quantity) in enumerate(zip(*columns, strict=True)):
        found[process].append((side, point, quantity))
    return found
