"""Replay as a purchasing director would: what was really used, from whom, what is left over, and what came when.

The quantities of a plan's tables are held, its lots are not. Of every limit on shares of use it is asked how much of a
member is used at the best and at the worst assignment of lots, and if all that meets is mixed in one heap; whether one
assignment keeps all limits at once, also where no lot serves what is due before it lands; and what was bought and lies
at the end, or is thrown away. `python -m oracle.director --count 150 --seed 1` (with PYTHONPATH=tests) looks for plans
that go round a limit that binds.
"""

from __future__ import annotations

import argparse
import shutil
import sys
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import mkdtemp
from typing import TYPE_CHECKING

from oracle import apart
from oracle.cases import RULES as CASES
from oracle.cases import write
from oracle.custody import MADE, Source, custody, taken
from oracle.drawing import Draw, network
from oracle.heap import BEFORE, Mix, mixed
from oracle.limits import counted, each, judged, sums, windows
from oracle.members import Counted, contained
from oracle.model import Model, accounts, build, lanes, orders, processes, wanted
from oracle.program import add, times
from oracle.rules import RULES
from oracle.safety import due_by
from oracle.solve import by_highs, objective, scaled, solve
from oracle.tables import NOT_TOLD, Case, Row, counts_use, filled, number, read
from oracle.timing import landings
from sourcing import RunOptions, optimize
from sourcing.errors import AuditFailure, FaultyInput, InfeasiblePlan

if TYPE_CHECKING:
    from collections.abc import Iterator

    from oracle.members import Parts
    from oracle.program import Terms
    from sourcing.plan import Plan

BESIDE = ("windows", "ramps", "lane capacities", "licences", "tariffs", "safety", "origins")
"""Rules drawn beside limits on use: none that lets anything be bought but for use."""
SLACK = 1e-6
"""Part of what is used by which a share may miss what it is held to."""


@dataclass
class Findings:
    """What a director finds wrong with a plan, and the figures that were looked at: of each limit, member and window.

    Attributes
    ----------
    wrong : a sentence for each fault.
    shares : limit, member, window, then the best share, that of one heap, the worst, and the limit's value.
    early : part of all that is due that is beyond limits if no lot serves what is due in its period before it lands:
        the rule of days holds for all lots together (docs/mathematics.md, Custody).
    left : tonnes bought that nobody uses, at the assignment of lots that leaves least.
    """

    wrong: list[str] = field(default_factory=list)
    shares: list[tuple[str, str, int, float, float, float, float]] = field(default_factory=list)
    early: float = 0.0
    left: float = 0.0


def drawn(seed: int) -> Draw:
    """Draw a chain in which lots meet, with one or two limits on shares of use, and no terms that force purchases."""
    made = Draw(seed, apart.HORIZONS)
    network(made)
    apart.chain(made)
    for name in made.random.sample(BESIDE, made.random.randint(0, 2)):
        CASES[name](made)
    made.limits = []
    for _ in range(made.random.randint(1, 2)):
        apart.share(made, {"counts": "use", **apart.looks(made)})
    taken_in = [row["material"] for row in made.tables.get("recipes", []) if row["quantity"] < 0]
    if taken_in and seed % 5 == 0:
        made.limits[0]["material"] = taken_in[0]
    return made


def binds(question: Path) -> bool:
    """Whether limits on use make the best plan dearer or shorter, by the second opinion."""
    case = read(question)
    free = replace(case, tables={**case.tables, "limits": []})
    one, other = (solve(build(asked, RULES), "highs") for asked in (case, free))
    worse = one.shortage > other.shortage * (1 + 1e-6) + 1e-9 or one.cost > other.cost + 1e-6 * abs(other.cost)
    return one.status == other.status == "optimal" and worse


