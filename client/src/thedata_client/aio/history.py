"""Questions about tables in the analytics store, and their answers as rows and data frames."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from thedata_client import methods, types
from thedata_client.requests import request_of
from thedata_client.rows import arrow_of, row_of

if TYPE_CHECKING:
    import pandas
    import polars
    import pyarrow

    from thedata_client.aio.core import AsyncCore


class AsyncHistory:
    """A question about a table.

    Iterate over it for its rows, as mappings of Python's own values; each iteration asks anew, and raises as a
    call does.
    """

    def __init__(
        self, core: AsyncCore, fields: Mapping[str, Any], page_size: int | None, timeout: float | None
    ) -> None:
        self._core = core
        self._fields = dict(fields)
        self._page_size = page_size
        self._timeout = timeout

    async def pages(self) -> AsyncIterator[types.GetHistoricalDataResponse]:
        """The answers as they are, page by page."""
        request = request_of(
            types.GetHistoricalDataRequest, self._core.organization, page_size=self._page_size, **self._fields
        )
        while True:
            page = await self._core.unary(methods.GET_HISTORICAL_DATA, request, self._timeout)
            yield page
            request.page_token = page.next_page_token
            if not request.page_token:
                return

    async def __aiter__(self) -> AsyncIterator[dict[str, Any]]:
        async for page in self.pages():
            for row in page.rows:
                yield row_of(page.result_columns, row)

    async def all(self) -> list[dict[str, Any]]:
        """Every row."""
        return [row async for row in self]

    async def export(self, format: types.ExportFormat.ValueType | str = "ndjson") -> AsyncIterator[bytes]:
        """Every row as a file, piece by piece: `ndjson`, `csv` or `arrow`."""
        request = request_of(types.ExportHistoricalDataRequest, self._core.organization, format=format, **self._fields)
        async for piece in self._core.receive(methods.EXPORT_HISTORICAL_DATA, request, self._timeout):
            yield piece.data

    async def save(self, path: str | Path, format: types.ExportFormat.ValueType | str = "ndjson") -> int:
        """Writes every row into a file; returns its size in bytes."""
        size = 0
        with Path(path).open("wb") as file:
            async for piece in self.export(format):
                size += file.write(piece)
        return size

    async def arrow(self) -> pyarrow.Table:
        """Every row as an Arrow table, with the store's own types. Needs the extra `arrow`."""
        return arrow_of([piece async for piece in self.export("arrow")])

    async def polars(self) -> polars.DataFrame:
        """Every row as a Polars data frame. Needs the extra `polars`."""
        import polars

        frame = polars.from_arrow(await self.arrow())
        assert isinstance(frame, polars.DataFrame)
        return frame

    async def pandas(self) -> pandas.DataFrame:
        """Every row as a pandas data frame. Needs the extra `pandas`."""
        return (await self.arrow()).to_pandas()
