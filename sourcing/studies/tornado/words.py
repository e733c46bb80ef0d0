"""What an input is called on the screen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sourcing.tables.dictionary import countries

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sourcing.tables import Case


def said(case: Case, kind: str, table: str, row: Mapping[Any, Any]) -> str:
    """Return what a number is: "price of Lynas NdPr oxide (LYN-NDPR)", "freight from China to Bremen by sea"."""
    if table == "lanes":
        whence = case.label("sites", row["origin"]) if kind == "capacity" else _country(row["origin_country"])
        way = f"from {whence} to {case.label('sites', row['destination'])}"
        return f"{_NAMES.get(kind, kind)} {way}" + (f" by {row['mode']}" if row["mode"] else "")
    return f"{_NAMES.get(kind, kind)} {_whose(case, table, row)}"


_NAMES = {
    **{"price": "price of", "capacity": "capacity of", "ramp": "start of", "yield": "yield of"},
    **{"conversion": "cost of", "demand": "demand for", "duty": "duty", "licence": "licence days"},
    **{"lead time": "lead time of", "transit": "days", "process time": "days of"},
}


def _whose(case: Case, table: str, row: Mapping[Any, Any]) -> str:
    if table == "tariffs":
        return f"of {row['importer'] or 'any'} on {row['tariff_code'] or 'anything'} from {row['origin'] or 'anywhere'}"
    if table == "licences":
        return f"from {_country(row['country'])}" + (f" to {row['destination']}" if row["destination"] else "")
    if table == "demand":
        return f"{case.label('materials', row['material'])} at {case.label('sites', row['site'])}"
    if table in _CODES:
        return _CALLED.get(table, "") + case.label(table, str(row[_CODES[table]]))
    return _maker(case, row)


_CALLED = {"contracts": "contract ", "prices": "index "}
_CODES = {"sites": "site", "contracts": "contract", "prices": "index", "lines": "line"}


def _maker(case: Case, row: Mapping[Any, Any]) -> str:
    """Return whose number it is: of an offer, a process, a line or a supplier."""
    if row.get("offer"):
        return _offer(case, str(row["offer"]))
    return _process(case, str(row["process"])) if row.get("process") else str(row.get("line") or row.get("supplier"))


def _offer(case: Case, code: str) -> str:
    offers = case["offers"]
    supplier, material = offers.loc[offers["offer"] == code, ["supplier", "material"]].to_numpy()[0]
    return f"{supplier} {case.label('materials', material)} ({code})"


def _process(case: Case, code: str) -> str:
    processes = case["processes"]
    return f"{case.label('sites', str(processes.loc[processes['process'] == code, 'site'].iloc[0]))} ({code})"


def _country(code: str) -> str:
    return countries().get(code, code)
