"""How quickly the preview shows what was saved: `python -m bench.preview SITE`, on a site that `bench.items` has made.

Prints medians of the seconds from saving a file to the moment at which its page answers with what was saved, and how
much memory the preview has then.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from urllib.request import urlopen

from bench.items import item, news
from bulletin.vietnamese import slug
from tests.previews import previewed

NOW = "2025-01-02T08:00"
"""After the last day: most items would else wait for theirs."""
ROUNDS = 7
_STEP = 0.02


def main(site: Path) -> None:
    files = sorted((site / "content").rglob("*.md"))
    count = len(files)
    edited = files[count // 2]

    def words(number: int) -> tuple[str, str]:
        text = f"Lần lưu thứ {number} của bản tin."
        edited.write_text(edited.read_text(encoding="utf-8") + f"\n{text}\n", encoding="utf-8")
        return _address(edited), text

    def title(number: int) -> tuple[str, str]:
        text = f"Tên thứ {number} của bản tin"
        _, _, rest = edited.read_text(encoding="utf-8").partition("\n")[2].partition("\n")
        edited.write_text(f"---\ntitle: {text}\n{rest}", encoding="utf-8")
        return _address(edited), text

    def new(number: int) -> tuple[str, str]:
        path, text = item(count + number, count)
        file = site / "content" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        return _address(file), news(count + number, count).title

    with previewed(site, "--as-of", NOW) as running:
        print(f"{count} items: first build {running.memory():.0f} MiB", flush=True)
        for save in (words, title, new):
            taken = [_seconds(running.address, save, number) for number in range(ROUNDS)]
            print(f"{save.__name__}: {statistics.median(taken):.3f} s (highest {max(taken):.3f} s)", flush=True)
        print(f"memory {running.memory():.0f} MiB")


def _seconds(address: str, save: Callable[[int], tuple[str, str]], number: int) -> float:
    # All must be quiet: events of the last save, the scan that follows them.
    time.sleep(2)
    page, text = save(number)
    saved = time.monotonic()
    while text not in _page(address + page):
        time.sleep(_STEP)
    return time.monotonic() - saved


def _address(file: Path) -> str:
    """Return the address of an item's page, whose file is named after its day."""
    day, name = file.stem[:10], file.stem[11:]
    return f"tin/{day[:4]}/{day[5:7]}/{slug(name)}/"


def _page(address: str) -> str:
    try:
        with urlopen(address, timeout=60) as answer:  # noqa: S310 - our own address
            return str(answer.read(), "utf-8")
    except OSError:
        return ""


if __name__ == "__main__":
    main(Path(sys.argv[1]))