def held(case: Case, plan: Plan) -> tuple[Model, dict[int, float]]:
    """Return the model of a case with lots kept apart and no limits, and the plan's tonnes by column."""
    model = Model(case)
    for step in (wanted, orders, lanes, processes, accounts, custody):
        step(model)
    tonnes = read_plan(model, plan)
    near = 1e-9 * max(tonnes.values(), default=0.0)
    for column, value in tonnes.items():
        name, _, _, whole = model.program.columns[column]
        model.program.columns[column] = (name, max(0.0, value - near), value + near, whole)
    return model, tonnes


def read_plan(model: Model, plan: Plan) -> dict[int, float]:
    """Return the tonnes of a plan's tables by column of the model."""
    tables = {name: plan.tables[name].to_dict("records") for name in ("purchases", "shipments", "conversions", "stock")}
    bought = {
        (row["offer"], row["destination"], row["mode"], row["node"]): row["tonnes"] for row in tables["purchases"]
    }
    sent = {
        (row["origin"], row["destination"], row["material"], row["mode"], row["node"]): row["tonnes"]
        for row in tables["shipments"]
    }
    made = {(row["process"], row["node"]): row["tonnes"] for row in tables["conversions"]}
    lies = {((row["site"], row["material"]), row["node"]): row for row in tables["stock"]}
    tonnes = {}
    for move in model.moves:
        if move.offer is not None:
            tonnes[move.column] = bought.pop((move.offer["offer"], move.destination, move.mode, move.node), 0.0)
        else:
            key = move.origin, move.destination, move.material, move.mode, move.node
            tonnes[move.column] = sent.pop(key, 0.0)
    tonnes |= {column: made.pop(key, 0.0) for key, column in model.make.items()}
    for columns, name in ((model.hold, "end"), (model.dispose, "disposed"), (model.short, "short")):
        tonnes |= {column: lies.get(key, {}).get(name, 0.0) for key, column in columns.items()}
    if unknown := [*bought, *sent, *made]:
        raise ValueError(f"the plan has what nobody can decide: {unknown}")
    return tonnes


def lands_in_time(model: Model) -> None:
    """Add what a day-by-day replay sees: no lot that lands within a node serves what is due there before it lands."""
    for (point, n), columns in model.lots.used.items():
        first, end = model.case.nodes[n]
        landing = landings(model, point, n)
        for since in {when for when, _ in landing if first < when < end}:
            later = due_by(model, point, end) - due_by(model, point, since)
            served: Terms = {}
            for source in columns:
                key = point, source, n
                late = {
                    column: tonnes
                    for column, tonnes in model.lots.balance.get(key, {}).items()
                    if tonnes > 0 and landed(model, n, column) >= since
                }
                if late:
                    serves = model.program.column(f"served of {key} from {since}")
                    served[serves] = 1.0
                    goes = {c: t for c, t in model.lots.balance[key].items() if t < 0 and c != columns[source]}
                    model.program.row("early", add(late, goes, {serves: -1.0}), most=0.0)
            model.program.row("early", served, most=later)


def landed(model: Model, n: int, column: int) -> float:
    """Return the day on which a column first lands that is decided in a node; what was decided before is there."""
    node, when = model.lots.lands.get(column, (-1, 0.0))
    return when if node == n else 0.0


def answer(model: Model, goal: Terms) -> tuple[str, list[float]]:
    """Minimise terms over the assignments of lots."""
    part = scaled(model.program)
    status, values = by_highs(part, objective(part, goal))
    return status, [value * unit for value, unit in zip(values, part.unit, strict=False)]


def worth(terms: Terms, values: list[float]) -> float:
    return sum(value * values[column] for column, value in terms.items())


def looked_at(model: Model) -> Iterator[tuple[Row, int, Parts, dict[str, Counted], Counted]]:
    """Yield every limit on shares of use, window by window: what is held, and all of it."""
    for row in model.case.rows("limits"):
        if counts_use(row) and row["measure"] == "share":
            for place, nodes in enumerate(windows(model, row)):
                found = counted(model, row, nodes)
                yield row, place, nodes, judged(model, row, found), sums(found)


