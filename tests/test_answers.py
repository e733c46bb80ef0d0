"""What the pages of docs/ say of the ready questions is what fresh runs say."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from secrets import token_hex
from typing import TYPE_CHECKING

import pandas as pd
import pytest
from taken import TAKEN

from sourcing import run
from sourcing.answer.emissions import emissions
from sourcing.errors import InfeasiblePlan
from sourcing.question.chain import read_chain
from sourcing.report.console import render_plan

if TYPE_CHECKING:
    from sourcing.plan import Plan

ROOT = Path(__file__).parents[1]
CASES = sorted((ROOT / "data" / "cases").iterdir())
QUESTIONS = sorted(path.stem for path in (ROOT / "models").glob("*.toml"))
ANSWERED = [name for name in QUESTIONS if name != "impossible"]
MAGNETS = [name for name in ANSWERED if not name.startswith("antimony")]
ANTIMONY = [name for name in ANSWERED if name.startswith("antimony")]
RENAMED = [name for name in QUESTIONS if name not in ANTIMONY[:-1]]
"""Of the questions on antimony one is enough: the others differ from it in their limits alone."""
PAGES = {"answers.md": ("diversified", "cheapest"), "answers-antimony.md": ("", "antimony-cheapest")}
"""Page of docs/: the question that `sourcing optimize` answers there without a name, and what "more" is against."""
SHORT = {
    "Dy oxide": "dy_oxide",
    "Tb oxide": "tb_oxide",
    "NdPr oxide": "ndpr_oxide",
    "NdPr metal": "ndpr_metal",
    "blocks": "ndfeb_block",
    "trioxide": "sb2o3",
}
SEEN = {
    "shipped from China": ("", "country", "CHN"),
    "smelted in China": ("metal", "origin", "CHN"),
    "mined in China": ("mine", "origin", "CHN"),
    "mined nobody says where": ("mine", "origin", "unknown"),
}
"""Column of the antimony page: stage, lens and group of the rows of shares.csv it tells."""


@TAKEN.kept
def plan(name: str) -> Plan:
    return run.optimize(name)


def lines_of(page: str) -> list[list[str]]:
    lines = [line for line in (ROOT / "docs" / page).read_text("utf-8").splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def rows_of_the_pages() -> dict[str, dict[str, str]]:
    """Return the tables of questions of all pages: question name, then column title: cell."""
    found = {}
    for page, (unnamed, cheapest) in PAGES.items():
        head, *body = lines_of(page)
        for cells in body:
            command = re.fullmatch(r"`sourcing optimize ?(.*)`", cells[1])
            if command:
                row = dict(zip(head, cells, strict=True))
                found[command[1] or unnamed] = {**row, "cheapest": cheapest}
    return found


def test_pages_of_answers_name_every_ready_question() -> None:
    assert sorted(rows_of_the_pages()) == QUESTIONS


@pytest.mark.parametrize("name", ANSWERED)
def test_ready_question_when_asked_then_says_what_the_page_says(name: str) -> None:
    row, answer = rows_of_the_pages()[name], plan(name)
    cost, cheapest = (plan(each).manifest["objective"]["cost"] for each in (name, row["cheapest"]))
    assert float(row["cost, USD M"]) == pytest.approx(cost / 1e6, abs=0.051)
    assert float(row["more, %"]) == pytest.approx(100 * (cost / cheapest - 1), abs=0.051)
    short = answer.tables["shortage"].groupby("material")["short"].sum()
    told = {title: material for title, material in SHORT.items() if f"short {title}, t" in row}
    assert set(short[short > 0.051].index) <= set(told.values())
    for title, material in told.items():
        assert float(row[f"short {title}, t"]) == pytest.approx(short.get(material, 0.0), abs=0.051), title


@pytest.mark.parametrize("name", ANTIMONY)
def test_antimony_question_when_asked_then_antimony_comes_from_where_the_page_says(name: str) -> None:
    row, shares = rows_of_the_pages()[name], plan(name).tables["shares"]
    shares = shares[(shares["counted"] == "element") & (shares["what"] == "Sb") & (shares["year"] == 2029)]
    for title, (stage, lens, group) in SEEN.items():
        one = (shares["stage"] == stage) & (shares["lens"] == lens)
        assert shares.loc[one, "share"].sum() == pytest.approx(1), title
        share = shares.loc[one & (shares["group"] == group), "share"].sum()
        assert float(row[f"{title} in 2029, %"]) == pytest.approx(100 * share, abs=0.51), title


def test_goods_through_third_countries_when_seen_through_are_as_chinese_as_the_page_says() -> None:
    table = plan("antimony-half-shipped").tables["look_through"]
    table = table[(table["what"] == "Sb") & (table["counted"] == "element") & (table["year"] == 2029)]
    told = {cells[0]: cells[1:] for cells in lines_of("answers-antimony.md") if len(cells) == 5}
    for country, code in (("Thailand", "THA"), ("Mexico", "MEX"), ("China", "CHN")):
        own = table[table["shipped_from"] == code].groupby(["stage", "origin"])["tonnes"].sum()
        seen = [own["mine"].sum(), own["metal", "CHN"], own["mine", "CHN"], own["mine"].get("unknown", 0.0)]
        assert [float(cell) for cell in told[country]] == pytest.approx(seen, abs=0.51), country


def test_savannah_when_china_lets_nothing_out_then_gets_what_the_page_says() -> None:
    limits = plan("antimony-us-ban").tables["limits"].set_index(["limit", "window"])["actual"]
    told = [cells for cells in lines_of("answers-antimony.md") if len(cells) == 3 and cells[0].isdigit()]
    assert [cells[0] for cells in told] == ["2027", "2028", "2029", "2030"]
    for year, *percent in told:
        seen = [100 * limits[name, year] for name in ("savannah-smelted", "savannah-mined")]
        assert [float(cell) for cell in percent] == pytest.approx(seen, abs=0.51), year


WITHOUT = {
    "Sohar does not restart": """
        edits = [
            { table = "ramps", where = { offer = "SPM-ATO" }, set = { capacity = 0 } },
            { table = "ramps", where = { process = "SPM-TOLL" }, set = { capacity = 0 } },
        ]""",
    "Beerse and Chauny burn nobody else's metal": """
        edits = [{ table = "processes", where = { process = ["CAM-TOLL", "AMG-TOLL"] }, set = { capacity = 0 } }]""",
    "what nobody says counts as mined in China (member `CHINA_OR_UNKNOWN`)": """
        [[limits]]
        limit = "none-mined"
        measure = "share"
        by = "origin"
        member = "CHINA_OR_UNKNOWN"
        element = "Sb"
        stage = "mine"
        from = "2028-01-01"
        value = 0""",
}


@pytest.mark.parametrize("change", WITHOUT)
def test_plan_without_china_when_one_thing_is_gone_then_leaves_short_what_the_page_says(
    change: str, tmp_path: Path
) -> None:
    told = {cells[0]: cells[1] for cells in lines_of("answers-antimony.md") if len(cells) == 2}
    base = (ROOT / "models" / "antimony-no-china-2028.toml").as_posix()
    question = f'schema = 1\nextends = "{base}"\nquestion = "{change}?"\n{WITHOUT[change]}\n'
    (tmp_path / "question.toml").write_text(question, "utf-8")
    short = run.optimize(tmp_path / "question.toml").tables["shortage"]["short"].sum()
    assert float(told[change]) == pytest.approx(short, abs=0.051)


@pytest.mark.parametrize("name", ANSWERED)
def test_ready_question_when_answered_then_proven_and_audited(name: str) -> None:
    manifest = plan(name).manifest
    assert manifest["status"] == "optimal"
    assert manifest["gap"] <= 1e-9
    assert manifest["audit"]["clean"]
    stock = [plan(name).tables[table] for table in ("stock", "stock_after_horizon")]
    assert plan(name).manifest["audit"]["checked"]["balance"] == sum(map(len, stock))


@pytest.fixture(scope="module")
def renamed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Return the ready questions copied to names drawn at random, in a folder with their case under such a name."""
    folder = tmp_path_factory.mktemp("names")
    cases = {case.name: token_hex(4) for case in CASES}
    for old, new in cases.items():
        shutil.copytree(ROOT / "data" / "cases" / old, folder / new)
    files = {name: folder / f"{token_hex(4)}.toml" for name in QUESTIONS}
    for name, file in files.items():
        text = (ROOT / "models" / f"{name}.toml").read_text("utf-8")
        for old, new in cases.items():
            text = text.replace(f'case     = "{old}"', f'case     = "{new}"')
        for other, its in files.items():
            text = text.replace(f'"{other}.toml"', f'"{its.name}"')
        file.write_text(text, encoding="utf-8")
    return files


