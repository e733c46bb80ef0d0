"""What a case is once it is read: types, defaults, order, units, and the column dictionary behind it."""

from __future__ import annotations

import pickle
import random
import subprocess
import sys
from importlib.metadata import EntryPoint
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest
from builders import OFFERS_IN_OTHER_UNITS, tiny_case, tiny_tables, write_tables

from sourcing.errors import FaultyFamily
from sourcing.tables import column_dictionary, read_case, write_case
from sourcing.tables.dates import add_months, parse_date, parse_period
from sourcing.tables.dictionary import REQUIRED_TABLES, TYPES, countries, merge
from sourcing.tables.folders import outside_text
from sourcing.units import UNITS

if TYPE_CHECKING:
    from pathlib import Path

HEADER = "table,column,type,unit,key,required,default,lower,upper,choices,refers_to,meaning,example\n"


def test_a_case_has_every_table_and_column_of_the_dictionary_typed(tmp_path: Path) -> None:
    case = read_case(tiny_case(tmp_path))
    assert set(case.tables) == set(column_dictionary().tables)
    for table, frame in case.tables.items():
        columns = column_dictionary().columns(table)
        assert list(frame.columns) == [*columns, "row"]
        assert frame["row"].dtype == np.int64
        assert list(frame.index) == list(range(len(frame)))
        for name, column in columns.items():
            kind = (
                "f" if column.is_number else "M" if column.type == "date" else "b" if column.type == "yes_no" else "O"
            )
            assert frame[name].dtype.kind == kind, (table, name)
            assert column.type != "date" or frame[name].dtype == "datetime64[ns]"


def test_blank_cells_get_the_dictionarys_default_or_stay_blank(tmp_path: Path) -> None:
    case = read_case(
        tiny_case(tmp_path, materials={"metal": {"value": ""}}, stocks=[{"site": "PLANT", "material": "oxide"}])
    )
    offer = case["offers"].iloc[0]
    assert offer["lead_days"] == 0
    assert offer["made_in"] == ""
    assert pd.isna(offer["start"])
    assert np.isnan(read_case(tiny_case(tmp_path, capacity={"A": ""}))["offers"]["capacity"].iloc[0])
    assert np.isnan(case["materials"].set_index("material").loc["metal", "value"])
    assert case["stocks"].loc[0, ["opening", "safety", "holding_cost"]].tolist() == [0, 0, 0]
    assert np.isnan(case["stocks"].loc[0, "closing"])
    assert case["sites"]["kind"].tolist() == ["supplier", "supplier", "plant"]


def test_a_limit_is_counted_in_its_element_unless_it_says_otherwise(tmp_path: Path) -> None:
    base = {"measure": "share", "by": "country", "value": 0.5}
    limits = [{"limit": "a", **base}, {"limit": "b", "element": "Dy", **base}]
    contents = [{"material": "oxide", "element": "Dy", "share": 0.87}]
    case = read_case(tiny_case(tmp_path, limits=limits, contents=contents))
    assert case["limits"]["counted_in"].tolist() == ["tonnes", "element"]


def test_the_order_of_rows_and_columns_in_a_file_does_not_matter(tmp_path: Path) -> None:
    tables = tiny_tables()
    straight = read_case(write_tables(tmp_path / "straight", tables))
    for rows in tables.values():
        random.Random(7).shuffle(rows)
        rows[:] = [dict(reversed(row.items())) for row in rows]
    turned = read_case(write_tables(tmp_path / "turned", tables))
    for name, frame in straight.tables.items():
        pd.testing.assert_frame_equal(frame.drop(columns="row"), turned[name].drop(columns="row"))


def test_units_in_headers_are_converted_once_and_never_apply_to_defaults(tmp_path: Path) -> None:
    plain = read_case(tiny_case(tmp_path))["offers"]
    other = read_case(write_tables(tmp_path / "units", {**tiny_tables(), "offers": OFFERS_IN_OTHER_UNITS}))["offers"]
    np.testing.assert_allclose(other["price"], plain["price"], rtol=1e-15)
    np.testing.assert_allclose(other["capacity"], plain["capacity"], rtol=1e-15)
    assert other["lead_days"].tolist() == [14, 0]
    assert other["recycled"].tolist() == [0.35, 0]


