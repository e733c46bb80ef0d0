"""Pictures: words that agree with the tables, one colour a country, nothing short hidden, files that need no net."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from html import escape
from html.parser import HTMLParser
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest

from sourcing import run
from sourcing.charts import files
from sourcing.charts.atlas import label
from sourcing.charts.bars import across
from sourcing.charts.colours import (
    ALARM,
    COUNTRIES,
    MAIN,
    OWN,
    PAPER,
    REST,
    SECOND,
    SOFT,
    colour_of,
    contrast,
    ink_on,
    told_apart,
)
from sourcing.charts.concentration import concentration, ranks
from sourcing.charts.cost import cost
from sourcing.charts.flows import Flows, flows
from sourcing.charts.frames import enlarged
from sourcing.charts.labels import broken, spread, width_of
from sourcing.charts.mix import mix, short_by_year, stack
from sourcing.charts.pictures import KINDS, draw
from sourcing.charts.places import Flat, Place, places
from sourcing.charts.save import rendered
from sourcing.charts.signs import Field, placed
from sourcing.charts.theme import LABEL, specification
from sourcing.charts.world_map import NAMED, arcs, drawn, flat_for, world_map
from sourcing.cli import main
from sourcing.errors import QuestionError, SolverError
from sourcing.report.figures import money, share, tonnes
from sourcing.report.names import country
from sourcing.report.sources import sources
from sourcing.run import Sweep, Trade
from sourcing.studies.frontier import frontier_words
from sourcing.studies.frontier.chart import draw as frontier
from sourcing.studies.target.chart import draw as curve
from sourcing.tables.dictionary import countries
from tests.builders import tiny_case, write_question

if TYPE_CHECKING:
    from sourcing.plan import Plan

MODELS = Path(__file__).parents[1] / "models"
SHARE = '[[limits]]\nlimit = "one-country"\nmeasure = "share"\nby = "country"\nvalue = 0.8\n'


@pytest.fixture(scope="module")
def reference() -> Plan:
    """Return the plan of the ready question, NdPr from one country at most 35 % from 2029."""
    return run.optimize("diversified")


def tiny(tmp_path: Path, text: str = "", **changes: Any) -> Plan:
    """Return a plan of the tiny case."""
    tiny_case(tmp_path, **changes)
    return run.optimize(write_question(tmp_path, text))


def rows_of(drawn: Any) -> list[dict[str, Any]]:
    """Return the rows of all data in a picture."""
    if isinstance(drawn, dict):
        found = [row for rows in drawn.get("datasets", {}).values() for row in rows if isinstance(row, dict)]
        return found + [row for value in drawn.values() for row in rows_of(value)]
    return [row for value in drawn for row in rows_of(value)] if isinstance(drawn, list) else []


def of_ndpr(plan: Plan, year: int, stage: str, lens: str = "country") -> pd.Series:
    table = plan.tables["shares"]
    chosen = (table["what"] == "NdPr") & (table["year"] == year) & (table["stage"] == stage) & (table["lens"] == lens)
    return table[chosen].set_index("group")["share"]


def test_titles_are_what_the_tables_say(reference: Plan) -> None:
    first, last = of_ndpr(reference, 2027, "oxide"), of_ndpr(reference, 2030, "oxide")
    then, now = share(first["CHN"]), share(last["CHN"])
    assert mix(reference, "NdPr").title == f"China supplies {then} of NdPr in 2027 and {now} in 2030"
    assert now == "35 %"
    assert {first.idxmax(), last.idxmax()} == {"CHN"}
    said = f"The largest source of NdPr as oxide is China with {then} in 2027 and {now} in 2030"
    assert concentration(reference, "NdPr").title == said
    paid = reference.tables["cost"].groupby("head")["amount"].sum()
    part = share(paid["purchase"] / paid.sum())
    words = {row.get("words") for row in rows_of(cost(reference).drawing.to_dict())}
    assert f"{money(paid['purchase'])} · {part}" in words
    assert cost(reference).title == f"Of {money(paid.sum())}, {money(paid['purchase'])} goes into purchase ({part})"


def test_map_counts_what_the_table_of_shares_counts(reference: Plan) -> None:
    table = reference.tables["shares"]
    for block in sources(reference):
        bought = flows(reference, block).bought
        told = table[(table["what"] == block.shown.what) & (table["stage"] == "") & (table["lens"] == "shipped_from")]
        assert bought == pytest.approx(told.groupby("group")["tonnes"].sum().to_dict())
    ndpr = flows(reference, sources(reference)[0])
    most = ndpr.between[ndpr.between["origin"] == "CHN"]["destination"].iloc[0]
    part = share(ndpr.bought["CHN"] / sum(ndpr.bought.values()))
    expected = f"China ships {part} of the NdPr that is bought, most of it to {country(most)}"
    assert world_map(reference, "NdPr").title == expected


def test_bars_add_up_and_end_at_their_limits(reference: Plan) -> None:
    block = sources(reference)[0]
    found = stack(reference, block)
    whole = block.rows.groupby("year")["tonnes"].sum()
    assert found.whole == pytest.approx(whole.to_dict())
    assert found.lines == {}  # the limits count what is used, and the bars show what arrives
    assert not found.parts["held"].any()
    bars = ranks(reference, block)
    ends = bars.parts.groupby(["stage", "year"])["high"].max()
    assert list(ends) == pytest.approx([1.0] * len(ends))
    table = reference.tables["hhi"].set_index(["what", "stage", "lens", "year"])["hhi"]
    assert bars.indices["oxide", 2030].value == table["NdPr", "oxide", "country", 2030]


def test_bars_when_a_limit_counts_what_arrives_then_end_at_it(tmp_path: Path) -> None:
    text = (MODELS / "diversified.toml").read_text("utf-8").replace('"use"', '"arrivals"')
    base = (MODELS / "cheapest.toml").as_posix()
    (tmp_path / "arriving.toml").write_text(text.replace('"cheapest.toml"', f'"{base}"'), "utf-8")
    arriving = run.optimize(tmp_path / "arriving.toml")
    block = sources(arriving)[0]
    found, whole = stack(arriving, block), block.rows.groupby("year")["tonnes"].sum()
    assert found.lines == {2029: 0.35, 2030: 0.35}
    held = found.parts[found.parts["held"]]
    assert set(zip(held["group"], held["year"], strict=True)) == {("CHN", 2029), ("CHN", 2030)}
    assert list(held["high"] / held["year"].map(whole)) == pytest.approx([0.35, 0.35])


def test_one_country_has_one_colour_in_all_pictures(reference: Plan) -> None:
    names = {name: code for code, name in countries().items()} | {name: name for name in OWN}
    seen: dict[str, set[str]] = {}
    for kind in ("mix", "concentration"):
        for row in rows_of(draw(reference, kind).drawing.to_dict(validate=False)):
            if "country" in row and "others" not in row["country"] and row["group"] != "other":
                seen.setdefault(names[row["country"]], set()).add(row["colour"])
    for row in rows_of(specification(world_map(reference, "NdPr"))):
        if "wide" in row and " to " in str(row.get("words")):
            seen.setdefault(names[row["words"].split(" to ")[0]], set()).add(row["colour"])
    assert len(seen) > 8
    assert seen == {code: {colour_of(code)} for code in seen}
    assert {code: seen[code] for code in ("CHN", "AUS", "MYS")} == {
        code: {COUNTRIES[code]} for code in ("CHN", "AUS", "MYS")
    }
    for block in sources(reference):
        parts = stack(reference, block).parts.drop_duplicates("group")
        assert parts["colour"].is_unique


def test_colours_are_distinct_and_can_be_read_on() -> None:
    fixed = [*COUNTRIES.values(), *OWN.values(), *REST, MAIN, SECOND]
    assert len(set(fixed)) == len(fixed)
    assert min(contrast(ink_on(colour), colour) for colour in fixed) >= 4.5
    assert min(contrast(ink, PAPER) for ink in (SOFT, ALARM)) >= 4.5
    assert set(COUNTRIES) <= set(countries())
    assert set(places()) == set(countries())


def test_countries_that_share_a_colour_are_told_apart_by_folding_the_smaller() -> None:
    others = [code for code in countries() if code not in COUNTRIES]
    first = others[0]
    twin = next(code for code in others[1:] if colour_of(code) == colour_of(first))
    assert told_apart([first, "CHN", twin, "USA"], 8) == [first, "CHN", "USA"]
    assert told_apart(["CHN", "USA", "AUS"], 2) == ["CHN", "USA", "AUS"]  # one other may as well be named
    assert told_apart(["CHN", "USA", "AUS", "FRA"], 2) == ["CHN", "USA"]


def test_who_goes_short_is_the_headline_and_drawn_on_top(tmp_path: Path) -> None:
    offers = {"A": {"capacity": 20}, "B": {"capacity": 30}}
    plan = tiny(tmp_path, offers=offers)
    block = sources(plan)[0]
    by_year = plan.tables["shortage"].groupby(plan.tables["shortage"]["period"].str[:4])["short"].sum()
    assert {str(year): t for year, t in short_by_year(plan, block).items()} == pytest.approx(by_year.to_dict())
    for kind in KINDS:
        picture = draw(plan, kind)
        assert picture.headline.startswith("Short: ")
        assert picture.sentences[0] == picture.title
    drawing = rows_of(specification(mix(plan)))
    words = {row["words"] for row in drawing if "words" in row}
    assert len([text for text in words if text.endswith(" short")]) == len(by_year)


def test_short_elements_are_counted_by_what_the_material_contains(tmp_path: Path) -> None:
    contents = [{"material": "oxide", "element": "Dy", "share": 0.5}]
    plan = tiny(tmp_path, offers={"A": {"capacity": 20}, "B": {"capacity": 30}}, contents=contents)
    (block,) = sources(plan)
    assert sum(short_by_year(plan, block).values()) == pytest.approx(0.5 * plan.tables["shortage"]["short"].sum())


def test_equal_plans_give_equal_files_that_name_what_they_show(tmp_path: Path) -> None:
    pictures = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        pictures.append(mix(tiny(tmp_path / name)))
    first, second = (rendered(picture, ".svg").decode() for picture in pictures)
    assert first == second
    assert first.startswith("<svg")
    assert f"<title>{pictures[0].headline}</title>" in first
    assert f"<desc>{pictures[0].description}</desc>" in first
    assert rendered(pictures[0], ".png").startswith(b"\x89PNG")


class Page(HTMLParser):
    """Read what a page asks for, and its table."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[tuple[str, str]] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.cells = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self.asked += [(tag, str(value)) for name, value in attrs if name in {"src", "href", "xlink:href", "data"}]
        self.cells += tag == "td"


