"""Arrow timestamps as the texts that PostgreSQL reads, from tables of digits: Arrow itself takes 1 µs for each."""

from __future__ import annotations

from functools import cache

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

Digits = npt.NDArray[np.uint8]

DAY_US = 86_400_000_000
LENGTH = 26  # 2024-02-29 12:30:00.000001
MOST_DAYS = 200_000  # of the table of dates; it takes 2 MB


def printed(values: pa.TimestampArray) -> pa.StringArray | None:
    """The texts of timestamps in microseconds of the years 1 to 9999, in UTC where they have a zone; NULL stays NULL.

    None where the values span so many years that the tables would not pay.
    """
    count = len(values)
    numbers = values.cast(pa.int64())
    # What is written where a value is NULL is read by nobody.
    instants = np.asarray(numbers.fill_null(pc.min(numbers).as_py() or 0))
    days = np.floor_divide(instants, DAY_US)
    if not count or (span := int(days.max()) - (first := int(days.min()))) > MOST_DAYS:
        return None
    micros = instants - days * DAY_US
    seconds, fraction = np.divmod(micros, 1_000_000)
    thousands, ones = np.divmod(fraction, 1000)
    text = np.empty((count, LENGTH + (3 if values.type.tz else 0)), dtype=np.uint8)
    text[:, 0:10] = _dates(first, span + 1)[days - first]
    text[:, 10] = ord(" ")
    text[:, 11:19] = _times()[seconds]
    text[:, 19] = ord(".")
    text[:, 20:23] = _thousand()[thousands]
    text[:, 23:26] = _thousand()[ones]
    if values.type.tz:
        text[:, 26:29] = np.frombuffer(b"+00", dtype=np.uint8)
    offsets = np.arange(0, (count + 1) * text.shape[1], text.shape[1], dtype=np.int32)
    valid = pa.array(np.asarray(values.is_valid())).buffers()[1] if values.null_count else None
    return pa.Array.from_buffers(
        pa.string(), count, [valid, pa.py_buffer(offsets), pa.py_buffer(text)], values.null_count
    )


@cache
def _times() -> Digits:
    seconds = np.arange(86_400)
    table = np.full((86_400, 8), ord(":"), dtype=np.uint8)
    for place, number in ((0, seconds // 3600), (3, seconds // 60 % 60), (6, seconds % 60)):
        table[:, place] = number // 10 + ord("0")
        table[:, place + 1] = number % 10 + ord("0")
    return table


@cache
def _thousand() -> Digits:
    numbers = np.arange(1000)
    return (np.stack([numbers // 100, numbers // 10 % 10, numbers % 10], axis=1) + ord("0")).astype(np.uint8)


def _dates(first: int, count: int) -> Digits:
    days = np.arange(first, first + count).astype("datetime64[D]")
    return np.char.encode(np.datetime_as_string(days)).view(np.uint8).reshape(count, 10)