def test_a_limits_value_is_converted_by_its_measure(tmp_path: Path) -> None:
    limits = [{"limit": "a", "measure": "share", "by": "country", "value [%]": 35}]
    assert read_case(tiny_case(tmp_path, limits=limits))["limits"]["value"].tolist() == [0.35]
    limits = [{"limit": "a", "measure": "spend", "value [MUSD]": 2}]
    assert read_case(tiny_case(tmp_path, limits=limits))["limits"]["value"].tolist() == [2_000_000]


def test_text_na_and_leading_zeros_stay_text(tmp_path: Path) -> None:
    case = read_case(tiny_case(tmp_path, materials={"oxide": {"tariff_code": "00123", "name": "NA"}}))
    assert case["materials"].set_index("material").loc["oxide", ["tariff_code", "name"]].tolist() == ["00123", "NA"]
    assert case.label("materials", "oxide") == "NA"


def test_a_byte_order_mark_blank_rows_and_trailing_commas_do_no_harm(tmp_path: Path) -> None:
    folder = tiny_case(tmp_path)
    text = "\n".join(line + "," for line in (folder / "offers.csv").read_text("utf-8").splitlines())
    (folder / "offers.csv").write_bytes(b"\xef\xbb\xbf" + text.replace("\nB", "\n,,,,,,\n\nB").encode())
    assert read_case(folder)["offers"]["row"].tolist() == [2, 5]


def test_files_that_are_no_tables_are_left_alone(tmp_path: Path) -> None:
    folder = tiny_case(tmp_path)
    (folder / "SOURCES.md").write_text("where it comes from", encoding="utf-8")
    case = read_case(folder)
    assert set(case.files) == {f"{name}.csv" for name in tiny_tables()}
    assert all(len(fingerprint) == 64 for fingerprint in case.files.values())


def test_a_case_written_reads_as_the_same_case(tmp_path: Path) -> None:
    ramps = [{"offer": "A", "from": "2028-01", "capacity": 1 / 3, "interpolate": "yes"}]
    case = read_case(tiny_case(tmp_path, ramps=ramps, price={"A": 0.1 + 0.2}))
    again = read_case(write_case(case, tmp_path / "copy"))
    for name, frame in case.tables.items():
        pd.testing.assert_frame_equal(frame.drop(columns="row"), again[name].drop(columns="row"), check_exact=True)


def test_replace_keeps_other_tables_and_sorts_by_key(tmp_path: Path) -> None:
    case = read_case(tiny_case(tmp_path))
    other = case.replace({"offers": case["offers"].iloc[::-1].assign(price=5.0)})
    assert other["offers"]["offer"].tolist() == ["A", "B"]
    assert case["offers"]["price"].tolist() == [300_000, 200_000]
    assert other["demand"].equals(case["demand"])


def test_a_case_can_be_sent_to_another_process(tmp_path: Path) -> None:
    case = read_case(tiny_case(tmp_path))
    again = pickle.loads(pickle.dumps(case))
    assert again["offers"].equals(case["offers"])


def test_labels_and_places_are_a_planners(tmp_path: Path) -> None:
    case = read_case(tiny_case(tmp_path))
    assert (case.label("sites", "PLANT"), case.label("sites", "FAR")) == ("Our plant", "FAR")
    assert case.place("offers", 17, "capacity") == "offers.csv row 17, column capacity"


@pytest.mark.parametrize(
    ("text", "first", "after"),
    [
        ("2027", "2027-01-01", "2028-01-01"),
        ("2027-Q3", "2027-07-01", "2027-10-01"),
        ("2027-12", "2027-12-01", "2028-01-01"),
        ("2028-02-29", "2028-02-29", "2028-03-01"),
    ],
)
def test_periods_are_read_as_half_open_spans(text: str, first: str, after: str) -> None:
    assert parse_period(text) == (parse_date(first), parse_date(after))