def test_page_asks_for_nothing_and_has_the_table(tmp_path: Path) -> None:
    picture = cost(tiny(tmp_path))
    text = rendered(picture, ".html").decode()
    page = Page()
    page.feed(text)
    assert page.asked == []
    tags = dict(page.tags)
    assert tags["html"]["lang"] == "en"
    assert tags["figure"]["role"] == "img"
    assert tags["figure"]["aria-label"] == picture.description
    policies = [attrs["content"] for tag, attrs in page.tags if tag == "meta" and "http-equiv" in attrs]
    assert str(*policies).startswith("default-src 'none'; ")
    assert page.cells == picture.table.size
    assert text.count("</script") == 2  # of the data, and of what draws it
    assert f"<title>{escape(picture.headline)}</title>" in text


def test_projection_is_equal_earth() -> None:
    flat = Flat(0.0, 2 * 2.7066299836)  # half the equator is 2.70663 wide in the paper's unit
    assert flat.scale == pytest.approx(1.0)
    x, y = flat.at(Place("", 0.0, 90.0))
    assert (x - flat.origin[0], flat.origin[1] - y) == pytest.approx((0.0, 1.3173627591574))
    assert flat.at(Place("", 180.0 - 1e-9, 0.0))[0] == pytest.approx(2 * 2.7066299836)


