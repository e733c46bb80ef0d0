"""Folders from strangers: plans, curves and cases whose files are pipes, devices, links, lists or lies are refused."""

from __future__ import annotations

import csv
import json
import os
import shutil
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from builders import tiny_case, write_question

from sourcing import run
from sourcing.cli import main
from sourcing.errors import AuditFailure, DataError, QuestionError
from sourcing.files import Unread, content_of
from sourcing.plan.carried import named
from sourcing.plan.curves import opened_curve
from sourcing.plan.folder import is_name, plain_json
from sourcing.question import load_question
from sourcing.run import Sweep, Trade
from sourcing.studies.frontier import stored as frontier_stored
from sourcing.studies.frontier.chart import draw as draw_frontier
from sourcing.studies.target import stored as target_stored
from sourcing.studies.target.chart import draw as draw_target
from sourcing.studies.target.found import Target
from sourcing.tables import read_case

if TYPE_CHECKING:
    from sourcing.studies.frontier.found import Frontier

SHARE = '[[limits]]\nlimit = "one-country"\nmeasure = "share"\nby = "country"\nvalue = 0.8\n'
SECRET = "the-word-that-nobody-may-see"
READERS = {
    "audit": run.audit_plan,
    "explain": run.explain,
    "comply": run.comply,
    "compare": lambda folder: run.compare([folder, folder]),
    "load": run.load_plan,
}

