"""Keys of rows in a planner's words."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from sourcing.calendar import DUST
from sourcing.families.qualification.arrays import GATE
from sourcing.network.lots import DELIVERY, JOINT
from sourcing.tables.dictionary import countries

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

    from sourcing.outcome.values import Values
    from sourcing.protocol import Block
    from sourcing.tables import Case


def words_of(values: Values, block: Block, member: int) -> dict[str, str]:
    """Return the labels of one row, by the names a card uses in its sentences."""
    tree, node, code = values.network.tree, int(block.node[member]), int(block.code[member])
    key = {name: str(labels[code]) for name, labels in block.labels.items()}
    words = {"period": tree.labels[node], "year": str(tree.start[node])[:4]} | key | _named(values, key)
    words["later"] = "" if tree.reported[node] else f" at the end of {words['period']}"
    if "origin" in key:
        lane = (key.get(name, "") for name in ("origin", "destination", "material", "mode"))
        words["lane"] = lane_words(values.network.case, *lane)
    if "kind" in key:
        words["user"] = _used(values, key["kind"], key["code"])
    if "from" in key:
        words |= _qualified(values, key, node)
    if "limit" in key:
        words |= _limited(values, key)
    return words


def _used(values: Values, kind: str, code: str) -> str:
    """Return what is used in lots; a delivery as "Lynas NdPr oxide (LYN-NDPR) to Bremen by sea"."""
    if kind != DELIVERY:
        return values.called[kind][code]
    offer, destination, mode = code.split(JOINT)
    by = f" by {mode}" if mode else ""
    return f"{values.called['offer'][offer]} to {values.network.case.label('sites', destination)}{by}"


def _named(values: Values, key: dict[str, str]) -> dict[str, str]:
    """Return what the sites, the material and the offer, process, line or lane of a key are called."""
    tables = {"site": "sites", "origin": "sites", "destination": "sites", "material": "materials"}
    found = {name: values.network.case.label(tables[name], key[name]) for name in tables if name in key}
    if "site" in key:
        found["into"] = f" to {found['site']}" if key["site"] else ""
    return found | {name: called.get(key[name], key[name]) for name, called in values.called.items() if name in key}


def _qualified(values: Values, key: dict[str, str], node: int) -> dict[str, str]:
    """Return since when something has to be qualified anew, and when it is approved if that is started in a node."""
    gates = values.network.gates
    same = [gates[name] == key[name] for name in GATE]
    days = float(gates.loc[same[0] & same[1] & same[2], "days"].iloc[0])
    approved = values.network.tree.start[node] + np.timedelta64(math.ceil(days - DUST), "D")
    return {"changed": f" as it is from {key['from']} on" if key["from"] else "", "approved": str(approved)}


def _limited(values: Values, key: dict[str, str]) -> dict[str, str]:
    """Return member, site and window of a limit, what it averages if it is a grade, and which way it is looser."""
    limits, member, site = values.network.case["limits"], key.get("member", ""), key.get("site", "")
    name = countries().get(member, "")
    row = limits[limits["limit"] == key["limit"]].iloc[0]
    return {
        "member": f"{name} ({member})" if name else member or "all together",
        "at": f" at {values.network.case.label('sites', site)}" if site else "",
        "period": window_words(key["window"]),
        "graded": str(row["property"] or row["element"]),
        "looser": "higher" if row["sense"] == "max" else "lower",
    }


def names_of(case: Case) -> dict[str, dict[str, str]]:
    """Return what offers, processes and lines are called: "Lynas NdPr oxide (LYN-NDPR)", "La Rochelle (SOLVAY-SV)"."""
    offers, processes, lines, services = (case[name] for name in ("offers", "processes", "lines", "services"))
    sold = _rows(offers, "offer", "supplier", "material")
    run = _rows(processes, "process", "site")
    shared, run_by = _rows(lines, "line", "name"), _rows(services, "service", "name")
    lanes = _rows(case["lanes"], "origin", "destination", "material", "mode")
    at = {line: case.label("sites", site) for line, site in _rows(processes, "line", "site")}
    return {
        "offer": {code: f"{supplier} {case.label('materials', what)} ({code})" for code, supplier, what in sold},
        "supplier": {supplier: supplier for supplier in offers["supplier"].tolist()},
        "process": {code: f"{case.label('sites', site)} ({code})" for code, site in run},
        "line": {
            code: f"{name} ({code})" if name else f"{at.get(code, '')} line {code}".strip() for code, name in shared
        },
        "service": {code: f"{name} ({code})" if name else f"service {code}" for code, name in run_by},
        "site": {site: case.label("sites", site) for site in case["sites"]["site"].tolist()},
        "lane": {JOINT.join(lane): lane_words(case, *lane) for lane in lanes},
    }


def _rows(table: pd.DataFrame, *columns: str) -> Iterator[tuple[str, ...]]:
    """Yield the cells of some columns, row by row: as lists, which a frame's own rows are slow to be."""
    return zip(*(table[column].tolist() for column in columns), strict=True)


def lane_words(case: Case, origin: str, destination: str, material: str, mode: str) -> str:
    """Return "sea lane Kuantan - Bremen for NdPr oxide"."""
    goods = f" for {case.label('materials', material)}" if material else ""
    return f"{mode} lane {case.label('sites', origin)} - {case.label('sites', destination)}{goods}".strip()


def key_text(block: Block, code: int) -> str:
    """Return an entity's labels as one text: "BREMEN|ndpr_oxide"."""
    return "|".join(str(labels[code]) for labels in block.labels.values())


def count_words(value: float) -> str:
    """Return a number without needless decimals: 3, 0.25."""
    return f"{value:,.6f}".rstrip("0").rstrip(".")


def window_words(window: str) -> str:
    """Return a limit's window as sentences call it: "2029", "2029-Q1" or "the whole horizon"."""
    return "the whole horizon" if window == "horizon" else window


def dollars(amount: float) -> str:
    """Return money as a planner writes it: USD 14,300 or USD 0.9 M."""
    if abs(amount) >= 1e6:
        return f"USD {amount / 1e6:,.1f} M"
    if 1e-6 <= abs(amount) < 0.01:  # of a kilogram, or a tonne-kilometre: two digits that say something
        return f"USD {amount:.{1 - math.floor(math.log10(abs(amount)))}f}"
    return f"USD {amount:,.0f}" if abs(amount) >= 10 else f"USD {amount:,.2f}"
