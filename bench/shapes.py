"""Which texts are slow to read? Every fragment of a grid, repeated as far as the limits allow, and timed.

python -m bench.shapes [SECONDS]: fragments of one and two signs and some longer ones, each in a row and between words;
the slowest are printed. Stops after so many seconds, else when all are done.
"""

from __future__ import annotations

import itertools
import statistics
import sys
import time
from collections.abc import Callable, Iterator

from bulletin.items.decoding import MAX_BYTES
from bulletin.items.markdown import convert, limits

LONG = 4
"""Seconds that are worth a word."""

SIGNS = "*_`<>&[]!#=-+|~:{}\\\n a("
LONGER = (
    *(
        "[^1]",
        "[^1]: x\n",
        "[^1]: x\n\n",
        "*[a]: b\n",
        "[a]: b\n",
        "[a](b)",
        "![a](b.png)",
        "[a][b]",
        "![](",
        "](",
        "[[",
        "[TOC]\n\n",
    ),
    *(
        "{: #a }",
        "{: .a }\n",
        "*a*{:.b}",
        "# a\n",
        "# a {#b}\n",
        "# [a](b)\n",
        "a\n=\n",
        "---\n",
        "* * *\n",
        "- a\n",
        "1. a\n",
        "- > ",
    ),
    *(
        "  - a\n",
        "> a\n",
        "> a\n\n",
        "    a\n",
        "a  \n",
        "a\n\n",
        "a\n: x\n\n",
        "```\n",
        "```\n\n",
        "~~~\n",
        "``a`",
        "|a|\n|-|\n",
    ),
    *(
        "a|b\n-|-\n",
        "<!--",
        "<![CDATA[",
        "<?",
        "<!a",
        "&#",
        "&a;",
        "&amp;",
        "<a ",
        "<a\n",
        '<b a="',
        "<b a=1 ",
        "<a href=x>a</a>",
    ),
    *(
        "<div>\n",
        "<p>\n\n",
        "<ul><li>",
        "<table><tr><td>",
        "<b id=b>a</b>",
        "<script>",
        "<http://a.b>",
        "<x@y.z>",
        "x@y.z ",
    ),
)


def ways(fragment: str) -> Iterator[Callable[[int], str]]:
    """Yield how a fragment may be repeated: in a row, and between words."""
    yield lambda times: fragment * times + "\n"
    yield lambda times: (fragment + "abc " * 15) * times + "\n"


def longest(way: Callable[[int], str]) -> str:
    """Return the longest of the texts that is not refused at once."""
    low, high = 1, MAX_BYTES
    while low < high:
        middle = (low + high + 1) // 2
        text = way(middle) if middle * len(way(1)) < 2 * MAX_BYTES else "a" * 2 * MAX_BYTES
        is_allowed = len(text.encode()) < MAX_BYTES and limits.excess("a.md", text, 1) is None
        low, high = (middle, high) if is_allowed else (low, middle - 1)
    return way(low)


def timed(text: str) -> float:
    start = time.process_time()
    convert("a.md", text, 1)
    return time.process_time() - start


def main() -> None:
    until = time.monotonic() + float(sys.argv[1] if len(sys.argv) > 1 else "inf")
    pairs = ("".join(signs) for length in (1, 2) for signs in itertools.product(SIGNS, repeat=length))
    found: list[tuple[float, str, int]] = []
    for fragment in dict.fromkeys((*LONGER, *pairs)):
        if time.monotonic() > until:
            break
        texts = [longest(way) for way in ways(fragment)]
        found += [(timed(text), fragment, len(text)) for text in texts]
    seconds = [one[0] for one in found]
    slow = sum(one > LONG for one in seconds)
    print(f"{len(found)} texts: median {statistics.median(seconds):.2f} s, {slow} above {LONG} s")
    for took, fragment, length in sorted(found, reverse=True)[:12]:
        print(f"{took:6.2f} s {length:7} {fragment!r}")


if __name__ == "__main__":
    main()