@pytest.mark.parametrize("name", RENAMED)
def test_ready_question_when_it_and_its_case_have_other_names_then_answer_is_the_same(
    name: str, renamed: dict[str, Path]
) -> None:
    assert [layer.path.parent for layer in read_chain(renamed[name])] == [renamed[name].parent] * len(
        read_chain(ROOT / "models" / f"{name}.toml")
    )
    if name not in ANSWERED:
        assert refusal(renamed[name]) == refusal(name)
        return
    answer, other = plan(name), run.optimize(renamed[name])
    assert answer.manifest["objective"] == other.manifest["objective"]
    for table, frame in answer.tables.items():
        pd.testing.assert_frame_equal(frame, other.tables[table], check_exact=True)


def refusal(question: str | Path) -> list[str]:
    with pytest.raises(InfeasiblePlan) as caught:
        run.optimize(question)
    return list(caught.value.explanation.words)


def test_impossible_question_when_asked_then_explained_with_rules_and_rows() -> None:
    with pytest.raises(InfeasiblePlan) as refusal:
        run.optimize("impossible")
    words = "\n".join(refusal.value.explanation.words)
    assert "Short: 97.9 t of NdPr metal at Bremen, 2027-05 to 2029-Q1." in words
    assert re.search(r"China Rare Earth Group Dy oxide \(CRE-DY\).*offers\.csv row \d+\)", words)


