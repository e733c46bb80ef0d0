"""A question and the tables of its case before edits, to be asked again in another form."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import pandas as pd

from sourcing.question import Question, load_question
from sourcing.tables import read_case
from sourcing.tables.dictionary import column_dictionary

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from sourcing.tables.dictionary import Column

    Frames = dict[str, pd.DataFrame]
    Row = dict[str, Any]


def columns_of(table: str) -> Mapping[str, Column]:
    """Return the columns of a table, those of families from outside included."""
    return column_dictionary().tables[table]


@dataclass(frozen=True)
class Asked:
    """A question, and the tables of its case as they were read, before its edits.

    ``names`` is what each code is called in the question as it stands, where it is called otherwise here.
    """

    question: Question
    tables: Frames
    names: Mapping[str, str]

    @classmethod
    def of(cls, path: Path) -> Asked:
        """Return what a question's file asks."""
        question = load_question(path)
        assert question.case_path is not None
        read = read_case(question.case_path)
        return cls(question, {name: frame.drop(columns="row") for name, frame in read.tables.items() if len(frame)}, {})

    def __getitem__(self, table: str) -> pd.DataFrame:
        """Return a table, without rows where there is none."""
        return self.tables[table] if table in self.tables else pd.DataFrame(columns=list(columns_of(table)))

    def having(self, table: str, frame: pd.DataFrame) -> Asked:
        """Return the same with another table."""
        return replace(self, tables={**self.tables, table: frame})

    def adding(self, table: str, rows: Iterable[Row]) -> Asked | None:
        """Return the same with more rows of a table, those whose key stands already left out; None if none is left."""
        key, own = column_dictionary().key(table), self[table]
        known = set(own[key].astype(str).itertuples(index=False, name=None))
        more = pd.DataFrame(
            [dict.fromkeys(key, "") | row for row in rows], columns=[*dict.fromkeys([*key, *columns_of(table)])]
        )
        more = more[[tuple(map(str, each)) not in known for each in more[key].itertuples(index=False, name=None)]]
        if more.empty:
            return None
        return self.having(table, more if own.empty else pd.concat([own.astype(object), more.astype(object)]))

    def filling(self, table: str, column: str, value: float, where: pd.Series | None = None) -> Asked | None:
        """Return the same with a number wherever a column is blank; None if it is blank nowhere."""
        frame = self[table]
        blank = frame[column].isna() if where is None else frame[column].isna() & where
        return self.having(table, frame.assign(**{column: frame[column].mask(blank, value)})) if blank.any() else None