@pytest.mark.parametrize("middle", [10.0, 150.0])
def test_no_line_leaves_the_map_or_jumps(middle: float) -> None:
    pairs = list(combinations(["USA", "CHN", "NZL", "FJI", "RUS", "CHL", "NOR", "ZAF", "CAN", "DEU"], 2))
    between = pd.DataFrame(
        [(*pair, 1.0 + at) for at, pair in enumerate(pairs)], columns=["origin", "destination", "tonnes"]
    )
    flat = Flat(middle, 860.0)
    lines = arcs(Flows("it", between, {}, {}, {}, {}), flat)
    assert lines["x"].between(0, flat.width).all()
    assert lines["y"].between(0, flat.height).all()
    for at, (origin, destination) in enumerate(pairs):
        line = lines[lines["pair"] == at][["x", "y"]].to_numpy(float)
        ends = math.dist(flat.at(places()[origin]), flat.at(places()[destination]))
        steps = np.hypot(*np.diff(line, axis=0).T)
        assert steps.max() <= 3 * ends / len(steps)
    widths = lines.groupby("pair")["wide"].first()
    assert list(widths / widths.iloc[-1]) == pytest.approx(list(between["tonnes"] / len(pairs)), abs=0.05)


def test_labels_of_the_map_stand_apart(reference: Plan) -> None:
    found = flows(reference, sources(reference)[0])
    flat = flat_for(found)
    where = [flat.at(places()[code]) for code in found.countries]
    field = Field(flat.width, flat.height, where, arcs(found, flat)[["x", "y", "wide"]].to_numpy(float))
    signs = placed([label(found, code) for code in found.countries], where, LABEL, field)
    assert len(signs) > 10
    assert not any(first.meets(second, 0.0) for first, second in combinations(signs, 2))
    assert all(sign.left >= 0 and sign.left + sign.width <= flat.width for sign in signs)


