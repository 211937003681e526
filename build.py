"""The door to the bulletin: python build.py [command] [options]."""

import sys
from pathlib import Path

try:
    from bulletin.cli import main
except ModuleNotFoundError as missing:
    sys.exit(
        f"chưa cài thư viện {missing.name}: chạy make site, hoặc dùng .venv/bin/python build.py\n"
        f"the library {missing.name} is not installed: run make site, or use .venv/bin/python build.py"
    )

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], Path(__file__).resolve().parent))
