"""What a plan's sentences call the parts of a key, worked out from the tables."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sourcing.replay import words
from sourcing.replay.qualification import qualifications
from sourcing.tables.dictionary import countries

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sourcing.replay import Facts

LANE = ("origin", "destination", "material", "mode")


@dataclass(frozen=True)
class _Service:
    service: str
    name: str = ""


def filled(template: str, names: Mapping[str, str]) -> str:
    """Return a card's sentence about one row."""
    return template.format_map(names)


def names(facts: Facts, parts: Sequence[str], labels: Sequence[object]) -> dict[str, str]:
    """Return what a card's sentences call the parts of a row's key."""
    key = {name: str(part) for name, part in zip(parts, labels, strict=True)}
    node = int(key.pop("node"))
    found = {"period": facts.calendar.label(node), "year": str(facts.calendar.starts[node].year), "node": str(node)}
    found["later"] = "" if node < facts.calendar.reported else f" at the end of {found['period']}"
    found |= facts.once(_always, tuple(key.items()))
    if "from" in key:
        row = qualifications(facts)[key["kind"], key["code"], key["from"]]
        found["approved"] = row.approved(facts, node).isoformat()
    return found


def _always(facts: Facts, parts: tuple[tuple[str, str], ...]) -> dict[str, str]:
    """Return what sentences call the parts of a key that are the same in every period."""
    key = dict(parts)
    found = {**key, **_places(facts, key)}
    if "offer" in key:
        offer = facts.records.offers[key["offer"]]
        found["offer"] = f"{offer.supplier} {words.material(facts, offer.material)} ({offer.offer})"
    if "process" in key:
        found["process"] = f"{words.site(facts, facts.records.processes[key['process']].site)} ({key['process']})"
    if "line" in key:
        found["line"] = _line(facts, key["line"])
    if "origin" in key:
        found["lane"] = _lane(facts, [key[name] for name in LANE])
    if "kind" in key:
        found["user"] = _user(facts, key["kind"], key["code"])
    if "from" in key:
        row = qualifications(facts)[key["kind"], key["code"], key["from"]]
        found["changed"] = f" as it is from {key['from']} on" if row.since else ""
    return found | (_limited(facts, key) if "limit" in key else {})


def _places(facts: Facts, key: Mapping[str, str]) -> dict[str, str]:
    """Return what the sites and the material of a key are called."""
    found = {part: words.site(facts, key[part]) for part in ("site", "origin", "destination") if part in key}
    found |= {part: words.material(facts, key[part]) for part in ("material",) if part in key}
    return found | {"into": f" to {found['site']}" if key.get("site") else ""}


def _lane(facts: Facts, lane: Sequence[str]) -> str:
    """Return "sea lane Kuantan - Bremen for NdPr oxide"."""
    origin, destination, what, mode = lane
    goods = f" for {words.material(facts, what)}" if what else ""
    return f"{mode} lane {words.site(facts, origin)} - {words.site(facts, destination)}{goods}".strip()


def _user(facts: Facts, kind: str, code: str) -> str:
    """Return what is used in lots, as a sentence calls it."""
    if kind == "lane":
        return _lane(facts, code.split(">"))
    if kind == "delivery":
        offer, destination, mode = code.split(">")
        by = f" by {mode}" if mode else ""
        return f"{names(facts, ['offer', 'node'], [offer, 0])['offer']} to {words.site(facts, destination)}{by}"
    if kind == "service":
        name = {row.service: row.name for row in facts.records.table("services", _Service)}.get(code, "")
        return f"{name} ({code})" if name else f"service {code}"
    return names(facts, [kind, "node"], [code, 0])[kind]


def _line(facts: Facts, code: str) -> str:
    """Return "Separation (sx-1)", or "Kuantan line sx-1" of a line without a name."""
    name = facts.records.lines[code].name
    sites = [facts.records.processes[process].site for process in facts.records.on_line(code)]
    return f"{name} ({code})" if name else f"{words.site(facts, sites[0]) if sites else ''} line {code}".strip()


def _limited(facts: Facts, key: Mapping[str, str]) -> dict[str, str]:
    """Return what sentences call the member, the site and the window of a limit's row."""
    limit, country = facts.records.limits[key["limit"]], countries().get(key["member"], "")
    return {
        "member": f"{country} ({key['member']})" if country else key["member"] or "all together",
        "at": f" at {words.site(facts, key['site'])}" if key["site"] else "",
        "period": "the whole horizon" if limit.per == "horizon" else key["window"],
        "graded": limit.property or limit.element,
        "looser": "lower" if limit.sense == "min" else "higher",
    }


def dollars(amount: float) -> str:
    """Return money as the sentences write it: USD 14,300 or USD 0.9 M."""
    if abs(amount) >= 1e6:
        return f"USD {amount / 1e6:,.1f} M"
    if 1e-6 <= abs(amount) < 0.01:  # of a kilogram, or a tonne-kilometre: two digits that say something
        return f"USD {amount:.{1 - math.floor(math.log10(abs(amount)))}f}"
    return f"USD {amount:,.0f}" if abs(amount) >= 10 else f"USD {amount:,.2f}"
