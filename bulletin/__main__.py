"""The entry of an installed bulletin: `ban-tin`, or `python -m bulletin`. The site is the current folder."""

import sys
from pathlib import Path

from bulletin.cli import main as run


def main(program: str = "ban-tin") -> int:
    """Run the command that was typed and return its exit code."""
    return run(sys.argv[1:], Path.cwd(), program)


if __name__ == "__main__":
    sys.exit(main("python -m bulletin"))