def test_plans_of_the_page_use_at_least_25_real_sites() -> None:
    used = set()
    for name in MAGNETS:
        used |= set(plan(name).tables["purchases"]["site"]) | set(plan(name).tables["conversions"]["site"])
    assert len(used - {"EU-PLANT", "US-PLANT", "RTM-SPOT"}) >= 25


def test_diversified_plan_when_limits_hold_then_no_country_is_above_them() -> None:
    used = plan("diversified").tables["use"]
    most = used.groupby("limit")[["lots", "heap", "arrived"]].max()
    assert most.loc["ndpr-one-country", "lots"] == pytest.approx(0.35)
    assert most.loc[["dy-one-country", "tb-one-country"], "lots"].tolist() == pytest.approx([0.5, 0.5])
    text = " ".join((ROOT / "docs" / "answers.md").read_text("utf-8").split())
    told = re.search(r"is one heap, it is (\d+) %, and of what arrives in 2029, (\d+) %", text)
    assert told is not None
    china = used[(used["limit"] == "ndpr-one-country") & (used["member"] == "CHN") & (used["window"] == "2029")].iloc[0]
    assert [float(each) for each in told.groups()] == pytest.approx(
        [100 * china["heap"], 100 * china["arrived"]], abs=0.51
    )
    assert (used["lots"] <= used["value"] + 1e-9).all()


def test_screen_in_the_readme_when_compared_then_fresh() -> None:
    text = (ROOT / "README.md").read_text("utf-8")
    shown = re.search(r"<!-- screen -->\n+```text\n(.*?)```", text, re.DOTALL)
    assert shown, "README.md has no screen"
    assert _timeless(shown[1]) == _timeless(render_plan(plan("diversified"), 100).plain)


