"""By-products that nobody wants: without a way out they keep their process from running at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sourcing.parts import Screen
from sourcing.tables.screens.finding import Finding

if TYPE_CHECKING:
    from sourcing.tables.screens.supply import Supply


def stuck(supply: Supply) -> list[Finding]:
    """Return outputs of processes that nothing at their site uses, disposes of or could send anywhere."""
    case = supply.case
    stocks = case["stocks"]
    disposed = stocks[stocks["disposal_cost"].notna()]
    ways = set(zip(disposed["site"], disposed["material"], strict=True)) | set(supply.due)
    ways |= {(process.site, material) for process in supply.processes.values() for material in process.inputs}
    leaving = set(zip(case["lanes"]["origin"], case["lanes"]["material"], strict=True))
    findings = []
    for code, row in zip(case["processes"]["process"], case["processes"]["row"], strict=True):
        process = supply.processes[code]
        for material in process.outputs:
            site = process.site
            if {(site, material)} & ways or {(site, material), (site, "")} & leaving:
                continue
            name, where = case.label("materials", material), case.label("sites", site)
            fact = f"{code} cannot run: nothing uses the {name} it makes at {where}, and it cannot leave"
            repair = f"give {material} at {site} a disposal_cost in stocks.csv, or a lane to somebody who wants it"
            findings.append(Finding("warning", case.place("processes", int(row)), fact, repair, "SCREEN-309"))
    return findings


CODES = {
    "SCREEN-309": "by-product that blocks its process",
}
SCREENS = (Screen(stuck, of="supply"),)
