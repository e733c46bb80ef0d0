"""Custody: what is used, or sent, is followed back to its sources, so that a limit or customs can ask whose it was.

Plainly: whatever enters has a kind, which is whose it is in the eyes of every limit on use, and of customs. Whatever
is sent, worked up, disposed of or used is split by kind, and at every stock point no more of a kind has gone by the end
of a period than has come by then. There is no stock by kind, nobody is lumped together, and nothing is left out where
it does not matter.
"""

from __future__ import annotations

from collections import defaultdict
from itertools import product
from typing import TYPE_CHECKING, Any, NamedTuple

import pyomo.environ as pyo

from .accounts import Counted, lens_of_offer, lens_of_process, reaches, weight
from .customs import any_on_own, duty, kept, makers_if_unknown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .facts import Row
    from .network import Network, Point

NOBODY = "(not told)"
"""Whose an open order and an opening stock without an offer are."""

PARTS = {"sent": "ship", "worked": "make", "dumped": "dispose", "consumed": ""}
"""The columns by kind, and what they are parts of; what is consumed is part of the demand."""

MOST_KINDS = 200
"""At one stock point; a loop that mixes would make ever new ones."""

Mix = tuple[tuple[str, float], ...]
"""Whose a tonne is, and in which parts."""
Kind = tuple[Mix | None, ...]
"""A mix for each look; none where the look is blind to the material."""


CUSTOMS = "customs"
"""Through what customs look: in which country goods were made."""


class Look(NamedTuple):
    """What limits have in common that see whose goods are in one way; and customs."""

    by: str
    stage: str
    element: str

    def sees(self, network: Network, material: str) -> bool:
        """Whether a material holds the element and has come to the stage, where they are named."""
        held = not self.element or network.contents.get((material, self.element), 0.0) > 0
        return held and (not self.stage or reaches(network, material, self.stage))