def test_countries_that_stand_close_are_drawn_again_where_they_have_room(reference: Plan) -> None:
    found = flows(reference, sources(reference)[0])
    flat = flat_for(found)
    where = {code: flat.at(places()[code]) for code in found.countries}
    close = enlarged(where)
    assert close is not None
    within = {code for code in where if close.holds(where[code])}
    assert {"FRA", "GBR", "DEU"} <= within
    apart = [math.dist(*(close.at(where[code]) for code in pair)) for pair in combinations(sorted(within), 2)]
    plain = [math.dist(*(where[code] for code in pair)) for pair in combinations(sorted(within), 2)]
    assert apart == pytest.approx([close.zoom * one for one in plain])
    assert close.zoom > 2
    both = drawn(found).to_dict()
    whole, part = both["vconcat"]
    assert (whole["width"], part["width"]) == (flat.width, close.width)
    labelled = set(list(where)[:NAMED])
    for sheet, told in ((whole, labelled - within), (part, labelled & within)):
        sets = [both["datasets"].get(layer.get("data", {}).get("name"), []) for layer in sheet["layer"]]
        words = {row.get("words") for rows in sets for row in rows if isinstance(row, dict)}
        assert {code for code in where if country(code) in words} == told
    scales = [sheet["layer"][0]["projection"] for sheet in (whole, part)]
    assert scales[1]["scale"] == pytest.approx(close.zoom * scales[0]["scale"])
    assert scales[0]["precision"] != scales[1]["precision"]  # else Vega-Lite draws both with the first
    lone = {code: where[code] for code in ("FRA", "DEU", "CHN", "USA")}
    assert enlarged(lone) is None


def test_names_beside_bars_stand_apart_in_their_order() -> None:
    heights = spread([5, 5, 6, 100, 100, 240], 16, 6, 230)
    assert np.diff(heights).min() >= 16 - 1e-9
    assert heights[0] >= 6
    assert heights[-1] <= 230
    assert broken("it costs USD 0.7 M more", 70, 12) == ["it costs", "USD 0.7 M", "more"]
    assert " ".join(broken("a long sentence in short lines", 60, 12)) == "a long sentence in short lines"
    assert max(width_of(line, 12) for line in broken("a long sentence in short lines", 60, 12)) <= 60


def test_curve_is_drawn_from_its_tables(tmp_path: Path) -> None:
    tiny_case(tmp_path)
    found = run.target(write_question(tmp_path, SHARE), Sweep("one-country", None, None, 0.002))
    picture = curve(found)
    table, band = found.tables["curve"], found.tables["band"]
    rows = rows_of(specification(picture))
    area = pd.DataFrame([row for row in rows if "upper" in row])
    assert list(area["upper"] * 1e6) == pytest.approx(list(band["upper"]))
    assert list(area["lower"] * 1e6) == pytest.approx(list(band["lower"]))
    points = pd.DataFrame([row for row in rows if "knee" in row])
    assert list(points["value"]) == pytest.approx(list(table["value"]))
    assert list(points["cost"] * 1e6) == pytest.approx(list(table["cost"]))
    assert list(picture.table["Cost"]) == [money(each) for each in table["cost"]]
    even = curve(replace(found, tables={**found.tables, "curve": table.assign(knee=False)}))
    assert money(table["cost"].iloc[-1] - table["cost"].iloc[0]) in even.title
    bent = replace(found, tables={**found.tables, "curve": table.assign(knee=table.index == 2)})
    (value, cost_there), last = table.loc[2, ["value", "cost"]], table.iloc[-1]
    beyond = money((last["cost"] - cost_there) / (100 * (value - last["value"])))
    assert curve(bent).title.startswith("Down to ")
    assert curve(bent).title.endswith(f"beyond it {beyond}")


