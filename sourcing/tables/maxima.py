"""What the columns of a limit may say where it is on carbon or on the average lead time: a most, never a least."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sourcing.tables.grades import Said

MEASURES = {"carbon": "carbon", "lead_days": "an average lead time"}
_CODE = "DATA-132"
_OF_CONTENTS = ("stage", "element", "counted_in")


def maximum_columns(limit: Mapping[str, object]) -> Said:
    """Return what contradicts in a limit on carbon or on the average lead time; of others nothing."""
    said: Said = []
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
    elif limit["value"] == 0:
        repair = "write the days that an order may take on average, such as 90"
        said.append(("value", "nothing arrives in 0 days", repair, "DATA-104"))
    return said
