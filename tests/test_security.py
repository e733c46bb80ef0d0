"""What SECURITY.md says is so: nothing here reaches for a network or runs what data say, and the lists are complete."""

from __future__ import annotations

import ast
import importlib.util
import json
import re
from importlib.metadata import metadata
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import ModuleType

ROOT = Path(__file__).resolve().parent.parent
PAGE = (ROOT / "SECURITY.md").read_text("utf-8")
NETWORK = {
    "socket",
    "ssl",
    "urllib",
    "http",
    "ftplib",
    "smtplib",
    "xmlrpc",
    "asyncio",
    "requests",
    "httpx",
    "webbrowser",
}
CODE = {"pickle", "marshal", "shelve", "code", "codeop", "runpy", "subprocess", "multiprocessing"}
CALLS = {"eval", "exec", "compile", "__import__", "system", "popen", "execv", "execve", "spawnv", "posix_spawn", "fork"}


def imported(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (name.name.partition(".")[0] for name in node.names)
        if isinstance(node, ast.ImportFrom) and not node.level:
            yield str(node.module).partition(".")[0]


def called(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            yield node.func.id
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and isinstance(node.func.value, ast.Name)
        ):
            yield node.func.attr if node.func.value.id in {"os", "builtins"} else ""


def broken_promises(source: str) -> set[str]:
    tree = ast.parse(source)
    return (set(imported(tree)) & (NETWORK | CODE)) | (set(called(tree)) & CALLS)


def test_package_when_read_then_no_module_connects_runs_text_or_starts_a_program() -> None:
    package = ROOT / "sourcing"
    found = {str(file.relative_to(package)): broken_promises(file.read_text("utf-8")) for file in package.rglob("*.py")}
    assert len(found) > 100
    assert {name: words for name, words in found.items() if words} == {str(Path("engine", "basis.py")): {"subprocess"}}
    assert '[sys.executable, "-P", "-m", "sourcing.engine.clp", str(os.getpid())]' in (
        package / "engine" / "basis.py"
    ).read_text("utf-8")


@pytest.mark.parametrize(
    "source",
    ["import socket", "from urllib.request import urlopen", "def f(): import pickle", "eval('1')", "os.system(x)"],
)
def test_module_when_it_breaks_a_promise_then_that_is_seen(source: str) -> None:
    assert broken_promises(source)


@pytest.fixture(scope="module")
def hashes() -> ModuleType:
    spec = importlib.util.spec_from_file_location("hashes", ROOT / ".ci" / "hashes.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def named(archive: str) -> tuple[str, str]:
    name, version = archive.split("-")[:2]
    return name.replace("_", "-").lower(), version


def test_hashes_when_listed_then_each_is_of_the_pinned_version_and_has_its_licence_told(hashes: ModuleType) -> None:
    rows = (ROOT / "constraints.txt").read_text("utf-8").replace("_", "-").lower().split()
    pins = dict(row.split("==") for row in rows if "==" in row)
    licences = dict(re.findall(r"^\| ([a-z0-9-]+) \| ([^|]+) \|$", PAGE, re.MULTILINE))
    archives = hashes.listed()
    assert len(archives) >= 25
    assert all(re.fullmatch("[0-9a-f]{64}", value) for value in archives.values())
    for name, version in map(named, archives):
        assert pins[name] == version
        assert name in licences
    for name in set(licences) - {"package"}:
        told = metadata(name)
        fields = [str(told.get("License-Expression")), str(told.get("License")), *(told.get_all("Classifier") or [])]
        said = " ".join(fields)
        assert licences[name] in said, name


def report(folder: Path, **archives: str) -> str:
    """Write what pip reports of archives, each with its hash, and return the file's path."""
    entries = [
        {"download_info": {"url": f"file:///x/{name}.whl", "archive_info": {"hashes": {"sha256": value}}}}
        for name, value in archives.items()
    ]
    own = {"download_info": {"url": "file:///x/project", "dir_info": {}}}
    (folder / "report.json").write_text(json.dumps({"install": [*entries, own]}))
    return str(folder / "report.json")


def test_archives_when_compared_then_another_hash_is_an_error_and_another_name_is_told(
    hashes: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(hashes, "LIST", tmp_path / "hashes.txt")
    monkeypatch.setattr(hashes.listed, "__defaults__", (tmp_path / "hashes.txt",))
    assert hashes.main([report(tmp_path, a="1" * 64), "--write"]) == 0
    assert hashes.main([report(tmp_path, b="2" * 64), "--write"]) == 0
    assert hashes.main([report(tmp_path, a="1" * 64, b="2" * 64)]) == 0
    assert hashes.main([report(tmp_path, a="1" * 64, c="3" * 64)]) == 0
    assert "Not tested: c.whl" in capsys.readouterr().out
    assert hashes.main([report(tmp_path, a="1" * 64, b="4" * 64)]) == 1
    assert "1 archives are those that were tested.\nNOT THE SAME as was tested: b.whl" in capsys.readouterr().out


def test_page_when_it_links_then_to_files_that_are_there() -> None:
    links = re.findall(r"\]\(([^)]+)\)", PAGE)
    assert links
    assert all((ROOT / link).is_file() for link in links)
