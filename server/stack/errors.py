"""What the stack raises when it cannot go on."""

from __future__ import annotations


class StackError(Exception):
    """The stack cannot start or go on; the text says why, and what to do where that is known."""


class ChildError(StackError):
    """A child process ended or never became ready; the text carries the end of its log."""
