"""Print how long a case with one large table takes to read, and the most memory that needs.

``python benchmarks/reading.py 10 60 200`` reads offers.csv of 10, 60 and 200 MB, each in a process of its own.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROW = "O{0},Supplier of the north,S{1},oxide,{2}.25,{3},45,2027-01-01,2031-01-01,estimate,quoted on the telephone\n"
SMALL = {
    "materials": "material,name,stage\noxide,Dy oxide,oxide\n",
    "sites": "site,country\n" + "".join(f"S{number},AUS\n" for number in range(100)),
    "demand": "site,material,period,quantity\nS0,oxide,2027,10\n",
}


def write(folder: Path, megabytes: int, wrong: bool) -> int:
    """Write the case and return its number of offers; ``wrong`` makes every price a fault."""
    for name, text in SMALL.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    rows = 0
    with (folder / "offers.csv").open("w", encoding="utf-8") as file:
        size = file.write("offer,supplier,site,material,price,capacity,lead_days,start,end,confidence,note\n")
        while size < megabytes * 1_000_000:
            size += file.write(ROW.format(rows, rows % 100, "x" if wrong else rows % 1000, rows % 77))
            rows += 1
    return rows


def read(folder: str) -> None:
    """Read the case and print what came of it, the seconds and the most memory."""
    from sourcing.errors import DataError
    from sourcing.tables import read_case

    start = time.perf_counter()
    try:
        said = f"{len(read_case(folder)['offers']):,} offers"
    except DataError as error:
        said = f"{len(error.faults):,} faults, first: {error.faults[0]}"
    seconds, memory = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    sys.stdout.write(f"{seconds:6.1f} s  {memory:5.2f} GB  {said}\n")


def main(sizes: list[int]) -> None:
    """Write and read a case of each size, sound and with every price wrong."""
    for megabytes in sizes:
        for wrong in (False, True):
            with tempfile.TemporaryDirectory() as folder:
                rows = write(Path(folder), megabytes, wrong)
                sys.stdout.write(f"{megabytes:4} MB  {rows:9,} rows  ")
                sys.stdout.flush()
                subprocess.run([sys.executable, __file__, "--read", folder], check=True)


if __name__ == "__main__":
    read(sys.argv[2]) if sys.argv[1:2] == ["--read"] else main([int(size) for size in sys.argv[1:]] or [10, 60, 200])