def test_what_is_no_value_like_the_others_stands_apart() -> None:
    names = ["name", "start", "end", "said", "colour", "missing"]
    rows = [("gain", 0.0, -2.0, "-2", "#0072B2", False), ("loss", 0.0, 3.0, "3", "#0072B2", False)]
    rows.append(("unpaid", 0.0, 9.0, "9", "#B00020", True))
    drawing = across(pd.DataFrame(rows, columns=names), "USD M").to_dict()
    (axis,) = {json.dumps(layer["encoding"]["x"]["scale"]["domain"]) for layer in drawing["layer"]}
    assert json.loads(axis) == [-2.0, 9.0]
    texts = [row for row in rows_of(drawing) if row.get("words") in {"-2", "3", "9"}]
    assert [row["y"] for row in texts] == [0.0, 1.0, 2.5]


def test_command_writes_the_file_and_replaces_an_older_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    monkeypatch.chdir(tmp_path)
    tiny_case(tmp_path)
    run.optimize(write_question(tmp_path), out=tmp_path / "runs" / "it")
    (tmp_path / "cost.svg").write_text("old", "utf-8")
    assert main(["chart", "it", "cost"]) == 0
    assert capsys.readouterr().out.endswith("Picture in cost.svg\n")
    assert (tmp_path / "cost.svg").read_text("utf-8").startswith("<svg")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["ask.toml", "cost.svg", "runs", "tiny"]
    for called in ("oxide", "dy oxide", "Dysprosium oxide"):
        assert main(["chart", "it", "mix", "--material", called]) == 0
    for words, code, said in [
        (["mix", "--out", "it.pdf"], 3, "end it in .svg, .png or .html"),
        (["mix", "--material", "oxid"], 3, "did you mean oxide?"),
        (["cost", "--material", "oxide"], 2, "leave --material out"),
        (["pie"], 2, "mix"),
    ]:
        assert main(["chart", "it", *words]) == code
        assert said in capsys.readouterr().err


