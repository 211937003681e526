"""The door to the bulletin: python build.py [command] [options]."""

import sys
from pathlib import Path

from bulletin.cli import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], Path(__file__).resolve().parent))