def _timeless(screen: str) -> list[str]:
    lines = [re.sub(r"\s+\d+\.\d s$", "", line.rstrip()) for line in screen.strip().splitlines()]
    return [line for line in lines if not line.startswith("Plan in ") and line]


def test_page_of_magnets_when_it_tells_of_a_curve_then_says_what_the_curve_says() -> None:
    text = " ".join((ROOT / "docs" / "answers.md").read_text("utf-8").split())
    told = re.search(
        r"costs USD ([\d.]+) M more, from USD ([\d.]+) M to USD ([\d.]+) M: about USD ([\d.]+) M a point", text
    )
    assert told is not None
    found = run.target("diversified", run.Sweep("ndpr-one-country", 0.9, 0.3))
    first, last = found.tables["curve"]["cost"].iloc[[0, -1]] / 1e6
    assert [float(each) for each in told.groups()] == pytest.approx(
        [last - first, first, last, (last - first) / 60], abs=0.051
    )
    curve, reach = found.tables["curve"], found.tables["reach"]
    assert not curve["knee"].any()
    assert reach["possible"].tolist() == [False, True, True, True]


def test_page_of_magnets_when_it_tells_of_carbon_then_says_what_plans_emit(tmp_path: Path) -> None:
    text = " ".join((ROOT / "docs" / "answers.md").read_text("utf-8").split())
    told = re.search(
        r"emits ([\d,]+) t CO2e by them: ([\d,]+) t up to the suppliers' gates, ([\d,]+) t in orders already placed, "
        r"([\d,]+) t on the way, ([\d,]+) t at tollers",
        text,
    )
    held = re.search(r"200,000 t costs USD ([\d.]+) M more\*\*.*shorter is ([\d,]+) t, at USD ([\d.]+) M more", text)
    doubt = re.search(r"Had it that of Bayan Obo, the ceiling would cost USD ([\d.]+) M", text)
    assert told is not None
    assert held is not None
    assert doubt is not None
    kinds, cost = emissions(plan("diversified")), plan("diversified").manifest["objective"]["cost"]
    seen = [kinds.sum(), *kinds[["bought", "ordered before", "carried", "made"]]]
    assert [float(each.replace(",", "")) for each in told.groups()] == pytest.approx(seen, abs=51)
    ceiling = plan("diversified-carbon")
    (counted,) = ceiling.tables["limits"].query("measure == 'carbon'")["counted"]
    assert emissions(ceiling).sum() == pytest.approx(counted) == pytest.approx(200_000)
    assert float(held[1]) == pytest.approx((ceiling.manifest["objective"]["cost"] - cost) / 1e6, abs=0.051)
    ends = run.frontier("diversified", run.Trade(("cost", "carbon"), 2)).tables["frontier"]
    assert float(held[2].replace(",", "")) == pytest.approx(ends["carbon"].min(), abs=51)
    assert float(held[3]) == pytest.approx((ends["cost"].max() - ends["cost"].min()) / 1e6, abs=0.051)
    (tmp_path / "question.toml").write_text(LIKE_BAYAN_OBO.format(base=(ROOT / "models").as_posix()), "utf-8")
    dearer = run.optimize(tmp_path / "question.toml").manifest["objective"]["cost"]
    assert float(doubt[1]) == pytest.approx((dearer - cost) / 1e6, abs=0.051)


LIKE_BAYAN_OBO = """
schema = 1
extends = "{base}/diversified-carbon.toml"
question = "What if everything of White Mesa emitted as Bayan Obo does?"
edits = [
    {{ table = "offers", where = {{ offer = "EFR-NDPR" }}, set = {{ carbon = 35 }} }},
    {{ table = "processes", where = {{ process = "WHITEMESA-DONALD" }}, set = {{ carbon = "x2.5" }} }},
    {{ table = "processes", where = {{ process = "WHITEMESA-MONAZITE" }}, set = {{ carbon = "x2.5" }} }},
]
"""