class Custody:
    """The columns and rows that follow kinds of goods; none where no limit counts use, and customs ask for nothing."""

    def __init__(self, network: Network) -> None:
        self.network, self.most = network, {}
        self.limits = [limit for limit in network.limits if limit["counts"] == "use"]
        self.looks = list(dict.fromkeys(look_of(limit) for limit in self.limits))
        follows = any(move.makers is not None for move in network.ships.values())
        self.looks += [Look(CUSTOMS, "", "")] if any_on_own(network) or follows else []
        found = kinds_at_points(network, self.looks) if self.looks else {}
        self.kinds = list(dict.fromkeys(kind for at in found.values() for kind in at))
        self.number = {kind: number for number, kind in enumerate(self.kinds)}
        self.at = {point: [self.number[kind] for kind in at] for point, at in found.items()}
        self.choices: dict[tuple[str, int], tuple[int, ...]] = {}  # by process: of every input a kind
        for name, row in network.processes.items() if self.looks else ():
            inputs = network.inputs(name)
            for number, taken in enumerate(product(*(self.at[row["site"], what] for what in inputs))):
                self.choices[name, number] = taken

    def add_columns(self, model: pyo.ConcreteModel) -> dict[str, Any]:
        """Give the model what is sent, worked up, disposed of and used, by kind."""
        keys: dict[str, list[tuple[Any, ...]]] = {name: [] for name in PARTS}
        if self.looks:
            ships = [(key, (key[0], key[2])) for key in self.network.ships]
            keys["sent"] = [
                (*key[:-1], kind, key[-1]) for key, point in ships for kind in self.at[point] if self._takes(key, kind)
            ]
            keys["worked"] = [
                (*chosen, m) for name, m in self.network.makes for chosen in self.choices if chosen[0] == name
            ]
            keys["dumped"] = [(*key[:2], kind, key[2]) for key in model.dispose for kind in self.at[key[:2]]]
            keys["consumed"] = [(*key[:2], kind, key[2]) for key in self.network.demand for kind in self.at[key[:2]]]
        for name, found in keys.items():
            setattr(model, name, pyo.Var(found, domain=pyo.NonNegativeReals, initialize=0.0))
        return {name: getattr(model, name) for name in keys}

    def _takes(self, key: tuple[Any, ...], kind: int) -> bool:
        """Whether a ship takes goods of a kind: of those that wait for licences by where they were made its own."""
        makers = self.network.ships[key].makers
        return makers is None or {made for made, _ in self.kinds[kind][-1] or ()} <= makers

    def counted(self, columns: Any, limit: Row) -> Iterator[Counted]:
        """Yield what a limit counts of what is used: what is consumed, and of a material that it names what is worked.

        ``columns`` has both, a column or the most that it can be, by their keys.
        """
        look = look_of(limit)
        place = self.looks.index(look)
        for site, material, kind, n, tonnes, column in self._uses(columns, limit):
            per_tonne = weight(self.network, limit, material, site)
            if per_tonne > 0 and look.sees(self.network, material):
                for group, part in self.kinds[kind][place] or ():
                    yield Counted(n, group, per_tonne * part * tonnes, column)

    def _uses(self, columns: Any, limit: Row) -> Iterator[tuple[str, str, int, int, float, Any]]:
        """Yield site, material, kind, node, tonnes for each of a column, and the column."""
        for key, column in columns["consumed"].items():
            yield *key, 1.0, column
        for (name, choice, m), column in columns["worked"].items() if limit["material"] else ():
            quantities, kinds = self.network.inputs(name).items(), self.choices[name, choice]
            for (material, quantity), kind in zip(quantities, kinds, strict=True):
                yield self.network.processes[name]["site"], material, kind, m, quantity, column

    def counted_of_members(self, columns: Any, limit: Row) -> Iterator[Counted]:
        """Yield the same where members are numbered or squared: what is nobody's is of one unknown, or of none."""
        for part in self.counted(columns, limit):
            if part.group != NOBODY:
                yield part
            elif limit["sense"] == "max":
                yield part._replace(group="unknown")

    def rows(self, columns: dict[str, Any]) -> Iterator[tuple[str, tuple[Any, ...], float | None, Any, float | None]]:
        """Yield rule, key, lower bound, body and upper bound."""
        if self.looks:
            yield from self._sums(columns)
            yield from self._left(columns)

    def _sums(self, columns: dict[str, Any]) -> Iterator[tuple[str, tuple[Any, ...], float, Any, float]]:
        """All kinds together are what is sent, worked up, disposed of and delivered."""
        for name, whole in PARTS.items():
            parts: dict[tuple[Any, ...], list[Any]] = defaultdict(list)
            for key in columns[name]:
                parts[(*key[:-2], key[-1])].append(columns[name][key])
            if whole:
                for key in columns[whole]:
                    yield name, key, 0.0, pyo.quicksum(parts[key]) - columns[whole][key], 0.0
                continue
            short = dict(columns["short"].items())
            for key, due in self.network.demand.items():
                missing = short.get(key, 0.0)
                yield name, key, due, pyo.quicksum(parts[key]) + missing, due

    def _left(self, columns: dict[str, Any]) -> Iterator[tuple[str, tuple[Any, ...], float, Any, None]]:
        """No more of a kind has gone than has come, up to the end of any period."""
        moved: dict[tuple[Point, int, int], list[Any]] = defaultdict(list)
        for point, kind, n, amount in [*self._comes(columns), *self._goes(columns)]:
            moved[point, kind, n].append(amount)
        for point, kinds in self.at.items():
            for kind in kinds:
                so_far: list[Any] = []
                for n in self.network.nodes:
                    so_far = [*so_far, *moved[point, kind, n]]
                    yield "left", (*point, kind, n), 0.0, pyo.quicksum(so_far), None

    def _comes(self, columns: dict[str, Any]) -> Iterator[tuple[Point, int, int, Any]]:
        network = self.network
        for point, kind, n, tonnes in given(network, self.looks):
            yield point, self.number[kind], n, tonnes
        for key, move in network.buys.items():
            bought = kind_of_offer(network, self.looks, move.offer, move.material)
            for n, share in move.arrives.items():
                yield (move.destination, move.material), self.number[bought], n, share * columns["buy"][key]
        for key in columns["sent"]:
            move = network.ships[(*key[:-2], key[-1])]
            for n, share in move.arrives.items():
                yield (move.destination, move.material), key[-2], n, share * columns["sent"][key]
        for name, choice, m in columns["worked"]:
            site, run = network.processes[name]["site"], columns["worked"][name, choice, m]
            taken = tuple(self.kinds[kind] for kind in self.choices[name, choice])
            for material, quantity in network.outputs(name).items():
                made = self.number[kind_made(network, self.looks, name, material, taken)]
                for n, share in network.makes[name, m].items():
                    yield (site, material), made, n, quantity * share * run

    def _goes(self, columns: dict[str, Any]) -> Iterator[tuple[Point, int, int, Any]]:
        network = self.network
        for name in ("dumped", "consumed"):
            for site, material, kind, n in columns[name]:
                yield (site, material), kind, n, -columns[name][site, material, kind, n]
        for key in columns["sent"]:
            yield (key[0], key[2]), key[-2], key[-1], -columns["sent"][key]
        for name, choice, m in columns["worked"]:
            site, run = network.processes[name]["site"], columns["worked"][name, choice, m]
            for (material, quantity), kind in zip(
                network.inputs(name).items(), self.choices[name, choice], strict=True
            ):
                yield (site, material), kind, m, -quantity * run

    def charges(self, columns: dict[str, Any]) -> Iterator[tuple[str, int, float, Any]]:
        """Charge the duty on own goods; what else they cost is on what the kinds are parts of."""
        customs = any(look.by == CUSTOMS for look in self.looks)
        for key in columns["sent"] if customs else ():
            move = self.network.ships[(*key[:-2], key[-1])]
            made = self.kinds[key[-2]][-1] or ()
            countries = [country for country, _ in made]
            makers = makers_if_unknown(self.network) if countries == [NOBODY] else countries
            for n in {*move.arrives, self.network.nodes[-1]}:
                yield "duty", n, duty(self.network, move, n, makers), columns["sent"][key]


