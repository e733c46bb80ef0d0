"""The case: every table, typed and checked, frozen."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, TypeAlias

from sourcing.errors import DataError, Fault
from sourcing.measures import measures, measures_that
from sourcing.tables.dictionary import column_dictionary
from sourcing.tables.memory import Derived, note_table, recalled, remember
from sourcing.tables.problems import place

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import pandas as pd

    from sourcing.tables.memory import Memory

    Frames: TypeAlias = Mapping[str, pd.DataFrame]
    """Tables by name, as somebody made them in Python."""
    Source: TypeAlias = "str | Path | Frames | Case"
    """A ready case by name, a folder, frames, or what was read already."""


class _Settled(dict[str, "pd.DataFrame"]):
    """Tables whose rows are in their order already."""


@dataclass(frozen=True, eq=False, repr=False)
class Case:
    """Every table of the dictionary with all its columns, defaults filled in, rows sorted by key.

    Column ``row`` is the row of the file (the header is row 1); a row that a question added has a negative one,
    -k for ``added[k-1]``, the place in the question it comes from. ``files`` holds the sha256 of every file read,
    ``notes`` what had to be found out to read them; ``places`` how a reader finds a table ("offers.csv"). Frames are
    shared: copy before changing one. ``memory`` holds what was derived from them last; all variants of a case share it.
    """

    name: str
    folder: Path | None
    tables: Mapping[str, pd.DataFrame]
    files: Mapping[str, str] = field(default_factory=dict)
    places: Mapping[str, str] = field(default_factory=dict)
    added: tuple[str, ...] = ()
    notes: tuple[Fault, ...] = ()
    memory: Memory = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not isinstance(self.tables, _Settled):
            ordered = _Settled({name: settled(name, frame) for name, frame in self.tables.items()})
            object.__setattr__(self, "tables", ordered)

    def __getstate__(self) -> dict[str, object]:
        """Leave behind what was derived where the case is pickled."""
        return {name: value for name, value in self.__dict__.items() if name != "_prints"} | {"memory": {}}

    def __repr__(self) -> str:
        """Return one line: its name, and how many rows its tables have."""
        filled = {name: len(frame) for name, frame in self.tables.items() if len(frame)}
        return f"<Case {self.name!r}: {sum(filled.values()):,} rows in {len(filled)} tables, folder {self.folder}>"

    def __getitem__(self, table: str) -> pd.DataFrame:
        """Return one table."""
        frame = self.tables[table]
        note_table(table, frame)
        return frame

    def only(self, table: str, *columns: str) -> pd.DataFrame:
        """Return some columns of a table: what reads no others stays where only those others change."""
        part = self.part((table, *columns))
        note_table((table, *columns), part)
        return part

    def part(self, name: str | tuple[str, ...]) -> pd.DataFrame:
        """Return a table by its name, or of a table (the first) some columns (the others)."""
        if isinstance(name, str):
            return self.tables[name]
        whole, key = self.tables[name[0]], ("only", name)
        kept = recalled(self.memory, key, lambda each: each.tables[name[0]] is whole)
        if kept is None:
            own = whole[list(name[1:])]
            same = next((each.value for each in self.memory.get(key, ()) if own.equals(each.value)), own)
            kept = Derived(None, {name[0]: whole}, value=same)
            remember(self.memory, key, kept)
        part: pd.DataFrame = kept.value
        return part

    def replace(self, tables: Mapping[str, pd.DataFrame]) -> Case:
        """Return the case with these tables in place of its own; tables not named stay. Nothing is checked.

        A table that is what one of the last variants had is that one, so that what was derived from it stays.
        """
        own = {name: self.known(name, settled(name, frame)) for name, frame in tables.items()}
        return replace(self, tables=_Settled({**self.tables, **own}))

    def known(self, table: str, frame: pd.DataFrame, use: str = "frame") -> pd.DataFrame:
        """Return a table that is the same as a new one and was there before, in this case or for this ``use``."""
        own = self.tables.get(table)
        if own is not None and frame.equals(own):
            return own
        known = recalled(self.memory, (use, table), lambda kept: frame.equals(kept.value))
        if known is None:
            known = Derived(None, value=frame)
            remember(self.memory, (use, table), known)
        same: pd.DataFrame = known.value
        return same

    @staticmethod
    def from_frames(frames: Frames, name: str = "frames") -> Case:
        """Return the case that frames make, checked as files are; a fault names the table, and the row from 1.

        Raises
        ------
        DataError : everything that is wrong with it.
        """
        from sourcing.tables.frames import FrameDoor
        from sourcing.tables.read import case_of

        return case_of(FrameDoor(frames, name).read())

    def with_frames(self, frames: Frames) -> Case:
        """Return the case with these frames in place of its tables of these names, checked as ``from_frames`` does.

        The other tables stay as they are, and so does all that was derived from them.

        Raises
        ------
        DataError : everything that is wrong with it then.
        """
        from sourcing.tables.frames import FrameDoor
        from sourcing.tables.read import case_of

        return case_of(FrameDoor(frames, self.name).read(), self.unchanged())

    def unchanged(self) -> Case:
        """Return the case, whose frames are still what they were when they were first asked about.

        Raises
        ------
        DataError : somebody has written into one of them, past all checks.
        """
        prints = {name: _print_of(frame) for name, frame in self.tables.items() if len(frame)}
        known: dict[str, int] = self.__dict__.setdefault("_prints", prints)
        changed = [name for name in self.tables if known.get(name) != prints.get(name)]
        if changed:
            fact, repair = "the frame was changed in place", "change a copy, and give it to case.with_frames"
            raise DataError([Fault(name, fact, repair, "DATA-126") for name in changed])
        return self

    def label(self, table: str, code: str) -> str:
        """Return the name of a site or material if it has one, else its code."""
        return self._names.get((table, code), code)

    def place(self, table: str, row: int, column: str = "") -> str:
        """Return where a row comes from: "offers.csv row 17, column price" or "diversified.toml limits #2, price"."""
        if row < 0:
            return self.added[-row - 1] + (f", {column}" if column else "")
        return place(self.places.get(table, f"{table}.csv"), row, column)

    @cached_property
    def _names(self) -> dict[tuple[str, str], str]:
        found: dict[tuple[str, str], str] = {}
        for table, frame in self.tables.items():
            key = column_dictionary().key(table)
            if "name" in frame and len(key) == 1:
                pairs = zip(frame[key[0]], frame["name"], strict=True)
                found.update({(table, code): name for code, name in pairs if name})
        return found


def _print_of(frame: pd.DataFrame) -> int:
    """Return a number that is another one as soon as a cell is."""
    columns = (frame[name] for name in frame)
    return hash(tuple(each.to_numpy().tobytes() if each.dtype.kind in "biufM" else tuple(each) for each in columns))


def settled(table: str, frame: pd.DataFrame) -> pd.DataFrame:
    """Return the rows sorted by the table's key, so that the order of rows in a file cannot matter."""
    if frame.empty:
        return frame
    if table == "limits":
        frame = explicit(frame)
    key = column_dictionary().key(table)
    return frame.sort_values(key, kind="stable", na_position="first", ignore_index=True)


def explicit(limits: pd.DataFrame) -> pd.DataFrame:
    """Return limits with what they leave open filled in.

    A limit holds over a year, one on a grade or on facilities in every period; what names an element is counted in
    that element.
    """
    goods = limits["measure"].isin(measures_that(lambda each: each.is_of_arrivals or each.counts == "demand"))
    counted = limits["element"].ne("").map({True: "element", False: "tonnes"}).where(goods, "")
    per = limits["measure"].map({name: measure.per for name, measure in measures().items()}).fillna("year")
    open_to = {"counted_in": counted, "per": per}
    filled = {name: limits[name].where(limits[name] != "", meant) for name, meant in open_to.items()}
    return limits.assign(**filled).astype(dict.fromkeys(filled, "str"))
