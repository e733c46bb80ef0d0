"""Rules of origin: own goods owe duty by where they were made, until a process changes their tariff heading."""

from __future__ import annotations

from typing import TYPE_CHECKING

from oracle.network import country, made_in, recipe
from oracle.tables import NOT_TOLD, filled, number, span

if TYPE_CHECKING:
    from oracle.custody import Source
    from oracle.model import Model
    from oracle.network import Move
    from oracle.tables import Row

NO_COUNTRY = "(named by no tariff)"


def asks(model: Model) -> bool:
    """Return whether customs could charge anything on own goods."""
    crossing = any(country(model.case, move.origin) != country(model.case, move.destination) for move in model.ships())
    return crossing and any(number(row, "rate") > 0 for row in model.case.rows("tariffs"))


def maker(model: Model, source: Source, material: str) -> str:
    """Return the country in which a commodity was made, now that it is a material."""
    if source.kind == "country":
        return source.code
    if source.kind == "made":
        same = [(-takes(model, source.code, name), name, of) for name, of in source.of if alike(model, name, material)]
        if same:
            _, name, of = min(same, key=lambda each: each[:2])
            return maker(model, of, name)
        return country(model.case, model.case.by("processes", "process")[source.code]["site"])
    code = source.code
    if source.kind != "offer":
        line = next(
            row for row in model.case.rows("open_orders" if source.kind == "order" else "stocks") if named(row) == code
        )
        code = line.get("offer", "")
    return made_in(model.case, model.case.by("offers", "offer")[code]) if code else NOT_TOLD


def named(row: Row) -> str:
    return row["order"] if "order" in row else f"{row['site']}/{row['material']}"


def takes(model: Model, process: str, material: str) -> float:
    return -sum(number(row, "quantity") for row in recipe(model.case, process) if row["material"] == material)


def alike(model: Model, one: str, other: str) -> bool:
    """Return whether two headings of four characters are the same, as far as both are written."""
    codes = [model.case.materials[name].get("tariff_code", "") for name in (one, other)]
    first, second = ("".join(char for char in code if char not in ". ")[:4] for code in codes)
    return first.startswith(second) or second.startswith(first)


def dues(model: Model, move: Move, made: str) -> dict[int, float]:
    """Return USD per tonne, by node of arrival, of own goods on a move; of goods of nobody the dearest by day."""
    makers = unknown_makers(model) if made == NOT_TOLD else [made]
    rows = [[row for row in model.case.rows("tariffs") if falls(model, row, move, each)] for each in makers]
    value, found = worth(model, move.material), dict[int, float]()
    for day in move.comes:
        node = model.case.node_of(int(day))
        node = model.nodes[-1] if node is None else node
        dearest = max(sum(levied(row, day) * (value + freight(row, move)) for row in each) for each in rows)
        found[node] = found.get(node, 0.0) + dearest / len(move.comes)
    return found


def freight(row: Row, move: Move) -> float:
    return 0.0 if row.get("basis") == "fob" else move.freight


def levied(row: Row, day: float) -> float:
    first, end = span(row, "from", "until")
    return number(row, "rate") if first <= day < end else 0.0


def falls(model: Model, row: Row, move: Move, made: str) -> bool:
    """Return whether a tariff falls on own goods: none within a country, or the group that levies it."""
    here, there = country(model.case, move.origin), country(model.case, move.destination)
    importer = row.get("importer", "")
    inside = here == there or (importer != "" and model.case.names(importer, here))
    code = model.case.materials[move.material].get("tariff_code", "")
    fits = model.case.names(importer, there) and model.case.names(row.get("origin", ""), made)
    return fits and made != there and not inside and row.get("tariff_code", "") in ("", code)


def worth(model: Model, material: str) -> float:
    """Return what a tonne is worth to customs: as written, as offered at most, as it costs to make, or a dollar."""
    case = model.case
    known = {code: number(row, "value") for code, row in case.materials.items() if filled(row, "value")}
    for offer in case.rows("offers"):
        code = offer["material"]
        if not filled(case.materials[code], "value"):
            known[code] = max(known.get(code, 0.0), number(offer, "price"))
    while material not in known:
        found: dict[str, float] = {}
        for process in case.rows("processes"):
            sides = [(row["material"], number(row, "quantity")) for row in recipe(case, process["process"])]
            taken = {name: -tonnes for name, tonnes in sides if tonnes < 0}
            made = {name: tonnes for name, tonnes in sides if tonnes > 0}
            if taken and set(taken) <= set(known):
                cost = number(process, "cost") + sum(known[name] * tonnes for name, tonnes in taken.items())
                for name in set(made) - set(known):
                    found[name] = max(found.get(name, 0.0), cost / sum(made.values()))
        if not found:
            return 1.0
        known |= found
    return known[material]