Change = Callable[[Path], Any]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a plan, a curve and a frontier."""
    folder = tmp_path_factory.mktemp("made")
    tiny_case(folder, carbon={"A": 5, "B": 20})
    question = write_question(folder, SHARE)
    run.optimize(question, out=folder / "plan")
    run.target(question, Sweep("one-country", None, None, 0.05), out=folder / "curve")
    run.frontier(question, Trade(("cost", "carbon"), 2), out=folder / "front")
    return folder


@pytest.fixture
def plan(made: Path, tmp_path: Path) -> Path:
    """Return a copy of the plan, to be spoiled."""
    return Path(shutil.copytree(made / "plan", tmp_path / "plan"))


@pytest.fixture(autouse=True)
def _no_waiting() -> Iterator[None]:
    """End a test that waits for a pipe."""

    def wake(number: int, frame: object) -> None:
        raise TimeoutError("it waits for somebody to write")

    before = signal.signal(signal.SIGALRM, wake)
    signal.alarm(60)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


def put(content: str) -> Change:
    return lambda file: file.write_text(content, "utf-8")


def link(to: str) -> Change:
    def make(file: Path) -> None:
        file.unlink(missing_ok=True)
        file.symlink_to(to)

    return make


def pipe(file: Path) -> None:
    file.unlink()
    os.mkfifo(file)


def folder(file: Path) -> None:
    file.unlink()
    file.mkdir()


def gone(file: Path) -> None:
    file.unlink()


def endless(file: Path) -> None:
    with file.open("r+b") as opened:
        opened.truncate(10**12)


def told(**keys: Any) -> Change:
    """Return a change of keys of a JSON file; a key that is None is taken out."""

    def make(file: Path) -> None:
        content = json.loads(file.read_text("utf-8")) | keys
        kept = {key: value for key, value in content.items() if key not in keys or value is not None}
        file.write_text(json.dumps(kept), "utf-8")

    return make


def columns(*names: str) -> Change:
    """Return a change of a table: without some of its columns."""
    return lambda file: rewritten(file, lambda row: {name: cell for name, cell in row.items() if name not in names})


def cells(column: str, cell: str) -> Change:
    """Return a change of a table: one cell for all rows of a column."""
    return lambda file: rewritten(file, lambda row: row | {column: cell})


def rewritten(file: Path, change: Callable[[dict[str, str]], dict[str, str]]) -> None:
    with file.open(encoding="utf-8", newline="") as opened:
        rows = [change(row) for row in csv.DictReader(opened)]
    with file.open("w", encoding="utf-8", newline="") as opened:
        writer = csv.DictWriter(opened, rows[0])
        writer.writeheader()
        writer.writerows(rows)


def header(file: Path) -> None:
    file.write_text(file.read_text("utf-8").splitlines()[0] + "\n", "utf-8")


NO_FILE = [
    ("purchases.csv", pipe, "purchases.csv: it is no file that can be read"),
    ("inputs/places.json", folder, "inputs/places.json: it is a folder"),
    ("inputs/question.json", pipe, "inputs/question.json: it is no file that can be read"),
    ("inputs/places.json", link("/dev/zero"), "inputs/places.json: it leads out of the folder"),
    ("stock.csv", link("/dev/zero"), "stock.csv: it leads out of the folder"),
    ("stock.csv", link("/etc/passwd"), "stock.csv: it leads out of the folder"),
    ("cost.csv", link("cost.csv"), "cost.csv: it cannot be read"),
    ("cost.csv", gone, "cost.csv: it is not there"),
    ("cost.csv", link("nowhere"), "cost.csv: it is a link to a file that is not there"),
    ("cost.csv", endless, "cost.csv: it has 1,000,000 MB, and at most 256 MB can be read"),
    ("manifest.json", endless, "manifest.json: it has 1,000,000 MB"),
]


@pytest.mark.parametrize(
    ("name", "change", "fact"), NO_FILE, ids=[f"{name} {at}" for at, (name, *_) in enumerate(NO_FILE)]
)
def test_plan_when_a_file_is_none_then_is_refused_at_once(plan: Path, name: str, change: Change, fact: str) -> None:
    change(plan / name)
    for reader in ("audit", "explain", "load"):
        with pytest.raises(QuestionError) as refused:
            READERS[reader](plan)
        (fault,) = refused.value.faults
        assert (fault.place, fault.code) == (str(plan), "PLAN-003")
        assert fault.fact.startswith(f"the plan cannot be read ({fact}")
        assert fault.repair == "make it again: sourcing optimize"


NO_SHAPE = [
    ("manifest.json", put("[]"), "manifest.json"),
    ("manifest.json", put("[" * 5_000), "manifest.json: its brackets are nested too deeply"),
    ("manifest.json", put('{"a": ' * 200 + "1" + "}" * 200), "manifest.json: its brackets are nested too deeply"),
    ("manifest.json", put("{"), "manifest.json: it is no JSON (line 1)"),
    ("manifest.json", put('{"schema": NaN}'), "manifest.json: NaN is no number"),
    ("manifest.json", put('{"a": "\\ud800"}'), "manifest.json: it has half of a letter"),
    ("manifest.json", told(tables=None), "manifest.json, tables: it is missing"),
    ("manifest.json", told(tables={"purchases": 1}), "manifest.json, tables: {'purchases': 1} does not fit"),
    ("manifest.json", told(tables=["../../secret"]), "manifest.json, tables.1: '../../secret' does not fit"),
    ("manifest.json", told(tables=["/etc/hosts"]), "manifest.json, tables.1: '/etc/hosts' does not fit"),
    ("manifest.json", told(tables=["a\\b"]), "manifest.json, tables.1: "),
    ("manifest.json", told(audit=[]), "manifest.json, audit: [] does not fit"),
    ("manifest.json", told(objective={"cost": "x"}), "manifest.json, objective.cost: 'x' does not fit"),
    ("manifest.json", told(given_up=[1]), "manifest.json, given_up.1: 1 does not fit"),
    ("manifest.json", told(case=7), "manifest.json, case: 7 does not fit"),
    ("manifest.json", told(status=["optimal"]), "manifest.json, status: ['optimal'] does not fit"),
    ("inputs/places.json", put("[]"), "inputs/places.json: [] does not fit"),
    ("inputs/places.json", put('{"offers": 3}'), "inputs/places.json, offers: 3 does not fit"),
    ("inputs/question.json", put('{"schema": 1}'), "inputs/question.json, question: it is missing"),
    ("inputs/question.json", told(horizon=[]), "inputs/question.json, horizon: [] does not fit"),
    ("inputs/question.json", told(more=1), "inputs/question.json, more: there is no key of this name"),
    ("stock.csv", put(""), "stock.csv: row 1 has no column names"),
    ("stock.csv", put("\0" * 99), "stock.csv: it has a character that is no letter (U+0000)"),
    ("stock.csv", put("a,b\n1\n"), "stock.csv: row 2 has not as many cells as there are columns"),
    ("stock.csv", put("a,b\n1,2\n3,4,5\n"), "stock.csv: its rows are not as long as its header"),
    ("stock.csv", put("," * 10_000), "stock.csv: row 1 names a column twice, or too many"),
    ("purchases.csv", cells("order_from", "soon"), "purchases.csv: order_from holds what is no date"),
]


@pytest.mark.parametrize(
    ("name", "change", "fact"), NO_SHAPE, ids=[f"{name} {at}" for at, (name, *_) in enumerate(NO_SHAPE)]
)
def test_plan_when_a_file_has_another_shape_then_is_refused_in_a_sentence(
    plan: Path, name: str, change: Change, fact: str
) -> None:
    change(plan / name)
    for reader in ("audit", "load"):
        with pytest.raises(QuestionError) as refused:
            READERS[reader](plan)
        (fault,) = refused.value.faults
        assert fault.fact.startswith(f"the plan cannot be read ({fact}")
        assert not [word for word in ("http", "pydantic", "root:", "Errno", "Traceback") if word in str(fault)]


def first_row_twice(file: Path) -> None:
    header, first, *others = file.read_text("utf-8").splitlines()
    file.write_text("\n".join([header, first, first, *others, ""]), "utf-8")


NO_TABLE = [
    ("purchases.csv", columns("tonnes"), "purchases.csv: it has no column tonnes"),
    ("stock.csv", columns("site", "end"), "stock.csv: it has no column site or end"),
    ("stock.csv", cells("node", "soon"), "stock.csv: node is not a whole number in every row"),
    ("stock.csv", cells("end", "1e400"), "stock.csv: end is not a number in every row"),
    ("stock.csv", cells("node", "99"), "stock.csv: node is not one of 0 to 7 in every row"),
    ("purchases.csv", cells("offer", "Z"), "purchases.csv: offer is not in inputs/offers.csv in every row"),
    ("purchases.csv", cells("order_from", ""), "purchases.csv: order_from is not a date in every row"),
    (
        "shares.csv",
        first_row_twice,
        "shares.csv: row 3 is of the same counted, what, stage, lens, year, group as an earlier one",
    ),
    ("limits.csv", cells("binds", "perhaps"), "limits.csv: binds is not a yes or no in every row"),
    ("manifest.json", told(tables=[]), "purchases.csv: manifest.json does not list it among its tables"),
]


@pytest.mark.parametrize(("name", "change", "fact"), NO_TABLE)
def test_plan_when_a_table_cannot_be_used_then_only_the_audit_goes_on(
    plan: Path, name: str, change: Change, fact: str
) -> None:
    change(plan / name)
    for reader in ("explain", "comply", "compare", "load"):
        with pytest.raises(QuestionError) as refused:
            READERS[reader](plan)
        assert f"the plan cannot be read ({fact})" in str(refused.value)
    assert not run.audit_plan(plan).is_clean


@pytest.mark.parametrize("names", [["purchases"], ["stock", "shortage"], ["limits", "hhi", "shares"], ["cost"]])
def test_plan_when_it_is_emptied_then_nothing_is_said_of_it(plan: Path, names: list[str]) -> None:
    for name in names:
        header(plan / f"{name}.csv")
    for reader in ("explain", "comply"):
        with pytest.raises(AuditFailure):
            READERS[reader](plan)


def test_plan_when_a_table_is_named_outside_then_no_cell_of_it_is_shown(
    plan: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "stolen.csv").write_text(f"offer,node\n{SECRET},{SECRET}\n", "utf-8")
    for name in ("../stolen", str(tmp_path / "stolen"), "inputs/../../stolen"):
        told(tables=[name])(plan / "manifest.json")
        for command in ("audit", "explain", "comply"):
            assert main([command, str(plan)]) == 3
    (plan / "stock.csv").unlink()
    (plan / "stock.csv").symlink_to(tmp_path / "stolen.csv")
    told(tables=["stock"])(plan / "manifest.json")
    assert main(["audit", str(plan)]) == 3
    out = capsys.readouterr()
    assert SECRET not in out.out + out.err


def test_plan_when_its_inputs_lie_elsewhere_then_is_refused(plan: Path, made: Path) -> None:
    shutil.rmtree(plan / "inputs")
    (plan / "inputs").symlink_to(made / "plan" / "inputs")
    with pytest.raises(QuestionError, match="it leads out of the folder"):
        run.load_plan(plan)


def test_copy_and_duals_when_they_are_no_files_then_the_audit_says_so(plan: Path) -> None:
    pipe(plan / "plan.json")
    link("/dev/zero")(plan / "analyst" / "duals.csv")
    said = run.audit_plan(plan).findings
    assert any(words.startswith("plan.json: cannot be read") for words in said)
    assert any(words.startswith("analyst/duals.csv: cannot be read") for words in said)


@pytest.mark.parametrize("rows", [[1, 2], [[]], ["x"], [{"site": {"a": [1]}}], {"a": 1}])
def test_copy_when_its_rows_are_of_another_kind_then_the_audit_says_so(plan: Path, rows: Any) -> None:
    content = json.loads((plan / "plan.json").read_text("utf-8"))
    content["tables"]["stock"] = rows * 8 if isinstance(rows, list) and len(rows) == 1 else rows
    (plan / "plan.json").write_text(json.dumps(content), "utf-8")
    assert not run.audit_plan(plan).is_clean


def test_latest_when_another_folder_holds_a_pipe_then_is_found(
    made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(made / "plan", tmp_path / "runs" / "mine")
    for name, change in (("pipe", os.mkfifo), ("list", put("[]")), ("device", link("/dev/zero"))):
        (tmp_path / "runs" / name).mkdir()
        change(tmp_path / "runs" / name / "manifest.json")
    monkeypatch.chdir(tmp_path)
    assert main(["audit", "latest"]) == 0


CURVE = [
    ("curve", "curve.csv", pipe, "curve.csv: it is no file that can be read"),
    ("curve", "curve.csv", header, "curve.csv: it has no rows"),
    ("curve", "curve.csv", columns("cost"), "curve.csv: it has no column cost"),
    ("curve", "band.csv", cells("lower", "x"), "band.csv: lower is not a number in every row"),
    ("curve", "manifest.json", told(limit=["x"]), "manifest.json, limit: ['x'] does not fit"),
    ("curve", "manifest.json", told(limit={"limit": "none", "value": 1}), "its inputs have no limit of the name"),
    ("curve", "manifest.json", told(tables=["../curve"]), "manifest.json, tables.1: '../curve' does not fit"),
    ("curve", "manifest.json", told(free=None), "manifest.json, free: it is missing"),
    ("front", "frontier.csv", gone, "frontier.csv: it is not there"),
    ("front", "frontier.csv", columns("carbon"), "frontier.csv: it has no column carbon"),
    ("front", "manifest.json", told(folders=["../plan"]), "'../plan' is no name of a folder"),
    ("front", "manifest.json", told(folders=["point-77"]), "point-77: it is not there"),
    ("front", "manifest.json", told(folders=[]), "manifest.json, folders: [] does not fit"),
    ("front", "manifest.json", told(measures=["cost"]), "manifest.json, measures: ['cost'] does not fit"),
    ("front", "manifest.json", told(widest="x"), "manifest.json, widest: 'x' does not fit"),
]


def read_back(folder: Path) -> Target | Frontier:
    """Return what the folder of a curve or a frontier holds."""
    kept, kind = opened_curve(folder, ("target", "frontier"))
    return (target_stored if kind == "target" else frontier_stored).read_stored(kept)


@pytest.mark.parametrize(("kind", "name", "change", "fact"), CURVE)
def test_curve_when_a_file_is_not_what_it_should_be_then_is_refused(
    made: Path, tmp_path: Path, kind: str, name: str, change: Change, fact: str
) -> None:
    found = Path(shutil.copytree(made / kind, tmp_path / kind))
    change(found / name)
    with pytest.raises(QuestionError) as refused:
        read_back(found)
    (fault,) = refused.value.faults
    assert fault.code == "PLAN-007"
    assert "the curve cannot be read (" in fault.fact
    assert fact in fault.fact


@pytest.mark.parametrize(("kind", "table"), [("curve", "curve"), ("front", "frontier")])
def test_curve_when_a_name_is_a_number_then_stays_a_name(made: Path, tmp_path: Path, kind: str, table: str) -> None:
    found = Path(shutil.copytree(made / kind, tmp_path / kind))
    for name, cell in (("enters", "inf"), ("leaves", "2027")):
        cells(name, cell)(found / f"{table}.csv")
    again = read_back(found)
    assert set(again.tables[table]["enters"]) == {"inf"}
    assert set(again.tables[table]["leaves"]) == {"2027"}
    assert (draw_target(again) if isinstance(again, Target) else draw_frontier(again)).title


def test_case_when_a_table_leads_elsewhere_then_no_cell_of_it_is_shown(tmp_path: Path) -> None:
    case = tiny_case(tmp_path)
    (tmp_path / "other.csv").write_text(f"site,kind\n{SECRET},{SECRET}\n", "utf-8")
    for target, fact in [
        (str(tmp_path / "other.csv"), "sites.csv: it leads out of the folder; put the table itself here"),
        ("/dev/zero", "sites.csv: it leads out of the folder; put the table itself here"),
        ("sites.csv", "sites.csv: it cannot be read (Too many levels of symbolic links)"),
    ]:
        link(target)(case / "sites.csv")
        with pytest.raises(DataError) as refused:
            read_case(case)
        assert SECRET not in str(refused.value)
        assert fact in str(refused.value)


def test_case_when_a_table_is_a_link_within_it_then_is_read(tmp_path: Path) -> None:
    case = tiny_case(tmp_path)
    (case / "sites.csv").rename(case / "sites-2027.txt")
    link("sites-2027.txt")(case / "sites.csv")
    assert len(read_case(case)["sites"]) == 3


OTHERS = {
    "toml": f'password = "{SECRET}"\nuser = "me"\n',
    "cargo": f'[registry]\ntoken = "{SECRET}"\n',
    "text": f"{SECRET}: x\nmore\n",
    "twice": f"{SECRET} = 1\n{SECRET} = 2\n",
    "schema": f'schema = 1\ntitle = "{SECRET}"\nother = "x"\n',
    "empty": "",
}


@pytest.mark.parametrize("content", OTHERS.values(), ids=OTHERS)
@pytest.mark.parametrize("key", ["extends", "presets"])
def test_question_when_it_names_what_is_no_question_then_shows_nothing_of_it(
    tmp_path: Path, content: str, key: str
) -> None:
    tiny_case(tmp_path)
    (tmp_path / "private.toml").write_text(content, "utf-8")
    named_there = 'extends = "private.toml"\n' if key == "extends" else 'presets = ["private.toml"]\n'
    with pytest.raises(QuestionError) as refused:
        load_question(write_question(tmp_path, named_there))
    assert "private.toml" in str(refused.value)
    assert SECRET not in str(refused.value)
    assert {fault.code for fault in refused.value.faults} == {"QUESTION-202" if key == "extends" else "QUESTION-217"}


def test_question_when_it_is_a_pipe_or_extends_one_then_is_refused(tmp_path: Path) -> None:
    tiny_case(tmp_path)
    os.mkfifo(tmp_path / "pipe.toml")
    for name in (tmp_path / "pipe.toml", write_question(tmp_path, 'extends = "pipe.toml"\n')):
        with pytest.raises(QuestionError, match="there is no"):
            load_question(name)


def test_stored_plan_when_made_then_names_no_place_on_this_machine(tmp_path: Path) -> None:
    tiny_case(tmp_path)
    first = write_question(tmp_path, SHARE, name="first")
    run.optimize(first, out=tmp_path / "plan-1", options=run.RunOptions(write_model=tmp_path / "model.lp"))
    more = f'{SHARE}[stability]\nlast = "{tmp_path}/plan-1"\nfrozen_days = 90\n'
    run.optimize(write_question(tmp_path, more, case=f"{tmp_path}/tiny"), out=tmp_path / "plan-2")
    run.alternatives(tmp_path / "plan-2", run.Wanted(0.01, 1), out=tmp_path / "near")
    for stored in ("plan-1", "plan-2", "near"):
        files = [file for file in (tmp_path / stored).rglob("*") if file.is_file()]
        assert len(files) > 5
        assert not [file for file in files if str(tmp_path).encode() in file.read_bytes()]
    moved = tmp_path / "elsewhere"
    shutil.move(tmp_path / "plan-2", moved)
    assert run.audit_plan(moved).is_clean
    assert run.load_plan(moved).question.path is None
    assert run.compare([tmp_path / "plan-1", moved]).plans


def test_plan_of_an_earlier_version_when_read_then_its_later_columns_are_blank(plan: Path, made: Path) -> None:
    columns("together", "worth")(plan / "binding.csv")
    told(path="/home/me/ask.toml", case_path="/home/me/tiny")(plan / "inputs" / "question.json")
    content = json.loads((plan / "plan.json").read_text("utf-8"))
    content["manifest"] = {}
    (plan / "plan.json").write_text(json.dumps(content), "utf-8")
    again = run.load_plan(plan)
    assert again.question.case_path is None
    assert again.tables["binding"]["worth"].isna().all()
    assert "worth" in run.compare([plan, made / "plan"]).plans["A"].tables["binding"]


@pytest.mark.parametrize("text", ["..", "a/b", "a\\b", "/a", "", ".hidden", "a..b", "a\0", "C:", "con:x", "a" * 101])
def test_name_when_it_could_lead_elsewhere_then_is_none(text: str) -> None:
    assert not is_name(text)
    assert is_name("point-01")
    assert is_name("0.85")
    assert is_name("1e+06")


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/home/me/tiny", "tiny"),
        ("C:\\plans\\last\\", "last"),
        ("../tiny", "../tiny"),
        ("tiny", "tiny"),
        ("/", "folder"),
    ],
)
def test_whole_path_when_it_is_carried_then_is_its_name(path: str, name: str) -> None:
    assert named(path) == name


@pytest.mark.parametrize("content", [b"\xff", b"[1e999999999999", b'{"a": Infinity}', b"9" * 5_000, b'["\\udfff"]'])
def test_json_when_it_is_none_then_is_refused_without_its_content(content: bytes) -> None:
    with pytest.raises(ValueError, match=r"it |is no number|a number") as refused:
        plain_json(content)
    assert content.decode("latin-1") not in str(refused.value)


def test_file_when_it_grows_beyond_its_bound_while_it_is_read_then_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "log"
    file.write_bytes(b"x" * 3_000_000)
    monkeypatch.setattr("sourcing.files._refuse", lambda found, most: None)
    with pytest.raises(Unread, match="it has more than 2 MB"):
        content_of(file, 2_000_000)
