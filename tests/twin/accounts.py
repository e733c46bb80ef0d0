"""Count what limits count and add up what things cost, as lists of (node, ..., amount) over the model's columns."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

from .customs import duty
from .facts import STAGES
from .seen import BY, seen_of_offer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .facts import Row
    from .network import Network

Column = Any  # a Pyomo variable, or the number 1 for a constant


class Counted(NamedTuple):
    """An amount (t or USD per unit of the column) counted at a node for one group of the lens."""

    node: int
    group: str
    amount: float
    column: Column


def lens_of_offer(network: Network, limit: Row, offer: Row, material: str) -> list[tuple[str, float]]:
    """Return the groups that material of an offer counts for, with weights that add to one."""
    by = limit["by"]
    if by in BY:
        return seen_of_offer(network, limit, offer, material)
    site = network.sites[offer["site"]]
    if by == "recycled":
        return [("recycled", offer["recycled"]), ("primary", 1 - offer["recycled"])]
    names = {
        "": "",
        "country": offer["made_in"] or site["country"],
        "shipped_from": site["country"],
        "owner": site["owner"] or "unknown",
        "owner_country": site["owner_country"] or "unknown",
        "supplier": offer["supplier"],
        "site": offer["site"],
        "source": offer["offer"],
    }
    return [(names[by], 1.0)]


def lens_of_process(network: Network, by: str, process: Row) -> list[tuple[str, float]]:
    """Return the groups own processing counts for: its site stands for the supplier."""
    site = network.sites[process["site"]]
    if by == "recycled":
        return [("recycled", process["recycled"]), ("primary", 1 - process["recycled"])]
    names = {
        "": "",
        "country": site["country"],
        "shipped_from": site["country"],
        "origin": site["country"],
        "origin_owner": site["owner_country"] or "unknown",
        "owner": site["owner"] or "unknown",
        "owner_country": site["owner_country"] or "unknown",
        "supplier": site["owner"] or process["site"],
        "site": process["site"],
        "source": process["process"],
    }
    return [(names[by], 1.0)]


def weight(network: Network, limit: Row, material: str, site: str) -> float:
    """Return the tonnes, or the USD, counted per tonne of the material at the site; 0 if a filter excludes it."""
    if limit["material"] not in ("", material) or limit["site"] not in ("", site):
        return 0.0
    share = network.contents.get((material, limit["element"]), 0.0) if limit["element"] else 1.0
    if limit["counted_in"] == "value" and share > 0:
        return float(network.materials[material]["value"])
    if limit["counted_in"] == "element":
        return share
    return 1.0 if share > 0 else 0.0


def reaches(network: Network, material: str, stage: str) -> bool:
    """Whether the material is at the stage or beyond; one without a stage never is."""
    own = network.materials[material]["stage"]
    return own != "" and STAGES.index(own) >= STAGES.index(stage)


def counted(network: Network, columns: dict[str, Any], limit: Row) -> Iterator[Counted]:
    """Yield everything the limit counts, at every node of the horizon."""
    if limit["measure"] == "spend":
        for key, move in network.buys.items():
            if limit["stage"] and not reaches(network, move.material, limit["stage"]):
                continue
            if weight(network, {**limit, "counted_in": "tonnes"}, move.material, move.destination) > 0:
                for group, part in lens_of_offer(network, limit, move.offer, move.material):
                    yield Counted(key[-1], group, part * move.offer["price"], columns["buy"][key])
        return
    for key, move in network.buys.items():
        if limit["stage"] and not reaches(network, move.material, limit["stage"]):
            continue
        per_tonne = weight(network, limit, move.material, move.destination)
        for group, part in lens_of_offer(network, limit, move.offer, move.material):
            for n, share in move.arrives.items():
                yield Counted(n, group, per_tonne * part * share, columns["buy"][key])
    for order, n in network.open_orders:
        if limit["stage"] and not reaches(network, order["material"], limit["stage"]):
            continue
        tonnes = weight(network, limit, order["material"], order["site"]) * order["quantity"]
        groups = [("unknown" if limit["by"] else "", 1.0)]
        if order["offer"]:
            groups = lens_of_offer(network, limit, network.offers[order["offer"]], order["material"])
        for group, part in groups:
            yield Counted(n, group, tonnes * part, 1.0)
    if limit["stage"]:
        yield from counted_of_processes(network, columns, limit)


def counted_of_processes(network: Network, columns: dict[str, Any], limit: Row) -> Iterator[Counted]:
    """Yield own outputs that reach the stage from inputs that all lie before it."""
    for (name, m), arrives in network.makes.items():
        if any(reaches(network, material, limit["stage"]) for material in network.inputs(name)):
            continue
        process = network.processes[name]
        for material, quantity in network.outputs(name).items():
            if not reaches(network, material, limit["stage"]):
                continue
            per_tonne = quantity * weight(network, limit, material, process["site"])
            for group, part in lens_of_process(network, limit["by"], process):
                for n, share in arrives.items():
                    yield Counted(n, group, per_tonne * part * share, columns["make"][name, m])


class Window(NamedTuple):
    """Days that a limit looks at together: what they are called, and by node which part of its days they are."""

    label: str
    parts: dict[int, float]

    @property
    def last(self) -> int:
        return max(self.parts)

    @property
    def end(self) -> tuple[str, int]:
        """Return what the key of a row ends with."""
        return self.label, self.last

    def of(self, part: Counted) -> float:
        """Return the amount per tonne of a column that the window counts."""
        return part.amount * self.parts.get(part.node, 0.0)


def windows(network: Network, limit: Row) -> list[Window]:
    """Return the windows of the limit: every day in [from, until), by period, calendar year or all together."""
    found: dict[str, dict[int, float]] = defaultdict(lambda: defaultdict(float))
    for n, period in enumerate(network.periods):
        for ordinal in range(period.start.toordinal(), period.end.toordinal()):
            day = date.fromordinal(ordinal)
            together = limit["per"] == "horizon" and limit["measure"] != "shortage"
            if together and n >= network.question.reported:
                continue
            if (limit["from"] or date.min) <= day < (limit["until"] or date.max):
                label = {"period": period.label, "year": str(day.year), "horizon": "horizon"}[limit["per"]]
                found[label][n] += 1 / (period.end - period.start).days
    return [Window(label, parts) for label, parts in found.items()]


class Charge(NamedTuple):
    """An undiscounted charge, USD per unit of the column, posted at a node under a head."""

    head: str
    node: int
    amount: float
    column: Column


def charges(network: Network, columns: dict[str, Any]) -> Iterator[Charge]:
    """Yield every charge of the plan; what arrives after the horizon pays freight and duty at the last node."""
    moves = [(columns["buy"][key], move) for key, move in network.buys.items()]
    moves += [(columns["ship"][key], move) for key, move in network.ships.items()]
    last = network.nodes[-1]
    for column, move in moves:
        if move.offer:
            yield Charge("purchase", move.ordered, move.offer["price"], column)
            made_in = move.offer["made_in"] or network.sites[move.origin]["country"]
            for n in {*move.arrives, last}:
                yield Charge("duty", n, duty(network, move, n, [made_in]), column)
        for n, share in [*move.arrives.items(), (last, move.late)]:
            yield Charge("freight", n, move.freight * share, column)
    for name, m in network.makes:
        yield Charge("conversion", m, network.processes[name]["cost"], columns["make"][name, m])
    for (site, material), row in network.stocks.items():
        for n in network.nodes:
            yield Charge("holding", n, row["holding_cost"] * network.years[n], columns["hold"][site, material, n])
            if row["disposal_cost"] is not None:
                yield Charge("disposal", n, row["disposal_cost"], columns["dispose"][site, material, n])
    if network.question.shortage == "priced":
        for key, price in network.shortage_cost.items():
            yield Charge("shortage", key[-1], price, columns["short"][key])
