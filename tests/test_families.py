"""The registry of families: a folder is a family, its card says its place, and none is ignored, half built or late."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from importlib.util import find_spec
from itertools import count
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest
from builders import tiny_case, write_question

from sourcing import families, run
from sourcing.answer.audit import terms_of
from sourcing.engine.builder import Builder
from sourcing.errors import FaultyFamily, QuestionError
from sourcing.families import honoured
from sourcing.protocol import Bounds, Index
from sourcing.replay import Facts
from sourcing.replay.must_take import more_than_asked
from sourcing.report.console import render_plan
from sourcing.tables.folders import dictionary_texts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from sourcing.card import Card

    Bring = Callable[..., None]

FILES = {
    "toll/__init__.py": 'from sourcing.card import Card\nCARD = Card(name="toll", purpose="Tolls on roads.")\n',
    "toll/check.py": "def residuals(facts, plan):\n    return iter(())\n",
    "ferry/__init__.py": 'from sourcing.card import Card\nCARD = Card(name="ferry", purpose="Fares on ferries.")\n',
    "ferry/algebra.py": "",
    "ferry/check.py": "def residuals(facts, plan):\n    return iter(())\n",
    "roads-1.dist-info/METADATA": "Name: roads\nVersion: 1\n",
    "roads-1.dist-info/entry_points.txt": "[sourcing.families]\ntoll = toll\nferry = ferry\n",
}


@pytest.fixture
def roads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Another package is installed, with two families."""
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, "utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    families._outside.cache_clear()
    yield
    families._outside.cache_clear()


def test_families_when_none_comes_from_outside_then_every_folder_is_one_in_the_order_of_the_cards() -> None:
    names = list(families.packages())
    assert sorted(names) == families.own_families()
    assert (names[0], names[-1]) == ("purchase", "balance")
    assert all(names.index(other) < names.index(name) for name in names for other in families.cards()[name].after)
    assert families.packages()["stock"] == "sourcing.families.stock"
    assert [module.__name__ for module in families.algebras()][:2] == [
        "sourcing.families.purchase.algebra",
        "sourcing.families.contracts.algebra",
    ]
    assert families.checks()[0].__name__ == "sourcing.families.purchase.check"


@pytest.mark.usefixtures("roads")
def test_families_when_another_package_brings_two_then_they_come_last_by_name() -> None:
    assert list(families.packages().items())[-2:] == [("ferry", "ferry"), ("toll", "toll")]
    assert families.cards()["toll"].purpose == "Tolls on roads."
    assert families.checks()[-1].__name__ == "toll.check"
    assert families.algebras()[-1].__name__ == "ferry.algebra"


NUMBERS = count()
RULE = 'Rule("toll", ("node",), "x = 0", "No toll is paid.")'
POSTS = """
import numpy as np
from sourcing.protocol import CONSTANT
def {phase}(model, net):
    at = np.zeros(1, np.int64)
    model.post({account!r}, (at, at), np.full(1, CONSTANT), {tonnes})
"""


@pytest.fixture
def bring(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bring]:
    """Return what installs a package with a family: the rest of its card, and the files of its folder."""

    def install(card: str = "", **files: str) -> None:
        name, folder = f"toll{next(NUMBERS)}", tmp_path / "site"
        (folder / name).mkdir(parents=True)
        (folder / f"{name}-1.dist-info").mkdir()
        text = f'from sourcing.card import Card, Measure, Rule\nCARD = Card(name="{name}", purpose="Tolls.", {card})\n'
        for part, content in {"__init__": text, **files}.items():
            file = folder / name / (f"{part}.csv" if part == "columns" else f"{part}.py")
            file.write_text(content, "utf-8")
        (folder / f"{name}-1.dist-info/METADATA").write_text(f"Name: {name}\nVersion: 1\n", "utf-8")
        (folder / f"{name}-1.dist-info/entry_points.txt").write_text(f"[sourcing.families]\n{name} = {name}\n", "utf-8")
        monkeypatch.syspath_prepend(str(folder))
        families._outside.cache_clear()

    yield install
    families._outside.cache_clear()