def broken(model: Model, case_tonnes: float) -> tuple[float, Terms]:
    """Return by how many tonnes, at the least, one assignment of lots breaks all limits together; and the terms."""
    over: Terms = {}
    for row, _, _, items, everything in looked_at(model):
        least = row.get("sense") == "min"
        for item in items.values():
            beyond = model.program.column("beyond")
            over[beyond] = 1.0
            terms = add(item.terms, times(everything.terms, -number(row, "value")))
            model.program.row("limit", add(times(terms, -1.0) if least else terms, {beyond: -1.0}), most=0.0)
    status, values = answer(model, over)
    if status != "optimal":
        raise ValueError(f"the quantities of the plan do not add up: {status}")
    return worth(over, values) / max(case_tonnes, 1e-300), over


def inspect(case: Case, plan: Plan) -> Findings:
    """Look at a plan as a director would."""
    found = Findings()
    model, tonnes = held(case, plan)
    shares(model, tonnes, found)
    size = sum(sum(due) for due in model.demand.values())
    missed, over = broken(model, size)
    if missed > SLACK:
        found.wrong.append(f"no assignment of lots keeps the limits: {missed:.3g} of all that is due is beyond them")
        return found
    model.program.row("kept", over, most=(missed + 1e-9) * size)
    found.left = left_over(model)
    strict, _ = held(case, plan)
    lands_in_time(strict)
    found.early = max(0.0, broken(strict, size)[0])
    return found


def shares(model: Model, tonnes: dict[int, float], found: Findings) -> None:
    """Note the best and the worst share of every member and window, and that of one heap between them."""
    for row, place, nodes, items, everything in looked_at(model):
        mix = mixed(model, row, tonnes)
        whole = heaped(model, row, nodes, mix)
        size = worth_due(model, row, nodes)
        for member, item in items.items():
            ends = []
            for sign in (1.0, -1.0):
                status, values = answer(model, times(item.terms, sign))
                if status != "optimal":
                    raise ValueError(f"the quantities of the plan do not add up: {status}")
                ends.append((worth(item.terms, values), worth(everything.terms, values)))
            if min(total for _, total in ends) <= SLACK * size:
                continue
            low, high = (part / total for part, total in ends)
            heap = of_member(model, row, whole, member) / sum(whole.values())
            value = number(row, "value")
            found.shares.append((row["limit"], member, place, low, heap, high, value))
            label = f"{row['limit']}, {member}, window {place}"
            if not low - SLACK <= heap <= high + SLACK:
                found.wrong.append(f"{label}: one heap has {heap:.6f}, lots {low:.6f} to {high:.6f}")
            if high < value - SLACK if row.get("sense") == "min" else low > value + SLACK:
                found.wrong.append(f"{label}: at best {high if row.get('sense') == 'min' else low:.6f}, not {value}")


def worth_due(model: Model, row: Row, nodes: Parts) -> float:
    """Return what a limit would count in a window if nothing stayed short."""
    return sum(
        contained(model, row, point[1]) * nodes.get(n, 0.0) * due
        for point, each_node in model.demand.items()
        if row.get("site", "") in ("", point[0])
        for n, due in enumerate(each_node)
    )


def heaped(model: Model, row: Row, nodes: Parts, mix: dict[tuple[tuple[str, str], int], Mix]) -> Mix:
    """Return what is used by member where a limit looks, if all that meets is one heap."""
    whole: Mix = {}
    for (point, n), columns in model.lots.used.items():
        part = contained(model, row, point[1]) * nodes.get(n, 0.0)
        if columns and part and row.get("site", "") in ("", point[0]):
            short = model.short.get((point, n))
            used = model.demand[point][n] - (model.program.columns[short][1] if short is not None else 0.0)
            for code, share in mix.get((point, n), {}).items():
                whole[code] = whole.get(code, 0.0) + part * used * share
    for point, n, tonnes in worked(model) if filled(row, "material") else ():
        part = contained(model, row, point[1]) * nodes.get(n, 0.0)
        if part and row.get("site", "") in ("", point[0]):
            for code, share in mix.get((point, n), {}).items():
                whole[code] = whole.get(code, 0.0) + part * tonnes * share
    if BEFORE in whole:
        raise ValueError("what has not come to the stage is counted")
    return whole