@pytest.mark.parametrize(
    "text", ["", "27", "2027-13", "2027-00", "2027-Q0", "2027-2-3", "1027", "9999", "2027-01-01T00"]
)
def test_what_is_no_period_is_none(text: str) -> None:
    assert parse_period(text) is None


def test_months_are_added_within_the_month() -> None:
    day = parse_date("2027-12-31")
    assert day is not None
    assert [str(add_months(day, n)) for n in (0, 1, 2, 12)] == ["2027-12-31", "2028-01-31", "2028-02-29", "2028-12-31"]


def test_the_dictionary_is_sound() -> None:
    dictionary = column_dictionary()
    assert set(REQUIRED_TABLES) < set(dictionary.tables)
    for table, columns in dictionary.tables.items():
        assert dictionary.key(table), table
        assert list(columns)[-4:] == ["source", "as_of", "confidence", "note"]
        for column in columns.values():
            assert column.type in TYPES
            assert column.meaning, (table, column.name)
            assert (column.type == "choice") == bool(column.choices)
            assert (column.type == "reference") == bool(column.refers_to)
            assert not column.unit or column.unit in UNITS or column.unit == "by measure"
            for target in column.refers_to:
                name, _, of = target.partition(".")
                assert name == "countries" or (name in dictionary.tables and (not of or of in dictionary.columns(name)))


def test_examples_in_the_dictionary_pass_their_own_checks() -> None:
    from sourcing.tables.cells import read_column

    for columns in column_dictionary().tables.values():
        for column in columns.values():
            series, bad = read_column(column, [column.example])
            assert not bad, column
            if column.is_number and column.example:
                assert column.lower is None or series[0] > column.lower or not column.lower_is_open, column
                assert column.upper is None or series[0] <= column.upper, column


def test_a_family_adds_tables_columns_and_choices_but_redefines_nothing() -> None:
    core = HEADER + "offers,offer,text,,1,yes,,,,,,Code,A\nlimits,measure,choice,,,yes,,,,,,What,share\n"
    core += "limits,limit,text,,1,yes,,,,,,Code,L\n*,note,text,,,,,,,,,Note,\n"
    ours = (
        HEADER + "tiers,offer,reference,,1,yes,,,,,offers,Offer,A\nlimits,measure,choice,t,,,,,,tonnes,,Tonnes,tonnes\n"
    )
    dictionary = merge(
        [("", core), ("tiers", ours), ("hhi", HEADER + "limits,measure,choice,share,,,,,,hhi,,HHI,hhi\n")]
    )
    measure = dictionary.columns("limits")["measure"]
    assert measure.choices == ("tonnes", "hhi")
    assert measure.choice_units == {"tonnes": "t", "hhi": "share"}
    assert list(dictionary.columns("tiers")) == ["offer", "note"]
    with pytest.raises(FaultyFamily, match=r"offers.offer is defined by 'the core' and by 'tiers'"):
        merge([("", core), ("tiers", HEADER + "offers,offer,text,,1,yes,,,,,,Code,A\n")])


def test_an_outside_family_brings_its_columns_without_being_imported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    family = tmp_path / "outside_rules" / "tiers"
    family.mkdir(parents=True)
    for folder in (family, family.parent):
        (folder / "__init__.py").write_text("raise RuntimeError('imported')", encoding="utf-8")
    (family / "columns.csv").write_text(HEADER, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    assert outside_text(EntryPoint("tiers", "outside_rules.tiers", "sourcing.families")) == HEADER
    assert outside_text(EntryPoint("none", "outside_rules.none", "sourcing.families")) == ""


def test_the_dictionary_needs_neither_pandas_nor_the_families() -> None:
    code = (
        "import sys; from sourcing.tables.dictionary import column_dictionary; import sourcing.question;"
        "import sourcing.units; column_dictionary();"
        "sys.exit(any(name in sys.modules for name in ('pandas', 'sourcing.families', 'pyomo')))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_the_list_of_countries_is_whole() -> None:
    codes = list(countries())
    assert len(codes) == len(set(codes)) == 249
    assert all(len(code) == 3 and code.isalpha() and code.isupper() for code in codes)
    assert {"CHN", "COD", "MMR", "TWN", "NAM", "ESH", "ALA"} <= set(codes)
