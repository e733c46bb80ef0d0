"""Multi-commodity flow: every offer, open order and opening stock is a commodity of its own through the whole chain.

No two of them are ever put together, whoever they are from: what a limit on use counts of one is asked limit by limit.
What a process makes is one commodity for each choice of what it takes in. Only where nobody but customs asks, all that
was made in one country is one commodity.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import product
from typing import TYPE_CHECKING

from oracle.border import asks, dues, maker
from oracle.members import STAGES, Counted, contained, converter, held, members, put, stage
from oracle.network import recipe
from oracle.program import add
from oracle.tables import NOT_TOLD, Row, counts_use, day, filled, number

if TYPE_CHECKING:
    from oracle.members import Parts
    from oracle.model import Model
    from oracle.network import Move, Point
    from oracle.program import Terms

MADE = "made"
LONGEST = 4
"""Processes that one commodity may have come through."""


@dataclass(frozen=True)
class Source:
    """A commodity: an offer, an open order, an opening stock, or what a process made of others, by input material."""

    kind: str
    code: str
    of: tuple[tuple[str, Source], ...] = ()

    @property
    def depth(self) -> int:
        return max((1 + source.depth for _, source in self.of), default=0)


Key = tuple["Point", Source, int]


@dataclass
class Flows:
    """What is known of the commodities of a model.

    Attributes
    ----------
    at : the commodities that can be at a point.
    balance, given : the terms of the account of each, by point, commodity and node; and what comes undecided.
    held, gone, used : the columns of stock, of disposal and of use.
    taken : what processes take in: the commodity, the column of the run, and tonnes for each of it.
    lands : the node in which a column is decided, and the day on which it first lands.
    by_country : whether only customs ask.
    """

    at: dict[Point, list[Source]] = field(default_factory=dict)
    balance: dict[Key, Terms] = field(default_factory=dict)
    given: dict[Key, float] = field(default_factory=dict)
    held: dict[Key, int] = field(default_factory=dict)
    gone: dict[Key, int] = field(default_factory=dict)
    used: dict[tuple[Point, int], dict[Source, int]] = field(default_factory=dict)
    taken: dict[tuple[Point, int], list[tuple[Source, int, float]]] = field(default_factory=dict)
    lands: dict[int, tuple[int, float]] = field(default_factory=dict)
    by_country: bool = False

    def called(self, model: Model, source: Source, material: str) -> Source:
        return Source("country", maker(model, source, material)) if self.by_country else source

    def give(self, key: Key, tonnes: float) -> None:
        self.given[key] = self.given.get(key, 0.0) + tonnes

    def enter(self, key: Key, column: int, tonnes: float) -> None:
        terms = self.balance.setdefault(key, {})
        terms[column] = terms.get(column, 0.0) + tonnes


def custody(model: Model) -> None:
    """Keep commodities apart where any limit counts use, or own goods can owe duty, or wait for licences."""
    use = any(map(counts_use, model.case.rows("limits")))
    if use or asks(model) or any(move.makers for move in model.ships()):
        flows = Flows(by_country=not use)
        enter(model, flows)
        spread(model, flows)
        bought(model, flows)
        sent(model, flows)
        run(model, flows)
        balances(model, flows)
        model.lots = flows


def note(flows: Flows, point: Point, source: Source) -> bool:
    """Let a commodity be at a point, and return whether that is new."""
    there = flows.at.setdefault(point, [])
    if source in there:
        return False
    there.append(source)
    return True


def enter(model: Model, flows: Flows) -> None:
    """Note where commodities enter, and what of them is given."""
    for move in model.buys():
        source = Source("offer", move.offer["offer"] if move.offer else "")
        note(flows, move.point, flows.called(model, source, move.material))
    for row in model.case.rows("open_orders"):
        node = model.case.node_of(day(row["arrives"]))
        if node is not None:
            point = row["site"], row["material"]
            source = flows.called(model, Source("order", row["order"]), row["material"])
            note(flows, point, source)
            flows.give((point, source, node), number(row, "quantity"))
    for row in model.case.rows("stocks"):
        if number(row, "opening"):
            point = row["site"], row["material"]
            source = flows.called(model, Source("opening", "/".join(point)), row["material"])
            note(flows, point, source)
            flows.give((point, source, 0), number(row, "opening"))


def taken(model: Model, code: str) -> list[Row]:
    return [row for row in recipe(model.case, code) if number(row, "quantity") < 0]


def choices(model: Model, flows: Flows, code: str) -> list[Source]:
    """Return what a process can make: one commodity for each choice of what it takes in."""
    site = model.case.by("processes", "process")[code]["site"]
    inputs = [row["material"] for row in taken(model, code)]
    each = [flows.at.get((site, material), []) for material in inputs]
    return [Source(MADE, code, tuple(zip(inputs, of, strict=True))) for of in product(*each)]


def spread(model: Model, flows: Flows) -> None:
    """Note wherever commodities can go on lanes and through processes."""
    changed = True
    while changed:
        changed = False
        for move in model.ships():
            for source in goes(model, flows, move):
                changed |= note(flows, move.point, source)
        for code in {code for code, _ in model.make}:
            site = model.case.by("processes", "process")[code]["site"]
            for source in choices(model, flows, code):
                if source.depth > LONGEST:
                    raise ValueError(f"{code} takes in what it made: commodities by their source have no end there")
                for row in recipe(model.case, code):
                    if number(row, "quantity") > 0:
                        changed |= note(flows, (site, row["material"]), flows.called(model, source, row["material"]))


def goes(model: Model, flows: Flows, move: Move) -> list[Source]:
    """Return the commodities that can go by a shipment: those that wait as long for their licence, if anybody asks."""
    there = flows.at.get((move.origin, move.material), [])
    return [each for each in there if not move.makers or maker(model, each, move.material) in move.makers]


def bought(model: Model, flows: Flows) -> None:
    for move in model.buys():
        flows.lands[move.column] = move.node, move.lands
        for n, part in move.arrives.items():
            source = Source("offer", move.offer["offer"] if move.offer else "")
            flows.enter((move.point, flows.called(model, source, move.material), n), move.column, part)


def sent(model: Model, flows: Flows) -> None:
    """Part every shipment by commodity."""
    for move in model.ships():
        parts: Terms = {}
        for source in goes(model, flows, move):
            column = model.program.column(f"{'/'.join(move.way)}@{move.node} of {source}")
            parts[column] = 1.0
            flows.lands[column] = move.node, move.lands
            for n, dollars in dues(model, move, maker(model, source, move.material)).items():
                model.charge(column, dollars, n)
            flows.enter(((move.origin, move.material), source, move.node), column, -1.0)
            for n, part in move.arrives.items():
                flows.enter((move.point, source, n), column, part)
        model.program.row("sent", add(parts, {move.column: -1.0}), 0.0, 0.0)


def run(model: Model, flows: Flows) -> None:
    """Part every run by the choice of what it takes in."""
    for (code, node), whole in model.make.items():
        site = model.case.by("processes", "process")[code]["site"]
        parts: Terms = {}
        for made in choices(model, flows, code):
            column = model.program.column(f"make {code}@{node} of {made.of}")
            parts[column] = 1.0
            flows.lands[column] = node, model.lands[code, node]
            quantities = {row["material"]: number(row, "quantity") for row in taken(model, code)}
            for material, source in made.of:
                flows.enter(((site, material), source, node), column, quantities[material])
                flows.taken.setdefault(((site, material), node), []).append((source, column, -quantities[material]))
            for (process, start, material, n), tonnes in model.brings.items():
                if (process, start) == (code, node):
                    flows.enter(((site, material), flows.called(model, made, material), n), column, tonnes)
        model.program.row("run", add(parts, {whole: -1.0}), 0.0, 0.0)


def balances(model: Model, flows: Flows) -> None:
    """Keep, dispose of and use each commodity; together they are what is kept, disposed of and used."""
    for (point, n), hold in model.hold.items():
        kept, gone, used = {hold: -1.0}, {}, {}
        dispose, short = model.dispose.get((point, n)), model.short.get((point, n))
        due = model.demand.get(point, [0.0 for _ in model.nodes])[n]
        for source in flows.at.get(point, []):
            key = point, source, n
            column = model.program.column(f"hold {key}")
            kept[column] = 1.0
            flows.held[key] = column
            flows.enter(key, column, -1.0)
            if n + 1 in model.nodes:
                flows.enter((point, source, n + 1), column, 1.0)
            if dispose is not None:
                column = model.program.column(f"dispose {key}")
                gone[column] = 1.0
                flows.gone[key] = column
                flows.enter(key, column, -1.0)
            if due > 0:
                column = model.program.column(f"use {key}")
                used[column] = 1.0
                flows.enter(key, column, -1.0)
                flows.used.setdefault((point, n), {})[source] = column
        model.program.row("kept", kept, 0.0, 0.0)
        if dispose is not None:
            model.program.row("gone", add(gone, {dispose: -1.0}), 0.0, 0.0)
        if due > 0:
            model.program.row("used", add(used, {short: 1.0} if short is not None else {}), due, due)
    for point, sources in flows.at.items():
        for source in sources:
            for n in model.nodes:
                key = point, source, n
                given = -flows.given.get(key, 0.0)
                model.program.row(f"lot {key}", flows.balance.get(key, {}), given, given)


def used(model: Model, row: Row, nodes: Parts) -> dict[str, Counted]:
    """Return what is used of each member in a window where a limit looks; what nobody tells under a name of its own."""
    found: dict[str, Counted] = {}
    for (point, n), columns in uses(model, row).items():
        part = contained(model, row, point[1]) * nodes.get(n, 0.0)
        if not part or row.get("site", "") not in ("", point[0]):
            continue
        for source, column, tonnes in columns:
            for code, share in (whose(model, row, source, point[1]) or {}).items():
                if share:
                    put(found, code, Counted({column: part * share * tonnes}))
    return found


def uses(model: Model, row: Row) -> dict[tuple[Point, int], list[tuple[Source, int, float]]]:
    """Return what is delivered and, of a material that a limit names, what processes take in: tonnes by column."""
    found = {key: [(source, column, 1.0) for source, column in each.items()] for key, each in model.lots.used.items()}
    for key, each in model.lots.taken.items() if filled(row, "material") else ():
        found[key] = [*found.get(key, []), *each]
    return found


def whose(model: Model, row: Row, source: Source, material: str) -> dict[str, float] | None:
    """Return whose a commodity is to a limit, once it is a material; None where that has not come to its stage."""
    if filled(row, "stage") and stage(model, material) < STAGES.index(row["stage"]):
        return None
    if source.kind != MADE:
        code = source.code
        if source.kind != "offer":
            line = order(model, code) if source.kind == "order" else stock(model, code)
            code = line.get("offer", "")
        return members(model, row, model.case.by("offers", "offer")[code]) if code else {NOT_TOLD: 1.0}
    process = model.case.by("processes", "process")[source.code]
    own = {converter(model, row, process): 1.0}
    quantities = {line["material"]: -number(line, "quantity") for line in taken(model, source.code)}
    weights = {name: quantities[name] * held(model, row, name) for name, _ in source.of}
    total = sum(weights.values())
    if not total:
        return own
    parts: dict[str, float] = {}
    for name, of in source.of:
        for code, share in (whose(model, row, of, name) or own).items():
            parts[code] = parts.get(code, 0.0) + share * weights[name] / total
    return parts


def order(model: Model, code: str) -> Row:
    return model.case.by("open_orders", "order")[code]


def stock(model: Model, code: str) -> Row:
    return next(row for row in model.case.rows("stocks") if f"{row['site']}/{row['material']}" == code)
