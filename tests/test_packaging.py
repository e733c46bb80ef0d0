"""What is shipped: one top-level package with its questions, cases and documents, and a command that runs anywhere."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
LEFT_OUT = shutil.ignore_patterns(
    *(".git", ".venv", "build", "dist", "runs", "__pycache__", ".pytest_cache", ".hypothesis"),
    *(".mypy_cache", ".ruff_cache", ".import_linter_cache"),
)
BUNDLED = ("models", "data", "docs")


def run(*words: str | Path, cwd: Path, **environment: str) -> str:
    """Run a command, without the checkout on the path, and return its output."""
    inherited = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    done = subprocess.run(
        [str(word) for word in words],
        check=False,
        capture_output=True,
        encoding="utf-8",
        cwd=cwd,
        env={**inherited, **environment},
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of the checkout as a clone would have it."""
    folder = tmp_path_factory.mktemp("clone") / "checkout"
    shutil.copytree(ROOT, folder, ignore=LEFT_OUT)
    return folder


@pytest.fixture(scope="module")
def built(checkout: Path) -> Path:
    """Return the folder with the sdist, and the wheel that was built from it."""
    run(sys.executable, "-m", "build", "--no-isolation", checkout, "--outdir", checkout / "dist", cwd=checkout.parent)
    return checkout / "dist"


@pytest.fixture(scope="module")
def wheel(built: Path) -> Path:
    (path,) = built.glob("*.whl")
    return path


def names(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


def environment(folder: Path) -> Path:
    """Make a fresh environment that sees this one's packages, but not this one's ``sourcing``; return its Python."""
    venv.create(folder, with_pip=False, symlinks=os.name != "nt")
    python = folder / ("Scripts" if os.name == "nt" else "bin") / Path(sys.executable).name
    python = python if python.exists() else python.with_name("python")
    site = Path(run(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))", cwd=folder).strip())
    borrowed = folder / "borrowed"
    borrowed.mkdir()
    for package in Path(sysconfig.get_path("purelib")).iterdir():
        if "sourcing" not in package.name and package.suffix != ".pth":
            (borrowed / package.name).symlink_to(package)
    (site / "borrowed.pth").write_text(f"{borrowed}\n", "utf-8")
    return python


def install(python: Path, *what: str | Path) -> None:
    flags = ["--quiet", "--no-deps", "--no-index", "--no-build-isolation", "--disable-pip-version-check"]
    run(python, "-m", "pip", "install", *flags, *what, cwd=python.parent)


def test_wheel_holds_one_top_level_package(wheel: Path) -> None:
    tops = {name.split("/")[0] for name in names(wheel)}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"sourcing"}
    assert len(tops) == 2


@pytest.mark.parametrize("folder", BUNDLED)
def test_wheel_holds_every_file_of_the_bundled_folders(wheel: Path, folder: str) -> None:
    files = [path for path in (ROOT / folder).rglob("*") if path.is_file()]
    assert files, f"{folder}/ is empty"
    missing = {f"sourcing/_bundled/{path.relative_to(ROOT).as_posix()}" for path in files} - names(wheel)
    assert missing == set()


def test_wheel_holds_every_module_and_data_file_of_the_package(wheel: Path) -> None:
    files = [path for path in (ROOT / "sourcing").rglob("*") if path.is_file() and "__pycache__" not in path.parts]
    assert {path.relative_to(ROOT).as_posix() for path in files} - names(wheel) == set()


def test_wheel_from_the_checkout_equals_the_wheel_from_the_sdist(checkout: Path, wheel: Path, tmp_path: Path) -> None:
    run(sys.executable, "-m", "build", "--no-isolation", "--wheel", checkout, "--outdir", tmp_path, cwd=tmp_path)
    (direct,) = tmp_path.glob("*.whl")
    assert names(direct) == names(wheel)


def test_sdist_holds_the_licence_and_the_tests(built: Path) -> None:
    (sdist,) = built.glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        inside = {name.split("/", 1)[-1] for name in archive.getnames()}
    assert {
        "LICENSE",
        "README.md",
        "SECURITY.md",
        "hashes.txt",
        "CHANGELOG.md",
        "cli.py",
        "tests/test_packaging.py",
    } <= inside


def test_installed_wheel_runs_from_another_folder(wheel: Path, tmp_path: Path) -> None:
    python = environment(tmp_path / "fresh")
    install(python, wheel)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    assert "optimize" in run(python.with_name("sourcing"), "--help", cwd=elsewhere)
    topics = run(python.with_name("sourcing"), "docs", cwd=elsewhere)
    assert all(page.stem in topics for page in (ROOT / "docs").glob("*.md"))
    code = "import sourcing.resources as r; print(*r.model_names(), *r.case_names(), r.__file__)"
    found = run(python, "-c", code, cwd=elsewhere)
    assert all(model.stem in found for model in (ROOT / "models").glob("*.toml"))
    assert str(tmp_path / "fresh") in found


def test_editable_install_runs_from_another_folder(checkout: Path, tmp_path: Path) -> None:
    python = environment(tmp_path / "fresh")
    install(python, "--editable", checkout)
    assert "optimize" in run(python.with_name("sourcing"), "--help", cwd=tmp_path)
    assert str(checkout) in run(python, "-c", "import sourcing; print(sourcing.__file__)", cwd=tmp_path)


def test_launcher_is_the_command_line(checkout: Path, tmp_path: Path) -> None:
    assert "optimize" in run(sys.executable, checkout / "cli.py", "--help", cwd=tmp_path)


def test_tracked_settings_name_no_package_index() -> None:
    files = ["constraints.txt", "pyproject.toml", "Makefile", ".ci/run", ".pre-commit-config.yaml"]
    for name in files:
        text = (ROOT / name).read_text("utf-8")
        assert "://" not in text, name
        assert "--index" not in text, name
