"""Which texts are slow to read? Fragments of every syntax, repeated up to the limit of a file, and timed.

python -m bench.shapes [SECONDS [SEED]]: fragments alone, then in pairs and triples drawn by chance, behind a beginning
that something else depends on, in a row or between words. Each text is first read at 32 kB, and as long as a file may
be only if that took longer than the steps that were counted can tell (bulletin/items/markdown/work.py).
"""

from __future__ import annotations

import random
import resource
import signal
import statistics
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from multiprocessing import get_context
from multiprocessing.connection import Connection

from msgspec import Struct

from bulletin.items.decoding import MAX_BYTES
from bulletin.items.markdown import convert
from bulletin.items.markdown.python_markdown import html_of
from bulletin.items.markdown.work import TooMuchWork, Work

LONG = 3
"""Seconds of one core that no text should take."""
HOPELESS = 30
"""Seconds after which a text is given up."""
MIDDLE = 32_000
EXPLAINED = 0.12
"""Seconds that 32 kB may take beside what is counted."""

SIGNS = tuple("*_`<>&[]!#=-+|~:{}\\\n a(\t1.'\"@/%")
FRAGMENTS = (
    *("[^1]", "[^1]: x\n", "[^1]: x\n\n", "*[a]: b\n", "[a]: b\n", "[a](b)", "![a](b.png)", "[a][b]", "![](", "]("),
    *("[[", "[TOC]\n\n", "{: #a }", "{: .a }\n", "{.left}", " {.left} ", "{a}", "*a*{:.b}", "# a\n", "# a {#b}\n"),
    *("# [a](b)\n", "## a ##\n", "a\n=\n", "---\n", "* * *\n", "- a\n", "1. a\n", "- > ", "  - a\n", "    - a\n"),
    *("> a\n", "> a\n\n", "> - ", "    a\n", "    a\n\n", "\ta\n", "a\tb\n", "-\ta\n", "a  \n", "a\n\n", "a\n: x\n\n"),
    *("a\n: x\n", "\n: ", ": a\n", "```\n", "```\n\n", "```a\n", "~~~\n", "~~~a\n", '~~~hl_lines="', 'a"\n', "``a`"),
    *("`a`", "``", "|a|\n|-|\n", "a|b\n-|-\n", "|a|b|\n", "|`a`", "|x", "| {.left} ", "<!--", "-->", "<![CDATA[", "<?"),
    *(
        "<!a",
        "&#",
        "&a;",
        "&amp;",
        "<a ",
        "<a\n",
        '<b a="',
        "<b a=1 ",
        " a=1",
        "<a href=x>a</a>",
        "<div>\n",
        "</div>\n",
    ),
    *("<p>\n\n", "<ul><li>", "<table><tr><td>", "<b id=b>a</b>", "<script>", "<http://a.b>", "<x@y.z>", "x@y.z "),
    *(
        "http://a.b ",
        "www.a.b ",
        "a%",
        "~~a ",
        "~~a~~ ",
        "**a ",
        "*a*",
        "__a _b ",
        "***a**b*",
        "\\*",
        "- [ ] a\n",
        "• a\n",
    ),
    *(
        "a) b\n",
        "25. 12. 2016 ",
        "Huế ",
        "word " * 12,
        "\n\n",
        "\n" * 20,
        " " * 20,
        "*b",
        "a:",
        "«",
        "- a\n\n    b\n\n",
    ),
    *(
        "1. a\n\n",
        "[^a]: b\n\n    c\n\n",
        "^",
        "$",
        "<xy>",
        "<x y='",
        "{a",
        "}",
        "[a]",
        "[x]: http://a.b 'c'\n",
        "+ a\n",
    ),
)
BEGINNINGS = (
    *(
        "",
        "",
        "",
        "",
        "`x`\n\n",
        "*[a]: b\n\na\n\n",
        "[a]: b\n\n[a] ",
        "x[^1]\n\n[^1]: x\n\n    ",
        "[TOC]\n\n",
        "- ",
        "> ",
    ),
    *("|a|b|\n|-|-|\n|", "# ", "<div>\n", "a\n: ", "1. a\n\n    ", "**", "[", "![a](", "{: ", "<b ", "~~~a\n", "~~"),
)


class Shape(Struct, frozen=True, kw_only=True):
    """A way to make a text of any length."""

    beginning: str
    fragment: str

    def text(self, length: int) -> str:
        whole = self.beginning + self.fragment * (length // len(self.fragment.encode()))
        return whole.encode()[: length - 1].decode(errors="ignore") + "\n"


def drawn(seed: int) -> Iterator[Shape]:
    """Yield all fragments alone, then pairs and triples drawn by chance, for ever."""
    alone = dict.fromkeys((*FRAGMENTS, *SIGNS))
    yield from (Shape(beginning="", fragment=fragment) for fragment in alone)
    chance = random.Random(seed)  # noqa: S311 - nothing is kept secret by it
    while True:
        parts = chance.choices([*alone], k=chance.choice((2, 2, 3)))
        between = chance.choice(("", "", "", " ", "\n", "\n\n", "abc " * 15))
        yield Shape(beginning=chance.choice(BEGINNINGS), fragment="".join(parts) + between)


def timed(text: str) -> float:
    """Return the seconds of one core that a text takes; HOPELESS if it takes longer."""
    context = get_context("fork")
    here, there = context.Pipe(duplex=False)
    child = context.Process(target=_report, args=(text, there))
    child.start()
    there.close()
    child.join()
    return float(here.recv()) if child.exitcode == 0 else HOPELESS


def _report(text: str, to: Connection) -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (HOPELESS, HOPELESS + 1))
    signal.signal(signal.SIGXCPU, signal.SIG_DFL)
    start = time.process_time()
    convert("a.md", text, 1)
    to.send(time.process_time() - start)


def counted(text: str) -> int:
    """Return the steps that Python-Markdown takes for a text."""
    work = Work()
    with suppress(TooMuchWork, RecursionError):
        html_of(text, "auto", work)
    return work.steps


def main() -> None:
    seconds_left, seed = [*sys.argv[1:], *("inf", "0")[len(sys.argv) - 1 :]]
    until = time.monotonic() + float(seconds_left)
    html_of("`x`", "auto")  # loads Python-Markdown
    found: list[tuple[float, int, Shape]] = []
    for shape in drawn(int(seed)):
        if time.monotonic() > until:
            break
        seconds, length = timed(shape.text(MIDDLE)), MIDDLE
        if seconds == HOPELESS or seconds > EXPLAINED + 1.5 * counted(shape.text(MIDDLE)) / 10**9:
            seconds, length = max((timed(shape.text(part)), part) for part in (MAX_BYTES // 2, MAX_BYTES))
        found.append((seconds, length, shape))
        if seconds > LONG:
            print(f"{seconds:6.2f} s {length:7} {shape.beginning!r} {shape.fragment!r}", flush=True)
    seconds_of_all = [one[0] for one in found]
    slow = sum(one > LONG for one in seconds_of_all)
    print(f"{len(found)} shapes: median {statistics.median(seconds_of_all):.2f} s, {slow} above {LONG} s")
    for took, length, shape in sorted(found, key=lambda one: one[0], reverse=True)[:15]:
        steps = counted(shape.text(length)) if took < HOPELESS else 0
        print(f"{took:6.2f} s {steps / 10**9:5.2f} steps {length:7} {shape.beginning!r} {shape.fragment!r}")


if __name__ == "__main__":
    main()