def test_curve_is_drawn_where_it_is_asked_for_and_refused_before_it_is_solved(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    monkeypatch.chdir(tmp_path)
    tiny_case(tmp_path)
    words = ["target", str(write_question(tmp_path, SHARE)), "--limit", "one-country", "--from", "0.9", "--to", "0.85"]
    assert main([*words, "--chart", "curve.pdf"]) == 3
    assert not (tmp_path / "runs").exists()
    assert "end it in .svg, .png or .html" in capsys.readouterr().err
    assert main([*words, "--chart", "curve.svg", "--tolerance", "0.5"]) == 0
    out, err = capsys.readouterr()
    assert err == "The curve is drawn in curve.svg.\n"
    assert "Curve in runs" in out
    assert "from 90 % to 85 % costs" in (tmp_path / "curve.svg").read_text("utf-8")


FRONTIER = ["frontier", "ask.toml", "--of", "cost", "--of", "carbon", "--points", "4"]


def test_stored_curve_is_drawn_as_it_was_when_it_was_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    monkeypatch.chdir(tmp_path)
    tiny_case(tmp_path, carbon={"A": 5, "B": 20})
    write_question(tmp_path, SHARE)
    for words, name in ((["target", "ask.toml", "--limit", "one-country"], "curve"), (FRONTIER, "frontier")):
        assert main([*words, "--chart", "fresh.svg"]) == 0
        assert main(["chart", "latest", "curve"]) == 0
        assert capsys.readouterr().out.endswith("Picture in curve.svg\n")
        assert (tmp_path / "curve.svg").read_bytes() == (tmp_path / "fresh.svg").read_bytes(), name
    (folder,) = (tmp_path / "runs").glob("*-frontier")
    assert main(["chart", folder.name, "curve", "--out", "again.svg"]) == 0
    assert (tmp_path / "again.svg").read_bytes() == (tmp_path / "fresh.svg").read_bytes()


def test_what_holds_no_curve_is_refused_with_its_repair(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    monkeypatch.chdir(tmp_path)
    tiny_case(tmp_path, carbon={"A": 5, "B": 20})
    run.optimize(write_question(tmp_path), out=tmp_path / "runs" / "it")
    assert main([*FRONTIER, "--out", "runs/front"]) == 0
    (tmp_path / "runs" / "front" / "frontier.csv").unlink()
    capsys.readouterr()
    for words, code, said in [
        (["it", "curve"], 3, "this is a plan, and holds no curve"),
        (["runs/it", "curve", "--json"], 3, "PLAN-007"),
        (["front", "curve"], 3, "the curve cannot be read"),
        (["front", "mix"], 3, "this is a frontier, with a plan at each of its points"),
        (["nothing", "curve"], 3, "no plan of this name"),
        (["front", "curve", "--material", "oxide"], 2, "leave --material out"),
    ]:
        assert main(["chart", *words]) == code
        out, err = capsys.readouterr()
        assert said in out + err
    monkeypatch.chdir(tmp_path / "tiny")
    assert main(["chart", "latest", "curve"]) == 3
    assert "no curve in" in capsys.readouterr().err


def test_frontier_is_drawn_from_its_tables_and_says_what_they_say(tmp_path: Path) -> None:
    tiny_case(tmp_path, carbon={"A": 5, "B": 20})
    found = run.frontier(write_question(tmp_path), Trade(("cost", "carbon"), 4))
    picture, table = frontier(found), found.tables["frontier"]
    assert picture.title in frontier_words.finding(found)
    assert money(table["cost"].iloc[-1] - table["cost"].iloc[0]) in " ".join((picture.title, *picture.said))
    rows = rows_of(specification(picture))
    points = pd.DataFrame([row for row in rows if "rim" in row])
    assert list(points["x"]) == pytest.approx(list(table["carbon"]))
    assert list(points["y"] * 1e6) == pytest.approx(list(table["cost"]))
    area = pd.DataFrame([row for row in rows if "lower" in row])
    assert list(area["lower"] * 1e6) == pytest.approx(list(found.tables["band"]["lower"]))
    for row in table.itertuples():
        said = f"{row.point} · {money(row.cost)}"
        assert any(str(one.get("words", "")).startswith(said) for one in rows)
    assert list(picture.table["Cost"]) == [money(each) for each in table["cost"]]
    assert not picture.alarm
    assert set(points["rim"]) == {PAPER}
    assert "2 lanes" in picture.notes[-1]


def test_frontier_that_leaves_somebody_short_says_so_first(tmp_path: Path) -> None:
    tiny_case(tmp_path, carbon={"A": 5, "B": 20}, offers={1: {"capacity": 30}})
    found = run.frontier(write_question(tmp_path), Trade(("shortage", "carbon"), 3))
    picture, table = frontier(found), found.tables["frontier"]
    assert table["short"].min() > 1
    low, high = (tonnes(end) for end in (table["short"].min(), table["short"].max()))
    assert picture.alarm == f"Short: {low} to {high}, by the point"
    assert picture.headline == picture.alarm
    points = pd.DataFrame([row for row in rows_of(specification(picture)) if "rim" in row])
    assert set(points["rim"]) == {ALARM}
    assert set(points["fill"]) == {PAPER}
    assert list(picture.table["Short"]) == [tonnes(each) for each in table["short"]]
    refused = frontier(replace(found, manifest={**found.manifest, "findings": ["balance: 1 t is missing"]}))
    assert refused.headline == "The audit does not agree with these plans"


def test_half_a_picture_leaves_the_older_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old = tmp_path / "it.svg"
    old.write_text("old", "utf-8")

    def write_half(path: Path, content: bytes) -> None:
        with path.open("wb") as file:
            file.write(content[:1])
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(type(old), "write_bytes", write_half)
    with pytest.raises(SolverError, match="No space left"):
        files.put(old, b"new")
    assert old.read_text("utf-8") == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["it.svg"]


def test_without_the_packages_it_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "find_spec", lambda name: None)
    with pytest.raises(QuestionError) as caught:
        files.refuse_picture(tmp_path / "it.svg")
    (fault,) = caught.value.faults
    assert fault.code == "QUESTION-218"
    assert "pip install 'sourcing[charts]'" in fault.repair


def test_plan_with_nothing_in_it_is_refused(tmp_path: Path) -> None:
    plan = tiny(tmp_path, stocks={0: {"opening": 500}})
    for kind in set(KINDS) - {"stock"}:  # all of it lies in stock
        with pytest.raises(QuestionError) as caught:
            draw(plan, kind)
        assert caught.value.faults[0].code == "PLAN-006"
