"""Random small cases, each drawn from its seed: two to five rules at once, written as tables and a question."""

from __future__ import annotations

import csv
import json
from typing import TYPE_CHECKING

from oracle import apart, goods, terms
from oracle.drawing import HORIZONS, LONG, Draw, network
from oracle.tables import BY_USE

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

RULES: dict[str, Callable[[Draw], None]] = {
    "warehouse": goods.warehouse,
    "processes": goods.processes,
    "windows": goods.windows,
    "ramps": goods.ramps,
    "lane capacities": goods.lane_capacities,
    "licences": goods.licences,
    "tariffs": goods.tariffs,
    "closures": goods.closures,
    "stocks": goods.stocks,
    "safety": goods.safety,
    "open orders": goods.open_orders,
    "follows": goods.follows,
    "within": goods.within,
    "lots": terms.lots,
    "qualifications": terms.qualifications,
    "conditions": terms.conditions,
    "facilities": terms.facilities,
    "tiers": terms.tiers,
    "contracts": terms.contracts,
    "incumbents": terms.incumbents,
    "awards": terms.awards,
    "splits": terms.splits,
    "shares": terms.share_limits,
    "tonnes": terms.tonne_limits,
    "spend": terms.spend_limits,
    "suppliers": terms.supplier_limits,
    "hhi": terms.concentration,
    "destinations": terms.destinations,
    "open facilities": terms.open_facilities,
    "preferences": terms.preferences,
    "carbon": terms.carbon,
    "lead days": terms.lead_limits,
    "limited shortage": terms.limited_shortage,
    "samples": terms.samples,
    "stability": terms.stability,
    "grades": terms.grades,
    "governance": terms.governance,
    "origins": terms.origins,
}


NAMED = ("closures", "follows", "within")
"""Rules that are drawn where they are named only, so that other questions stay those of docs/plan.md."""
FOUNDED = ("follows", "within")
"""Of these, what is drawn for sure where it is named; where nothing else is, up to three others beside it."""
COMPANY = ("warehouse", "processes", "windows", "ramps", "lane capacities", "licences", "tariffs", "closures", "stocks")
COMPANY += ("safety", "open orders", "lots", "shares", "tonnes", "samples", "limited shortage")
BESIDE = ("windows", "ramps", "lane capacities", "licences", "tariffs", "safety")
BESIDE += ("lots", "qualifications", "conditions", "facilities", "contracts", "awards", "shares", "tonnes", "suppliers")
BESIDE += ("limited shortage", "samples", "origins")
"""Rules that are drawn beside limits on use."""


def draw(seed: int, names: tuple[str, ...] = (), *, use: bool = False) -> tuple[Draw, list[str]]:
    """Return a case and the names of the rules it combines, of all or of some; with ``use``, limits on use as well."""
    if use:
        return draw_use(seed, names)
    sure = [name for name in FOUNDED if name in names]
    made = Draw(seed, LONG if "within" in sure else HORIZONS)
    network(made)
    named = tuple(name for name in names if name not in sure) or (COMPANY if sure else ())
    among = [name for name in RULES if name in named or not (named or name in NAMED)]
    rules = made.random.sample(among, min(len(among), made.random.randint(*((1, 4) if sure else (2, 5))))) + sure
    rules.sort(key=list(RULES).index)
    for name in rules:
        RULES[name](made)
    for limit in made.limits:
        if limit["measure"] in BY_USE:
            limit.setdefault("counts", "arrivals")
    return made, rules


def draw_use(seed: int, names: tuple[str, ...]) -> tuple[Draw, list[str]]:
    """Return a case with limits on use, of a chain in which lots meet, and up to three rules beside them."""
    made = Draw(seed, apart.HORIZONS)
    network(made)
    among = [name for name in names or BESIDE if name in RULES]
    rules = made.random.sample(among, min(len(among), made.random.randint(0, 3)))
    rules.sort(key=list(RULES).index)
    chain = apart.chain(made)
    for name in rules:
        RULES[name](made)
    return made, [*chain, *rules, *apart.limits(made)]


def lengths(made: Draw) -> str:
    """Return the keys of a horizon that say how long its periods are."""
    if len(made.steps) == 1:
        return f'periods = {made.periods}\nlength = "{made.steps[0][0]}"'
    return f"steps = {json.dumps(made.steps)}"


def write(made: Draw, folder: Path) -> Path:
    """Write the tables and `question.toml` of a case into a folder, and return the question's path."""
    folder.mkdir(parents=True)
    for name, rows in made.tables.items():
        header = list(dict.fromkeys(column for row in rows for column in row))
        if not header:
            continue
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, header, restval="")
            writer.writeheader()
            writer.writerows(rows)
    minimised = ["shortage", "cost"] if made.shortage == "least" else ["cost"]
    text = [
        "schema = 1",
        'question = "What does the second opinion say?"',
        'case = "."',
        f'[horizon]\nstart = "{made.start}"\n{lengths(made)}\ntail = {made.tail}',
        *([f'within = "{made.within}"'] if made.within else []),
        f'[objective]\nminimize = {json.dumps(minimised)}\nshortage = "{made.shortage}"\ndiscount_rate = {made.rate}',
        "smooth = 0",
    ]
    for limit in made.limits:
        text.append("[[limits]]\n" + "\n".join(f"{key} = {json.dumps(value)}" for key, value in limit.items()))
    path = folder / "question.toml"
    path.write_text("\n".join(text) + "\n", encoding="utf-8")
    return path