def apart(model: Model) -> bool:
    """Return whether goods of several lots can meet where own ones cross a border."""
    at = makers_at(model, model.buys(), model.ships()) if asks(model) else {}
    return several_waits(model) or any(
        len({NOT_TOLD if made == NOT_TOLD else tuple(levels(model, move, made)) for made in there}) > 1
        for move in model.ships()
        if len(there := at.get((move.origin, move.material), set())) > 1 and differs(model, move)
    )


def several_waits(model: Model) -> bool:
    """Return whether goods that can go over one way, and wait by where they were made, are of several lots.

    Countries of one wait are one lot; what nobody tells the making of is one by itself.
    """
    lots: dict[tuple[str, ...], set[frozenset[str]]] = {}
    for move in model.ships():
        told, untold = move.makers - {NOT_TOLD}, move.makers & {NOT_TOLD}
        lots.setdefault(move.way[:6], set()).update(each for each in (told, untold) if each)
    return any(len(each) > 1 for each in lots.values())


def differs(model: Model, move: Move) -> bool:
    """Return whether the duty on a move hangs on where goods were made: of all that are made, or could be."""
    case = model.case
    makers = {made_in(case, offer) for offer in case.rows("offers")}
    makers |= {country(case, process["site"]) for process in case.rows("processes")}
    opening = [row for row in case.rows("stocks") if number(row, "opening")]
    if not all(filled(row, "offer") for row in [*case.rows("open_orders"), *opening]):
        makers |= set(unknown_makers(model))
    return len({tuple(levels(model, move, made)) for made in makers}) > 1


def unknown_makers(model: Model) -> list[str]:
    """Return all countries that tariffs name, and one that they do not."""
    origins = {row.get("origin", "") for row in model.case.rows("tariffs")} - {""}
    groups = {row["group"] for row in model.case.rows("groups")}
    members = {row["member"] for row in model.case.rows("groups") if row["group"] in origins}
    return [NO_COUNTRY, *sorted((origins - groups) | members)]


def makers_at(model: Model, buys: list[Move], ships: list[Move]) -> dict[tuple[str, str], set[str]]:
    """Return the countries in which goods that can be at a point were made."""
    case, found = model.case, dict[tuple[str, str], set[str]]()
    for move in buys:
        if move.offer:
            found.setdefault(move.point, set()).add(made_in(case, move.offer))
    for table in ("open_orders", "stocks"):
        for row in case.rows(table):
            if table == "open_orders" or number(row, "opening"):
                offer = case.by("offers", "offer").get(row.get("offer", ""))
                point = row["site"], row["material"]
                found.setdefault(point, set()).add(made_in(case, offer) if offer else NOT_TOLD)
    size = -1
    while size != (size := sum(map(len, found.values()))):
        for move in ships:
            found.setdefault(move.point, set()).update(found.get((move.origin, move.material), set()))
        for process in case.rows("processes"):
            site, rows = process["site"], recipe(case, process["process"])
            taken = {row["material"]: -number(row, "quantity") for row in rows if number(row, "quantity") < 0}
            for out in [row["material"] for row in rows if number(row, "quantity") > 0]:
                same = kept_by(model, taken, out)
                own = found.get((site, same), set()) if same else {country(case, site)}
                found.setdefault((site, out), set()).update(own)
    return found


def kept_by(model: Model, taken: dict[str, float], out: str) -> str:
    """Return the input that an output stays: of the same heading, the one of which most is taken; "" for none."""
    same = [(-tonnes, name) for name, tonnes in taken.items() if alike(model, name, out)]
    return min(same)[1] if same else ""


def levels(model: Model, move: Move, made: str) -> list[tuple[float, float]]:
    """Return what is levied by cif and by fob on every day, of goods of one country."""
    rows = [row for row in model.case.rows("tariffs") if falls(model, row, move, made)]
    days = range(model.case.nodes[0][0], model.case.nodes[-1][1])
    return [
        (
            round(sum(levied(row, day) for row in rows if row.get("basis") != "fob"), 9),
            round(sum(levied(row, day) for row in rows if row.get("basis") == "fob"), 9),
        )
        for day in days
    ]