def look_of(limit: Row) -> Look:
    return Look(limit["by"], limit["stage"], limit["element"])


def mix(parts: Iterator[tuple[str, float]]) -> Mix:
    """Return parts added up by whose they are, and made to add to one."""
    found: dict[str, float] = defaultdict(float)
    for group, part in parts:
        found[group] += part
    total = sum(found.values())
    return tuple(sorted((group, round(part / total, 9)) for group, part in found.items() if part > 0))


def kind_of_offer(network: Network, looks: list[Look], offer: Row | None, material: str) -> Kind:
    """Return the kind of what comes of an offer, or of nobody's."""
    found: list[Mix | None] = []
    for look in looks:
        groups = [(NOBODY, 1.0)]
        if offer and look.by == CUSTOMS:
            groups = [(offer["made_in"] or network.sites[offer["site"]]["country"], 1.0)]
        elif offer:
            groups = lens_of_offer(network, look._asdict(), offer, material)
        found.append(mix(iter(groups)) if look.sees(network, material) else None)
    return tuple(found)


def kind_made(network: Network, looks: list[Look], process: str, material: str, taken: tuple[Kind, ...]) -> Kind:
    """Return the kind of what a run makes of what it takes."""
    row, inputs = network.processes[process], network.inputs(process)

    def parts(place: int, look: Look) -> Iterator[tuple[str, float]]:
        if look.by == CUSTOMS:
            of = kept(network, process, material)
            own_country = ((network.sites[row["site"]]["country"], 1.0),)
            yield from own_country if of is None else taken[list(inputs).index(of)][place] or ()
            return
        own = lens_of_process(network, look.by, row)
        brings = {
            what: quantity * (network.contents.get((what, look.element), 0.0) if look.element else 1.0)
            for what, quantity in inputs.items()
        }
        if not any(brings.values()):
            yield from own
            return
        for amount, kind in zip(brings.values(), taken, strict=True):
            for group, part in kind[place] or own:
                yield group, amount * part

    return tuple(mix(parts(place, look)) if look.sees(network, material) else None for place, look in enumerate(looks))


def given(network: Network, looks: list[Look]) -> Iterator[tuple[Point, Kind, int, float]]:
    """Yield point, kind, node and tonnes of opening stock and open orders."""
    for point, row in network.stocks.items():
        if row["opening"] > 0:
            yield point, kind_of_offer(network, looks, network.offers.get(row["offer"]), point[1]), 0, row["opening"]
    for row, n in network.open_orders:
        kind = kind_of_offer(network, looks, network.offers.get(row["offer"]), row["material"])
        yield (row["site"], row["material"]), kind, n, row["quantity"]


def kinds_at_points(network: Network, looks: list[Look]) -> dict[Point, list[Kind]]:
    """Return the kinds that can come to every stock point, by following them until nothing new comes anywhere."""
    found: dict[Point, dict[Kind, None]] = {point: {} for point in network.points}
    for point, kind, _, _ in given(network, looks):
        found[point][kind] = None
    for move in network.buys.values():
        kind = kind_of_offer(network, looks, move.offer, move.material)
        found[move.destination, move.material][kind] = None
    ways = {((move.origin, move.material), (move.destination, move.material)) for move in network.ships.values()}
    before = -1
    while before != (before := sum(map(len, found.values()))):
        for start, end in ways:
            found[end] |= found[start]
        for name in {name for name, _ in network.makes}:
            site = network.processes[name]["site"]
            for taken in product(*(list(found[site, what]) for what in network.inputs(name))):
                for material in network.outputs(name):
                    found[site, material][kind_made(network, looks, name, material, taken)] = None
        if any(len(kinds) > MOST_KINDS for kinds in found.values()):
            raise ValueError("more kinds of goods than the twin follows: a loop that mixes?")
    return {point: list(kinds) for point, kinds in found.items()}
