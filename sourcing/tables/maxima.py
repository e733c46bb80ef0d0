"""What the columns of a limit may say where it is on carbon, a lead time or a shortage: a most, never a least."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sourcing.tables.grades import Said

MEASURES = {"carbon": "carbon", "lead_days": "an average lead time", "shortage": "a shortage"}
_CODE = "DATA-132"
_OF_CONTENTS = ("stage", "element", "counted_in")
_OF_SOURCES = ("by", "member", "stage", "element")


def maximum_columns(limit: Mapping[str, object]) -> Said:
    """Return what contradicts in a limit on carbon, the average lead time or shortage; of others how it is counted."""
    said: Said = []
    if limit["measure"] != "shortage" and limit["counted_in"] == "weighted":
        said.append(("counted_in", "weighted is for a shortage", "write tonnes or element, or leave it blank", _CODE))
    if limit["measure"] not in MEASURES:
        return said
    if limit["sense"] == "min":
        fact = f"nobody asks for at least so much of {MEASURES[str(limit['measure'])]}"
        said.append(("sense", fact, "write max, or leave it blank", _CODE))
    if limit["measure"] == "carbon":
        said += [
            (name, f"carbon is counted in tonnes of CO2e, and {name} is for what arrives", "leave it blank", _CODE)
            for name in _OF_CONTENTS
            if limit[name]
        ]
    elif limit["measure"] == "shortage":
        said += _of_shortage(limit)
    elif limit["value"] == 0:
        repair = "write the days that an order may take on average, such as 90"
        said.append(("value", "nothing arrives in 0 days", repair, "DATA-104"))
    return said


def _of_shortage(limit: Mapping[str, object]) -> Said:
    fact = "what is not delivered comes from nobody"
    said: Said = [
        (name, f"{fact}: {name} is for what arrives", "leave it blank; site and material say what is counted", _CODE)
        for name in _OF_SOURCES
        if limit[name]
    ]
    priority = limit["priority"]
    if isinstance(priority, float) and priority > 0:
        repair = "leave priority blank, and give a rule one that may be broken for a delivery"
        said.append(("priority", "a limit on shortage does not give way: it says what may be missing", repair, _CODE))
    return said