MEASURE = 'measures=(Measure("toll", "amount"),)'
ASKED = "table,column,type,unit,key,required,default,lower,upper,choices,refers_to,meaning,example,looser\n"
ASKED += "limits,measure,choice,t,,,,,,toll,,Tolls,toll,\n"
HALF = "X = 'toll'\ndef residuals(facts, plan): ..."


@pytest.mark.parametrize(
    ("card", "files", "fact"),
    [
        (MEASURE, {}, r"has the measure 'toll', and no rule of that name holds limits on it"),
        (
            f"rules=({RULE},), {MEASURE}",
            {"columns": ASKED},
            r"no plan would say what limits on it count",
        ),
        (f"rules=({RULE},), {MEASURE}", {"measured": ""}, r"nobody can ask for it: add it to its columns.csv"),
        (
            f"rules=({RULE},), {MEASURE}",
            {
                "columns": ASKED,
                "measured": "",
                "algebra": "X = 'toll'",
                "check": "X = 'toll'\ndef residuals(f, p): ...",
            },
            r"check has no limits\(facts, plan\), which the audit asks it for",
        ),
    ],
)
def test_family_when_a_measure_of_limits_is_only_half_there_then_is_refused(
    bring: Bring, card: str, files: dict[str, str], fact: str
) -> None:
    bring(card, **{"algebra": "", "check": "", **files})
    with pytest.raises(FaultyFamily, match=fact):
        families.checks()


def test_family_when_its_card_promises_a_rule_that_nothing_builds_then_is_refused(bring: Bring) -> None:
    bring(f"rules=({RULE},)", check="")
    with pytest.raises(FaultyFamily, match=r"promises 'toll', and nothing builds it: write algebra\.py in its folder"):
        families.packages()


def test_family_when_it_is_built_and_not_checked_then_is_refused(bring: Bring) -> None:
    bring(algebra="")
    with pytest.raises(FaultyFamily, match=r"is built, and no audit would check it: write check\.py in its folder"):
        families.packages()


def test_family_when_its_check_says_nothing_then_is_refused(bring: Bring) -> None:
    bring(algebra="", check="")
    with pytest.raises(FaultyFamily, match=r"check has no residuals\(facts, plan\)"):
        families.checks()


DATA = """
from sourcing.parts import DataCheck, Screen
from sourcing.tables import Finding
from sourcing.tables.problems import Problem
def judge(tables):
    due = "free" in set(tables["sites"]["site"])
    return [Problem("sites", 2, "site", "a toll is due", "pay it", "TOLL-1")] if due else []
def look(net, question):
    yield Finding({severity!r}, "sites.csv", "no road is open", "open one", "TOLL-2")
def glance(supply):
    return [Finding("warning", "sites.csv", f"{{len(supply.due)}} are due", "look", "TOLL-3")]
CHECKS = (DataCheck(("sites",), judge),)
SCREENS = (Screen(look, refuses=("TOLL-2",)), Screen(glance, of="supply"))
"""


def test_family_when_it_has_checks_and_screens_then_they_are_asked_last(bring: Bring, tmp_path: Path) -> None:
    bring(data=DATA.format(severity="warning"))
    tiny_case(tmp_path)
    question = write_question(tmp_path)
    findings = run.check(question).findings
    assert [finding.code for finding in findings if finding.code.startswith("TOLL")] == ["TOLL-3", "TOLL-2"]
    assert findings[-1].code == "TOLL-2"
    rename = '[[edits]]\ntable = "sites"\nadd = [{ site = "free", name = "Free", kind = "plant", country = "USA" }]\n'
    faults = run.check(write_question(tmp_path, rename)).faults
    assert [fault.code for fault in faults] == ["TOLL-1"]