def worked(model: Model) -> Iterator[tuple[tuple[str, str], int, float]]:
    """Yield what a plan's processes take in: point, node and tonnes."""
    for (code, n), column in model.make.items():
        for row in taken(model, code):
            site = model.case.by("processes", "process")[code]["site"]
            yield (site, row["material"]), n, -number(row, "quantity") * model.program.columns[column][1]


def of_member(model: Model, row: Row, whole: Mix, member: str) -> float:
    """Return what a limit holds of a member in a heap."""
    told = {code: Counted({}, part) for code, part in whole.items() if code != NOT_TOLD}
    items = each(model, row, told)
    most = row.get("sense") != "min"
    return (items[member].given if member in items else 0.0) + (whole.get(NOT_TOLD, 0.0) if most else 0.0)


def left_over(model: Model) -> float:
    """Return the tonnes bought that nobody uses where they are asked for, at the assignment of lots that leaves least.

    Points at which stock is kept, or sold, are not looked at.
    """
    last = model.nodes[-1]
    asked = {point for point in model.demand if not any(kept_for(row) for row in model.stocks(point))}
    held = {key: column for key, column in model.lots.held.items() if key[2] == last}
    idle = {
        column: 1.0
        for columns in (held, model.lots.gone)
        for (point, source, _), column in columns.items()
        if point in asked and is_bought(source)
    }
    if not idle:
        return 0.0
    status, values = answer(model, idle)
    if status != "optimal":
        raise ValueError(f"the quantities of the plan do not add up: {status}")
    return worth(idle, values)


def kept_for(row: Row) -> bool:
    """Whether goods are kept, or sold, at a point for another reason than use there."""
    return number(row, "safety") > 0 or number(row, "closing") > 0 or number(row, "disposal_cost") < 0


def is_bought(source: Source) -> bool:
    """Whether any of a commodity was bought within the plan."""
    return source.kind == "offer" or (source.kind == MADE and any(is_bought(of) for _, of in source.of))


def ask(seed: int, folder: Path) -> Findings | None:
    """Draw a case into a folder, and look at its plan; None where no limit on use binds, or nothing meets all."""
    question = write(drawn(seed), folder)
    if not binds(question):
        return None
    try:
        plan = optimize(question, options=RunOptions(threads=1, compare=False))
    except (FaultyInput, InfeasiblePlan):  # origins may be drawn at stages that goods never come to
        return None
    except AuditFailure as error:
        return Findings(wrong=[f"the audit does not agree: {error}"])
    return inspect(read(question), plan)


def main(words: list[str] | None = None) -> int:
    """Look at so many plans in which a limit binds, print what is wrong with them, and return whether anything is."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(words)
    keep, bound, faults, days, shares, seed = Path(mkdtemp(prefix="director-")), 0, 0, 0, 0, options.seed - 1
    while bound < options.count:
        seed += 1
        folder = keep / str(seed)
        found = ask(seed, folder)
        if found is None:
            shutil.rmtree(folder)
            continue
        bound += 1
        sys.stdout.write(f"seed {seed}\n")
        shares += len(found.shares)
        faults += bool(found.wrong)
        for line in found.wrong:
            sys.stdout.write(f"seed {seed}: {line}: {folder}\n")
        days += found.early > SLACK
        if found.early > SLACK:
            sys.stdout.write(f"seed {seed}: {found.early:.3g} of what is due is used before it lands: {folder}\n")
        if found.left:
            sys.stdout.write(f"seed {seed}: bought and left over {found.left:.6g} t: {folder}\n")
        sys.stdout.flush()
    said = f"{bound} plans in which a limit binds, {shares} shares; {faults} with something wrong"
    sys.stdout.write(f"{said}, {days} that use lots within a period before they land\n")
    return int(faults > 0)


if __name__ == "__main__":
    sys.exit(main())
