"""What drivers refuse, in the engine's words: by their codes and classes, never by their words."""

from __future__ import annotations

from typing import Any

from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, NoSuchTableError, SQLAlchemyError

from server.sync.errors import ErrorType, Origin, SyncError
from server.sync.redaction import redacted

_Kind = tuple[ErrorType, str, str]


def refusal(
    code: str, message: str, advice: str, type_: ErrorType = ErrorType.CONFIG, *, origin: Origin = Origin.SOURCE
) -> SyncError:
    """Make an error of a database."""
    return SyncError(origin=origin, type=type_, code=code, message=message, advice=advice)


def to_sync_error(error: Exception, origin: Origin, secret: str) -> Exception:
    """Map an error of SQLAlchemy or its driver; other errors come back as they are."""
    if isinstance(error, NoSuchTableError):
        type_, code, advice = _TABLE
        return refusal(code, f"There is no table or view {str(error)!r}", advice, type_, origin=origin)
    if not isinstance(error, SQLAlchemyError):
        return error
    original = error.orig if isinstance(error, DBAPIError) else None
    type_, code, advice = _known(error, original)
    said = " ".join(str(original or error).split())
    return refusal(code, f"The database says: {redacted(said, [secret])}", advice, type_, origin=origin)


def _known(error: SQLAlchemyError, original: BaseException | None) -> _Kind:
    """Look for an SQLSTATE, SQLite's name or MySQL's number; the standard classes tell less."""
    state = getattr(original, "sqlstate", None) or getattr(original, "pgcode", None) or ""
    name = str(getattr(original, "sqlite_errorname", ""))
    number = original.args[0] if original is not None and original.args and type(original.args[0]) is int else None
    for code in (state, state[:2], name.removeprefix("SQLITE_").partition("_")[0], number):
        if code in _CODES:
            return _CODES[code]
    if isinstance(error, DataError):
        return _VALUE
    if isinstance(error, IntegrityError):
        return _CONSTRAINT
    if state or name or number or original is None:
        return ErrorType.CONFIG, "STATEMENT_REFUSED", "Look at the server's log."
    return ErrorType.CONFIG, "CONNECTION_FAILED", "Check user, password and database; look at the server's log."


_LOGIN = (ErrorType.CONFIG, "AUTHENTICATION_FAILED", "Check user and password.")
_DATABASE = (ErrorType.CONFIG, "DATABASE_NOT_FOUND", "Check the name of the database.")
_TABLE = (ErrorType.CONFIG, "TABLE_NOT_FOUND", "Discover the source again and choose an existing table.")
_RIGHT = (ErrorType.CONFIG, "PERMISSION_DENIED", "Grant the account what it needs on this object.")
_BUSY = (ErrorType.TRANSIENT, "LOCKED", "Another program holds a lock; try again later.")
_GONE = (ErrorType.TRANSIENT, "CONNECTION_LOST", "Try again; look at the server's log.")
_STOPPED = (ErrorType.CANCELLED, "CANCELLED", "The run was stopped.")
_VALUE = (
    ErrorType.CONFIG,
    "VALUE_REFUSED",
    "Use the connector of this database's own kind, or leave out the column.",
)
_CONSTRAINT = (ErrorType.CONFIG, "CONSTRAINT_VIOLATED", "The rows break a key or a NOT NULL of the table.")
_FILE = (ErrorType.CONFIG, "FILE_MALFORMED", "Name a database file.")
_FULL = (ErrorType.SYSTEM, "DISK_FULL", "Make room on the disk.")
_FIXED = (ErrorType.CONFIG, "READ_ONLY", "Make the database writable, or name its primary server.")
_CODES: dict[Any, _Kind] = {
    "28": _LOGIN, "3D": _DATABASE, "42501": _RIGHT, "42P01": _TABLE, "57014": _STOPPED, "22": _VALUE, "23": _CONSTRAINT,
    "25006": _FIXED, "53100": _FULL, "08": _GONE, "57": _GONE, "40": _BUSY, "55": _BUSY,
    "BUSY": _BUSY, "LOCKED": _BUSY, "NOTADB": _FILE, "CORRUPT": _FILE, "INTERRUPT": _STOPPED, "CANTOPEN": _FILE,
    "CONSTRAINT": _CONSTRAINT, "READONLY": _FIXED, "FULL": _FULL,
    1044: _RIGHT, 1045: _LOGIN, 1049: _DATABASE, 1142: _RIGHT, 1146: _TABLE, 1205: _BUSY, 1213: _BUSY, 1317: _STOPPED,
    1698: _LOGIN, 2003: _GONE, 2006: _GONE, 2013: _GONE,
}  # fmt: skip