def test_family_when_its_screen_finds_a_contradiction_then_no_plan_is_looked_for(bring: Bring, tmp_path: Path) -> None:
    bring(data=DATA.format(severity="error"))
    tiny_case(tmp_path)
    with pytest.raises(QuestionError, match="no road is open"):
        run.optimize(write_question(tmp_path))


def test_family_when_a_question_goes_without_it_then_its_screens_are_not_asked(bring: Bring, tmp_path: Path) -> None:
    bring('optional=(("licences", "", ()),)', data=DATA.format(severity="error"))
    tiny_case(tmp_path)
    name = list(families.packages())[-1]
    question = write_question(tmp_path, f'without = ["{name}"]\n')
    assert [finding for finding in run.ask(question).findings if finding.code.startswith("TOLL")] == []


def test_family_when_it_means_another_thing_by_a_code_then_is_refused(bring: Bring) -> None:
    bring(data='CHECKS = ()\nCODES = {"DATA-170": "tolls that contradict each other"}\n')
    with pytest.raises(FaultyFamily, match=r"means 'tolls .* each other' by DATA-170, which is 'awards .*' already"):
        families.codes()


BLOCK = """
from rich.text import Text
from sourcing.parts import Block
BLOCK = Block(lambda plan, width: [Text(f"TOLLS  none in {width} cells")], place=21)
"""


def test_family_when_it_has_a_block_then_the_screen_shows_it_in_its_place(bring: Bring, tmp_path: Path) -> None:
    bring(screen=BLOCK)
    tiny_case(tmp_path)
    shown = render_plan(run.optimize(write_question(tmp_path)), 90).plain
    assert shown.index("ORDER NOW") < shown.index("TOLLS  none in 90 cells") < shown.index("COST")


@pytest.mark.parametrize(
    ("files", "fact"),
    [
        ({"data": "CHECK = ()\n"}, r"has a data\.py with neither CHECKS nor SCREENS"),
        ({"screen": "BLOCKS = ()\n"}, r"has a screen\.py without a BLOCK"),
    ],
)
def test_family_when_a_file_has_nothing_that_is_asked_then_is_refused(
    bring: Bring, files: dict[str, str], fact: str
) -> None:
    bring(**files)
    with pytest.raises(FaultyFamily, match=fact):
        families.data_checks(), families.blocks()


ROOM = """
import numpy as np
def must_take(net):
    return 7.0 * (net.points.entities["site"] == "PLANT").to_numpy()
"""
ROOM_CHECKED = """
def must_take(facts):
    return {("PLANT", "oxide"): 7.0}
"""


def test_family_when_its_terms_may_bring_more_then_both_sides_leave_room(bring: Bring, tmp_path: Path) -> None:
    bring(arrays=ROOM, records=ROOM_CHECKED)
    tiny_case(tmp_path)
    setting = run.ask(write_question(tmp_path))
    room = more_than_asked(Facts.of(setting.case.tables, terms_of(setting.question)))
    points = setting.network.points.entities.itertuples(index=False)
    assert [room[point.site, point.material] for point in points] == setting.network.forced.tolist()
    assert dict(room) == {("PLANT", "oxide"): 7.0}


@pytest.mark.parametrize("place", ["after", "before"])
def test_family_when_it_names_one_that_is_not_there_then_is_refused(bring: Bring, place: str) -> None:
    bring(f'{place}=("stocks",)')
    with pytest.raises(FaultyFamily, match="names 'stocks', and there is no such family"):
        families.packages()


def test_families_when_each_has_to_come_before_the_other_then_are_refused(bring: Bring) -> None:
    bring('after=("balance",), before=("purchase",)')
    with pytest.raises(FaultyFamily, match="come before each other: see after and before"):
        families.packages()


