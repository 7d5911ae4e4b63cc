"""`python -m portfolio NAME …`: the commands behind the nox sessions."""

from __future__ import annotations

import sys
from importlib import import_module

# Each is a module of `commands` with a function `main(arguments) -> exit code`.
COMMANDS = ("build", "cv", "doctor", "linkcheck", "publish", "serve")


def main(arguments: list[str]) -> int:
    """Run the command that the first argument names; 2 where there is none of that name."""
    if not arguments or arguments[0] not in COMMANDS:
        print(f"usage: python -m portfolio {{{','.join(COMMANDS)}}} …", file=sys.stderr)  # noqa: T201
        return 2
    command = import_module(f"portfolio.commands.{arguments[0]}")
    result: int = command.main(arguments[1:])
    return result


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
