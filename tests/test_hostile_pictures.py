"""Pictures of names that are markup: every kind holds them as text, and a page runs its own script alone."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

import pytest

from sourcing import run
from sourcing.charts.markup import data_block, escaped, fingerprint
from sourcing.charts.page import table
from sourcing.charts.pictures import KINDS, draw
from sourcing.charts.save import rendered
from sourcing.charts.theme import specification
from sourcing.run import Sweep, Trade
from sourcing.studies.frontier.chart import draw as frontier
from sourcing.studies.target.chart import draw as curve
from tests.builders import tiny_case, write_question

if TYPE_CHECKING:
    import pandas as pd

    from sourcing.charts.theme import Picture

REGRESSION = Path(__file__).parent / "regressions" / "xss-chart"
IMAGE = "</SCRIPT><img src=x onerror=alert(1)>"
DRAWN = "--></sCript ><svg/onload=alert(2)>"
QUOTED = "\"' autofocus onfocus=alert(3) x='"
DATA = "]]></script ><!--<script>alert(4)"
LINK = "</title><a href=javascript:alert(5)>\\u003c"
EXPRESSION = '"]; alert(6); [" ${alert(7)} &lt;b&gt;'
HTML = {*("html", "head", "meta", "title", "style", "body", "main", "figure", "desc", "script")} | {
    *("table", "caption", "thead", "tbody", "tr", "th", "td")
}
SVG = {*("svg", "g", "path", "rect", "line", "text", "tspan", "defs", "clipPath", "circle", "title", "desc")}


class Elements(HTMLParser):
    """Read the elements of a page with their attributes, and the text inside scripts."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.scripts: list[str] = []
        self.text: list[str] = []
        self.others: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))
        if tag == "script":
            self.scripts.append("")

    def handle_data(self, data: str) -> None:
        if self.cdata_elem == "script":
            self.scripts[-1] += data
        else:
            self.text.append(data)

    def handle_comment(self, data: str) -> None:
        self.others.append(data)

    def unknown_decl(self, data: str) -> None:
        self.others.append(data)


def hostile(tmp_path: Path, **changes: Any) -> Path:
    """Write the tiny case with names of markup; return its question."""
    tiny_case(
        tmp_path,
        materials={"oxide": {"name": DRAWN}},
        contents=[{"material": "oxide", "element": IMAGE, "share": 1}],
        sites={"NEAR": {"name": QUOTED, "owner": LINK}, "PLANT": {"name": EXPRESSION}},
        supplier={"A": DATA},
        carbon={"A": 5, "B": 20},
        **changes,
    )
    limit = f"[[limits]]\nlimit = {json.dumps(IMAGE)}\nmeasure = 'share'\nby = 'country'\nvalue = 0.6\n"
    file = write_question(tmp_path, limit + "material = 'oxide'\nfrom = '2028-01-01'\n")
    said = re.sub("^question = .*$", lambda _: f"question = {json.dumps(DATA)}", file.read_text("utf-8"), flags=re.M)
    file.write_text(said, "utf-8")
    return file


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Picture]:
    """Return every kind of picture of a case whose names are markup."""
    question = hostile(tmp_path_factory.mktemp("hostile"))
    plan = run.optimize(question)
    found = {kind: draw(plan, kind) for kind in KINDS}
    found["curve"] = curve(run.target(question, Sweep(IMAGE, None, None, 0.05)))
    found["frontier"] = frontier(run.frontier(question, Trade(("cost", "carbon"), 2)))
    return found


ALL = (*KINDS, "curve", "frontier")


@pytest.mark.parametrize("kind", ALL)
def test_page_has_its_own_elements_alone_when_names_are_markup(pictures: dict[str, Picture], kind: str) -> None:
    picture = pictures[kind]
    text = rendered(picture, ".html").decode()
    page = Elements(text)
    assert {tag for tag, _ in page.found} <= HTML | {tag.lower() for tag in SVG}
    names = {name for _, attrs in page.found for name in attrs}
    assert not {name for name in names if name.startswith("on") or "href" in name or name in {"src", "autofocus"}}
    assert page.others == []
    assert sum(tag == "td" for tag, _ in page.found) == picture.table.size
    assert [attrs for tag, attrs in page.found if tag == "script"] == [
        {"type": "application/json", "id": "drawn"},
        {"type": "module"},
    ]
    assert json.loads(page.scripts[0]) == json.loads(json.dumps(specification(picture)))
    assert text.lower().count("</script") == 2