@pytest.mark.parametrize(
    ("place", "follows"),
    [("", "balance"), ('after=("stock",)', "stock"), ('before=("stock",)', "orders"), ('after=("timing",)', "timing")],
)
def test_family_when_its_card_says_its_place_then_stands_there(bring: Bring, place: str, follows: str) -> None:
    bring(place)
    names = list(families.packages())
    assert [name for name in names if not name.startswith("toll")] == [*CARDS]
    ours = next(name for name in names if name.startswith("toll"))
    assert names.index(ours) > names.index(follows)
    if "before" in place:
        assert names.index(ours) < names.index("stock")


CARDS: dict[str, Card] = families.cards()
LATE = r"posts to the account 'balance' after sourcing\.families\.balance\.algebra has read it: .*would be lost"


def test_family_when_it_posts_after_the_account_was_read_then_no_plan_is_found_without_it(
    bring: Bring, tmp_path: Path
) -> None:
    bring(algebra=POSTS.format(phase="close", account="balance", tonnes=1.0), check="")
    tiny_case(tmp_path)
    with pytest.raises(FaultyFamily, match=LATE):
        run.optimize(write_question(tmp_path))


def test_family_when_it_brings_goods_that_stock_has_not_seen_then_is_told_to_come_before(
    bring: Bring, tmp_path: Path
) -> None:
    post = {"algebra": POSTS.format(phase="build", account="entry", tonnes=0.0), "check": ""}
    bring(**post)
    tiny_case(tmp_path)
    with pytest.raises(FaultyFamily, match=r"'entry' after sourcing\.families\.stock\.algebra has read it"):
        run.optimize(write_question(tmp_path))


def test_family_when_it_comes_before_stock_then_its_goods_count(bring: Bring, tmp_path: Path) -> None:
    check = "def residuals(facts, plan):\n    return iter(())\n"
    bring('before=("stock",)', algebra=POSTS.format(phase="build", account="entry", tonnes=0.0), check=check)
    tiny_case(tmp_path)
    assert run.optimize(write_question(tmp_path)).manifest["audit"]["clean"]


HEADER = "table,column,type,unit,key,required,default,lower,upper,choices,refers_to,meaning,example\n"
TOLL = f"{HEADER}stocks,cover,number,days,,,,0,,,,Days that stock has to cover,30\n"
MEASURE = f"{HEADER}limits,measure,choice,t,,,,,,tonne_km,,,\n"
NONE = "def residuals(facts, plan):\n    return iter(())\n"


@pytest.mark.parametrize(
    ("text", "algebra", "check", "match"),
    [
        (TOLL, "", NONE, "adds 'cover' to the table stocks, and nothing of it is built: read it in algebra.py"),
        (
            TOLL,
            "NAME = 'cover'",
            NONE,
            "adds 'cover' to the table stocks, and nothing of it is checked: read it in check",
        ),
        (TOLL, "'''cover is not read here'''", f"NAME = 'cover'\n{NONE}", "nothing of it is built"),
        (MEASURE, "", NONE, "adds 'tonne_km' to the table limits, and nothing of it is built"),
        (MEASURE, "READ = ('tonne_km',)", NONE, "adds 'tonne_km' to the table limits, and nothing of it is checked"),
    ],
)
def test_family_when_nobody_honours_its_column_then_is_refused(
    bring: Bring, text: str, algebra: str, check: str, match: str
) -> None:
    bring(columns=text, algebra=algebra, check=check)
    with pytest.raises(FaultyFamily, match=match):
        families.packages()


@pytest.mark.parametrize(
    ("text", "algebra", "check"),
    [
        (TOLL, "def f(x):\n    return x['cover']", f"def g(row):\n    return row.cover\n{NONE}"),
        (TOLL, "def f(x):\n    return x.assign(cover=1)", f"READ = {{'cover', 'toll'}}\n{NONE}"),
        (MEASURE, "def f(x):\n    return x in {'tonne_km', 'lanes'}", f"WORD = 'tonne_km'\n{NONE}"),
        (TOLL.replace(",number,days,", ",text,,"), "", NONE),
    ],
)
def test_family_when_its_column_is_read_on_both_sides_then_is_taken(
    bring: Bring, text: str, algebra: str, check: str
) -> None:
    bring(columns=text, algebra=algebra, check=check)
    assert [name for name in families.packages() if name.startswith("toll")]


