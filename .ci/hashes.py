"""Compare the archives that pip would install with those that were tested, by their SHA-256.

    python .ci/hashes.py REPORT          REPORT is what pip install --dry-run --ignore-installed --report wrote
    python .ci/hashes.py REPORT --write  list them in hashes.txt, beside those of other platforms

Ends with 1 if an archive of a listed name has another hash. An archive that is not listed, as of another platform, is
named and not judged.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from urllib.parse import unquote

LIST = Path(__file__).resolve().parent.parent / "hashes.txt"
HEAD = "# SHA-256 of the archives that the checks were last run with: make verify compares what pip would install.\n"


def served(report: Path) -> dict[str, str]:
    """Return archive -> hash of what a report of pip says it would install; the project itself has none."""
    found = {}
    for entry in json.loads(report.read_text("utf-8"))["install"]:
        download = entry["download_info"]
        value = download.get("archive_info", {}).get("hashes", {}).get("sha256")
        if value:
            found[unquote(download["url"].rpartition("/")[2])] = value
    return found


def listed(path: Path = LIST) -> dict[str, str]:
    """Return archive -> hash of those that were tested."""
    rows = path.read_text("utf-8").splitlines() if path.is_file() else []
    return {name: value for value, name in (row.split() for row in rows if row and not row.startswith("#"))}


def main(words: list[str]) -> int:
    """Compare, or write; return the exit code."""
    now, known = served(Path(words[0])), listed()
    if "--write" in words:
        rows = sorted(f"{value}  {name}\n" for name, value in (known | now).items())
        LIST.write_text(HEAD + "".join(sorted(rows, key=lambda row: row.split()[1])), "utf-8")
        return 0
    other = sorted(name for name, value in now.items() if known.get(name, value) != value)
    unknown = sorted(set(now) - set(known))
    sys.stdout.write(f"{len(now) - len(other) - len(unknown)} archives are those that were tested.\n")
    sys.stdout.writelines(f"Not tested: {name}\n" for name in unknown)
    sys.stdout.writelines(f"NOT THE SAME as was tested: {name}\n" for name in other)
    return 1 if other else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
