"""What is known of a method of the API."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

from google.protobuf.message import Message

Request = TypeVar("Request", bound=Message)
Answer = TypeVar("Answer", bound=Message)


@dataclass(frozen=True)
class Method(Generic[Request, Answer]):
    """A method: its path, its messages, and what a caller must know of it."""

    path: str
    request: type[Request]
    answer: type[Answer]
    public: bool = False
    """Whether it is called without a token."""
    repeatable: bool = False
    """Whether sending it again does what sending it once does."""

    @property
    def names(self) -> dict[str, str]:
        """Service and method, as a gRPC service configuration names them."""
        _, service, method = self.path.split("/")
        return {"service": service, "method": method}