def test_columns_of_our_own_families_are_all_named_where_they_are_built_and_where_they_are_checked() -> None:
    formulation, auditor = (words_of_modules(rooms) for rooms in SIDES)
    for name, text in dictionary_texts():
        for row in csv.DictReader(io.StringIO(text)):
            sides = () if row["type"] == "text" or row["table"] == "*" else (formulation, auditor)
            sides = sides[1:] if (row["table"], row["column"]) in AFTERWARDS else sides
            sides = () if (row["table"], row["column"]) in SAID else sides
            words = (
                [row["column"], *filter(None, row["choices"].split("|"))]
                if row["table"] == "limits"
                else [row["column"]]
            )
            assert all(word in side for side in sides for word in words), (name, row["table"], row["column"])


SIDES = (("network", "engine", "families", "calendar"), ("replay", "audit", "daily", "families"))
"""The rooms of the formulation, and of the auditor; a family's own files go by their names."""
AFTERWARDS = {("offers", "call_off"), ("offers", "quoted_until")}
"""Columns that no plan depends on: they date its orders, and what else is decided."""
SAID = {("materials", "least_sensible")}
"""Columns that only decide what the screen says of a plan."""


IN_NEITHER = honoured.SHOWN


def words_of_modules(rooms: tuple[str, ...]) -> set[str]:
    """Return what the code of some rooms names; of a family what its files are for goes by their names."""
    auditor = "replay" in rooms
    top = find_spec("sourcing")
    assert top is not None
    found: set[str] = set()
    for spec in honoured._modules(top):
        _, room, *inner = [*spec.name.split("."), ""]
        file = "".join(inner[-2:-1])
        if room in rooms and (room != "families" or (file in honoured.CHECKER) == auditor) and file not in IN_NEITHER:
            found.update(honoured._words(honoured._code(spec)))
    return found


def test_columns_of_every_family_are_an_account_by_their_own_name() -> None:
    builder = Builder(writer="a reader")
    held = builder.columns("hold", INDEX, Bounds(0.0))
    account = builder.account("column.hold")
    assert (account.column.tolist(), account.value.tolist()) == (held.ids.tolist(), [1.0, 1.0])
    assert (account.code.tolist(), account.node.tolist()) == ([0, 1], [0, 0])
    assert len(builder.account("column.lots").column) == 0
    with pytest.raises(FaultyFamily, match=r"posts to the account 'column\.lots' after a reader has read it"):
        builder.columns("lots", INDEX, Bounds(0.0))


INDEX = Index(pd.DataFrame({"offer": ["A", "B"]}), np.array([0, 1]), np.array([0, 0]), 1)


def test_what_a_family_wrote_before_when_it_comes_late_in_another_program_then_is_refused_as_well() -> None:
    first = Builder()
    piece = first.begin("a late family")
    first.post("balance", (np.zeros(1, int), np.zeros(1, int)), np.zeros(1, int), 1.0)
    first.columns("hold", INDEX, Bounds(0.0))
    second = Builder(writer="balance")
    second.account("balance")
    with pytest.raises(FaultyFamily, match="'balance' after balance has read it"):
        second.take(piece)
    with pytest.raises(FaultyFamily, match="two families declare 'hold'"):  # it is there from the first try
        second.take(replace(piece, postings=[]))


def test_what_a_family_wrote_and_read_itself_when_taken_again_then_is_closed_after_it() -> None:
    first, second = Builder(), Builder()
    piece = first.begin("a family")
    first.columns("hold", INDEX, Bounds(0.0))
    first.account("column.hold")
    second.begin("a family")
    second.take(piece)
    with pytest.raises(FaultyFamily, match=r"'column\.hold' after a family has read it"):
        second.post("column.hold", (np.zeros(1, int), np.zeros(1, int)), np.zeros(1, int), 1.0)
