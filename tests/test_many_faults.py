"""Many faults of a kind: the first are listed, all are counted, and no more is kept of them than can be read."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from builders import tiny_case

from sourcing.errors import DataError, Fault
from sourcing.report.kinds import counted, fault_lines
from sourcing.tables import read_case
from sourcing.tables.tally import MOST

if TYPE_CHECKING:
    from pathlib import Path

MANY = 3_000
HEADER = "offer,supplier,site,material,price,capacity\n"
LIMITS = "limit,measure,by,value,sense,at_least\n"
FORMS = {
    "not a number": ("offers", HEADER, "O{n},Near Ltd,NEAR,oxide,x{n},\n", "DATA-109"),
    "not a finite number": ("offers", HEADER, "O{n},Near Ltd,NEAR,oxide,inf,\n", "DATA-110"),
    "outside": ("offers", HEADER, "O{n},Near Ltd,NEAR,oxide,1,-{n}1\n", "DATA-104"),
    "blank": ("offers", HEADER, "O{n},,NEAR,oxide,1,\n", "DATA-108"),
    "unknown reference": ("offers", HEADER, "O{n},Near Ltd,S{n},oxide,1,\n", "DATA-114"),
    "twice": ("offers", HEADER + "B,Near Ltd,NEAR,oxide,1,\n", "B,Near Ltd,NEAR,oxide,1,\n", "DATA-107"),
    "short rows": ("offers", HEADER, "O{n},Near Ltd\n", "DATA-117"),
    "header again": ("offers", HEADER, HEADER, "DATA-122"),
    "no country": ("sites", "site,kind,country\n", "S{n},plant,Z{n}\n", "DATA-115"),
    "no date": ("licences", "country,material,from,lag_days\n", "CHN,oxide,31.31.{n},60\n", "DATA-111"),
    "no member": ("groups", "group,member\n", "g,m{n}\n", "DATA-133"),
    "share of nothing": ("limits", LIMITS, "L{n},share,,0.5,,\n", "DATA-132"),
}


def faults_of(folder: Path, table: str, text: str) -> list[Fault]:
    (folder / f"{table}.csv").write_text(text)
    with pytest.raises(DataError) as refused:
        read_case(folder)
    return refused.value.faults


@pytest.mark.parametrize("form", FORMS)
def test_faults_of_a_kind_when_they_are_many_then_the_first_are_listed_and_all_counted(
    form: str, tmp_path: Path
) -> None:
    table, header, row, code = FORMS[form]
    found = faults_of(tiny_case(tmp_path), table, header + "".join(row.format(n=n) for n in range(MANY)))
    alike = [fault for fault in found if fault.code == code and fault.place.startswith(f"{table}.csv")]
    assert counted(alike) == MANY
    *first, last = alike
    assert (len(first), last.fact) == (MOST, f"and {MANY - MOST:,} more of this kind")
    assert "row" not in last.place
    assert f"  {MANY:,} × " in "\n".join(fault_lines(found))


def test_faults_when_many_hide_behind_each_other_then_each_kind_and_column_is_listed(tmp_path: Path) -> None:
    rows = "".join(f"O{n},Near Ltd,NEAR,oxide,x,y\n" for n in range(MANY)) + "LAST,Nobody,NOWHERE,oxide,1,1\n"
    places = {fault.place for fault in faults_of(tiny_case(tmp_path), "offers", HEADER + rows)}
    assert {"offers.csv, column price", "offers.csv, column capacity"} <= places
    assert f"offers.csv row {MANY + 2}, column site" in places


def test_columns_when_nobody_honours_thousands_then_are_one_kind(tmp_path: Path) -> None:
    header = HEADER.strip() + "".join(f",c{n}" for n in range(MANY)) + "\n"
    found = faults_of(tiny_case(tmp_path), "offers", header + "A,Near Ltd,NEAR,oxide,1,1" + "," * MANY + "\n")
    assert len([fault for fault in found if fault.code == "DATA-103"]) == MOST + 1
    assert counted([fault for fault in found if fault.code == "DATA-103"]) == MANY


def test_minimum_when_above_one_of_many_maxima_then_said_once_and_names_one_that_it_crosses(tmp_path: Path) -> None:
    rows = "".join(f"M{n},suppliers,supplier,{n},max,5\n" for n in range(1, 40))
    rows += "LOW,suppliers,supplier,1,min,9\nHIGH,suppliers,supplier,3,min,9\nSAME,suppliers,supplier,30,min,5\n"
    (fault,) = [each for each in faults_of(tiny_case(tmp_path), "limits", LIMITS + rows) if each.code == "DATA-132"]
    assert fault.fact == "HIGH asks for 3 or more, M1 for no more than 1 of the same"
