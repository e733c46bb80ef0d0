"""Limits on use: what they may be on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sourcing.measures import measures
from sourcing.parts import DataCheck, Screen
from sourcing.tables import Finding
from sourcing.tables.limits import CONTRADICTS, each_limit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sourcing.network import Network
    from sourcing.tables.limits import Limit, Said


def counts_column(limit: Limit) -> Said:
    """Return what is wrong with what a limit says that it counts."""
    measure, counts = measures().get(str(limit["measure"])), str(limit["counts"])
    if measure is None or not counts or counts in measure.may_count:
        return []
    named = measure.words or measure.name
    can = " or ".join(measure.may_count)
    return [("counts", f"a limit on {named} cannot count {counts}", f"leave it blank, or write {can}", CONTRADICTS)]


def falls_back(net: Network, _question: object) -> Iterator[Finding]:
    """Yield a warning for each process from which goods fall back before the stage of a limit, to be lifted again."""
    from sourcing.network.fallen import fallen  # an audit loads this module, and asks for no screen
    from sourcing.network.limits import counts_use

    if not counts_use(net.case["limits"]).any():
        return
    for row, process in fallen(net):
        limit = net.case["limits"].iloc[row]
        fact = (
            f"{process} brings goods back before the stage of {limit['limit']} ({limit['stage']}); what is lifted to "
            "it again counts as of the site that lifts it, whosever it was"
        )
        place = net.case.place("limits", int(limit["row"]), "stage")
        yield Finding("warning", place, fact, "leave the stage blank, or name an earlier one", "SCREEN-396")


CHECKS = (DataCheck(("limits",), each_limit(counts_column)),)
CODES = {
    "DATA-148": "goods mixed without end, whose lots cannot be kept apart",
    "SCREEN-396": "goods that fall back before the stage of a limit on use",
}
SCREENS = (Screen(falls_back),)
