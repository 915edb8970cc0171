"""`python -m tools.validate_envoy`: has Envoy itself check envoy.yaml."""

from __future__ import annotations

import sys

from server.resources import BOOTSTRAP
from server.stack.envoy import validate
from server.stack.errors import StackError


def main() -> int:
    """Returns 0 when Envoy takes the file."""
    try:
        validate(BOOTSTRAP)
    except StackError as error:
        print(error)
        return 1
    print(f"{BOOTSTRAP.name} is valid")
    return 0


if __name__ == "__main__":
    sys.exit(main())
