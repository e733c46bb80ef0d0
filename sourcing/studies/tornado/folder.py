"""Put a finished tornado where it was asked for: its tables and its manifest, or nothing."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sourcing.plan.drafts import new_folder, writing
from sourcing.plan.store import write_manifest
from sourcing.tables.csv_cells import write_csv

if TYPE_CHECKING:
    from sourcing.interrupts import Interrupts
    from sourcing.plan.drafts import Places
    from sourcing.studies.tornado.found import Tornado


def keep_tornado(found: Tornado, out: Places, heard: Interrupts) -> Tornado:
    """Write a tornado into a new folder; return it with its place.

    Raises
    ------
    SolverError : it cannot be written there.
    """
    with new_folder(out) as draft, writing(draft.target):
        for name, table in found.tables.items():
            write_csv(table, draft.path / f"{name}.csv")
        write_manifest(found.manifest, draft.path)
        heard.finish()
        draft.keep()
    return replace(found, folder=draft.target)