@pytest.mark.parametrize("kind", ALL)
def test_drawing_is_whole_xml_without_script_when_names_are_markup(pictures: dict[str, Picture], kind: str) -> None:
    drawing = ElementTree.fromstring(rendered(pictures[kind], ".svg"))
    found = [(element.tag.partition("}")[2], set(element.attrib)) for element in drawing.iter()]
    assert {tag for tag, _ in found} <= SVG
    assert not {name for _, names in found for name in names if name.startswith("on") or "href" in name}
    assert drawing.attrib["aria-label"] == pictures[kind].headline


def test_names_of_markup_are_shown_as_they_are(pictures: dict[str, Picture]) -> None:
    said = {kind: "".join(Elements(rendered(pictures[kind], ".html").decode()).text) for kind in ALL}
    assert IMAGE in said["mix"]
    assert IMAGE in said["concentration"]
    assert IMAGE in said["curve"]
    assert DATA in said["mix"]


def test_policy_allows_the_one_script_by_its_own_hash(pictures: dict[str, Picture]) -> None:
    policies, scripts = set(), set()
    for kind in ("mix", "cost"):
        page = Elements(rendered(pictures[kind], ".html").decode())
        policies.add(next(attrs["content"] or "" for tag, attrs in page.found if "http-equiv" in attrs))
        scripts.add(page.scripts[1])
    (policy,), (script,) = policies, scripts
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert f"script-src 'sha256-{digest}';" in policy
    assert policy.count("unsafe") == 1
    assert "style-src 'unsafe-inline'" in policy
    assert "ast: true" in script or "ast:true" in script


def test_fault_of_a_live_name_is_dead_in_its_own_case() -> None:
    plan = run.optimize(REGRESSION / "question.toml")
    for kind in KINDS:
        page = Elements(rendered(draw(plan, kind), ".html").decode())
        assert not [tag for tag, _ in page.found if tag in {"img", "a", "iframe", "object"}]
        assert len(page.scripts) == 2


@pytest.mark.parametrize("text", ["\x1b]8;;x\x07", "\x00", "a\u202eb", "\ud800", "\x85\ufffe", "<\x0c/script>"])
def test_character_that_markup_cannot_hold_is_replaced(pictures: dict[str, Picture], text: str) -> None:
    picture = replace(pictures["cost"], title=f"It costs {text} much", alarm="", notes=(text,))
    drawing = ElementTree.fromstring(rendered(picture, ".svg"))
    shown = re.sub(r"[^\S ]", "", drawing.attrib["aria-label"])
    assert "\ufffd" in shown or "/script" in shown
    page = Elements(rendered(picture, ".html").decode())
    assert len(page.scripts) == 2
    assert "\ufffd" in page.scripts[0]


def test_table_of_a_page_escapes_heads_and_cells(pictures: dict[str, Picture]) -> None:
    rows: pd.DataFrame = pictures["cost"].table.rename(columns=lambda name: f"{name}{QUOTED}{IMAGE}")
    tags = {tag for tag, _ in Elements(table(rows)).found}
    assert tags == {"table", "caption", "thead", "tbody", "tr", "th", "td"}


@pytest.mark.parametrize("text", [IMAGE, DRAWN, DATA, "\u2028\u2029&<>"])
def test_block_of_data_has_no_sign_that_ends_it(text: str) -> None:
    block = data_block({text: [text]})
    assert not set(block) & set("<>&\u2028\u2029")
    assert json.loads(block) == {text: [text]}
    assert not set(escaped(text)) & set("<>\"'")


@pytest.mark.parametrize("script", ["</SCRIPT >", "x='<!--'", "'<Script'", "a\rb"])
def test_script_that_a_page_would_read_otherwise_is_refused(script: str) -> None:
    with pytest.raises(ValueError, match="a script has"):
        fingerprint(script)
