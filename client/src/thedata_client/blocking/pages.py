"""Made of the asyncio client by tools/client_code.py: DO NOT EDIT.

Lists that come in pages."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from google.protobuf.message import Message

if TYPE_CHECKING:
    from thedata_client.blocking.core import Core
    from thedata_client.method import Method

Page = TypeVar("Page", bound=Message)
Item = TypeVar("Item")


class Pages(Generic[Page, Item]):
    """The items of a list, page by page as they are asked for.

    Iterate over it for the items, or over `pages()` for the answers as they are. Each iteration asks anew. Iterating
    raises as a call does.
    """

    def __init__(
        self,
        core: Core,
        method: Method[Any, Page],
        request: Any,
        items: Callable[[Page], Iterable[Item]],
        timeout: float | None,
    ) -> None:
        self._core = core
        self._method = method
        self._request = request
        self._items = items
        self._timeout = timeout

    def pages(self) -> Iterator[Page]:
        """The answers, each with up to `page_size` items."""
        request = type(self._request).FromString(self._request.SerializeToString())
        while True:
            page: Any = self._core.unary(self._method, request, self._timeout)
            yield page
            request.page_token = page.next_page_token
            if not request.page_token:
                return

    def __iter__(self) -> Iterator[Item]:
        for page in self.pages():
            for item in self._items(page):
                yield item

    def all(self) -> list[Item]:
        """Every item."""
        return [item for item in self]

    def first(self) -> Item | None:
        """The first item; None: the list is empty."""
        for item in self:
            return item
        return None
