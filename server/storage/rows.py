"""What every feature's table needs: get, insert, update with an etag, delete, and keyset pages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, fields
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, Table, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from server.errors import AlreadyExists, EtagMismatch, Failure, InUse, InvalidPageToken, NotFound
from server.paging import Page, PageRequest
from server.scope import Scope
from server.storage.session import violated_constraint

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

M = TypeVar("M", bound="DataclassInstance")


class Rows(Generic[M]):
    """The rows of one table as frozen dataclasses whose fields are columns, filtered by the scope."""

    table: ClassVar[Table]
    model: type[M]
    resource: ClassVar[str]
    newest_first: ClassVar[bool] = True
    unique: ClassVar[Mapping[str, str]] = {}
    """Unique constraints by name, with the field that a caller must change."""

    def __init__(self, connection: AsyncConnection, scope: Scope) -> None:
        self._connection = connection
        self._scope = scope
        self._columns = [self.table.c[field.name] for field in fields(self.model) if field.name in self.table.c]

    async def find(self, key: UUID, *, lock: bool = False) -> M | None:
        """Gets a row, or None; with `lock` no other transaction changes it until this one ends."""
        statement = select(*self._columns).where(self.table.c.id == key, self.visible())
        if lock:
            statement = statement.with_for_update()
        row = (await self._connection.execute(statement)).mappings().one_or_none()
        return self.model(**row) if row else None

    async def get(self, key: UUID, *, lock: bool = False) -> M:
        """Gets a row.

        Raises:
            NotFound: there is none in this scope.
        """
        row = await self.find(key, lock=lock)
        if row is None:
            raise NotFound(self.resource, key)
        return row

    async def insert(self, item: M) -> M:
        """Inserts a row and returns it as stored.

        Raises:
            AlreadyExists: another row has one of its unique values.
        """
        values = {name: value for name, value in asdict(item).items() if name in self.table.c}
        return await self._returned(insert(self.table).values(**values).returning(*self._columns))

    async def update(self, key: UUID, values: Mapping[str, Any], *, etag: str = "") -> M:
        """Changes columns of a row, raising its version.

        Raises:
            NotFound: there is none in this scope.
            EtagMismatch: an etag is given and is not the row's.
            AlreadyExists: another row has one of the unique values.
        """
        current = await self.get(key, lock=True)
        version = getattr(current, "version", None)
        if etag and etag != f'"{version}"':
            raise EtagMismatch(f'"{version}"')
        changed = {name: value for name, value in values.items() if getattr(current, name) != value}
        if not changed:
            return current
        if "version" in self.table.c:
            changed |= {"version": self.table.c.version + 1, "updated_at": func.now()}
        statement = update(self.table).where(self.table.c.id == key).values(**changed).returning(*self._columns)
        return await self._returned(statement)

    async def delete(self, key: UUID, *, etag: str = "") -> None:
        """Deletes a row.

        Raises:
            NotFound: there is none in this scope.
            EtagMismatch: an etag is given and is not the row's.
            InUse: other rows refer to it.
        """
        await self.update(key, {}, etag=etag)
        try:
            await self._connection.execute(delete(self.table).where(self.table.c.id == key))
        except IntegrityError as error:
            raise self._told(error) from error

    async def page(self, request: PageRequest, *where: ColumnElement[bool]) -> Page[M]:
        """Gets a page in the order of ids, which is the order of creation."""
        key = self.table.c.id
        statement = select(*self._columns).where(self.visible(), *where).limit(request.size + 1)
        statement = statement.order_by(key.desc() if self.newest_first else key.asc())
        if request.after:
            after = id_after(request)
            statement = statement.where(key < after if self.newest_first else key > after)
        rows = (await self._connection.execute(statement)).mappings().all()
        items = [self.model(**row) for row in rows[: request.size]]
        more = len(rows) > request.size
        return Page(items, str(rows[request.size - 1]["id"]) if more else None)

    def visible(self) -> ColumnElement[bool]:
        """The repository's own filter: the first wall, before row-level security."""
        if self._scope.platform:
            return self.table.c.id.is_not(None)
        return self.table.c.organization_id.in_(self._scope.organizations)

    async def _returned(self, statement: Any) -> M:
        try:
            row = (await self._connection.execute(statement)).mappings().one()
        except IntegrityError as error:
            raise self._told(error) from error
        return self.model(**row)

    def _told(self, error: IntegrityError) -> Failure | IntegrityError:
        constraint = violated_constraint(error)
        if constraint in self.unique:
            return AlreadyExists(self.resource, self.unique[constraint])
        if constraint.startswith(f"fk_{self.table.name}_"):
            return NotFound("organization or resource that is named by the", self.resource)
        if constraint.startswith("fk_"):
            return InUse(self.resource, constraint.removeprefix("fk_").split("_")[0])
        return error


def id_after(request: PageRequest) -> UUID:
    """The id after which a page starts.

    Raises:
        InvalidPageToken: the token was not made here.
    """
    try:
        return UUID(request.after)
    except ValueError as error:
        raise InvalidPageToken from error
