"""Placeholder until the transforms are written: replace this whole file."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import pyarrow as pa

from server.sync.model import Column


@dataclass(frozen=True, slots=True)
class Transforms:
    """Nothing yet."""

    def names(self, names: Iterable[str]) -> dict[str, str]:
        return {name: name for name in names}


@dataclass(frozen=True)
class Applied:
    rows: pa.RecordBatch
    rejected: tuple = ()


class Compiled:
    def __init__(self, columns: Sequence[Column]) -> None:
        self.columns = tuple(columns)
        self.names = {c.name: c.name for c in columns}
        self.only_selects_and_renames = True

    def apply(self, batch):
        return Applied(batch)

    def apply_to_key(self, batch):
        return batch

    def close(self):
        pass


def compile_transforms(transforms, columns, secret):
    return Compiled(columns)
