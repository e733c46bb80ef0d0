"""Keys of rows in a planner's words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sourcing.tables.dictionary import countries

if TYPE_CHECKING:
    from sourcing.outcome.values import Values
    from sourcing.protocol import Block


def words_of(values: Values, block: Block, member: int) -> dict[str, str]:
    """Return the labels of one row, by the names a card uses in its sentences."""
    case, tree = values.network.case, values.network.tree
    key = {name: str(text) for name, text in block.entities.iloc[block.code[member]].items()}
    words = dict(key)
    for name, table in (("site", "sites"), ("origin", "sites"), ("destination", "sites"), ("material", "materials")):
        if name in key:
            words[name] = case.label(table, key[name])
    if "offer" in key:
        offers = case["offers"]
        offer = offers[offers["offer"] == key["offer"]].iloc[0]
        words["offer"] = f"{offer['supplier']} {case.label('materials', offer['material'])} ({key['offer']})"
    if "process" in key:
        processes = case["processes"]
        site = processes.loc[processes["process"] == key["process"], "site"].iloc[0]
        words["process"] = f"{case.label('sites', site)} ({key['process']})"
    if "member" in key:
        name = countries().get(key["member"], "")
        words["member"] = f"{name} ({key['member']})" if name else key["member"] or "all together"
    if "origin" in key:
        goods = f" for {words['material']}" if key["material"] else ""
        words["lane"] = f"{key['mode']} lane {words['origin']} - {words['destination']}{goods}".strip()
    words["period"] = tree.labels[int(block.node[member])]
    if "limit" in key:
        words["at"] = f" at {words['site']}" if key["site"] else ""
        words["period"] = window_of(values, key["limit"], int(block.node[member]))
    return words


def window_of(values: Values, limit: str, node: int) -> str:
    """Return the window of a limit that ends in a node: "2029", "2029-Q1" or "horizon"."""
    limits, tree = values.network.case["limits"], values.network.tree
    per = limits.loc[limits["limit"] == limit, "per"].iloc[0]
    return {"period": tree.labels[node], "year": str(tree.start[node])[:4], "horizon": "horizon"}[str(per)]


def dollars(amount: float) -> str:
    """Return money as a planner writes it: USD 14,300 or USD 0.9 M."""
    if abs(amount) >= 1e6:
        return f"USD {amount / 1e6:,.1f} M"
    return f"USD {amount:,.0f}" if abs(amount) >= 10 else f"USD {amount:,.2f}"
