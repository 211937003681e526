"""The inputs of other programs' tests of Markdown, held against what we promise about any text.

`python -m tools.suites FOLDER...` reads every input below the folders: the examples in CommonMark's spec.txt, and the
.txt files and the strings in the test modules of Python-Markdown. It prints each input that breaks a promise.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from textwrap import dedent

from markdown import Markdown

from bulletin.items import decode
from bulletin.items.markdown import convert, fast_path
from bulletin.items.markdown.python_markdown import html_of, markdown
from bulletin.model import Source
from bulletin.settings import LineBreaks
from tests.test_fast_path import MODES
from tests.test_typed import vanished

_EXAMPLE = re.compile(r"^`{32} example\n(.*?)^\.\n.*?^`{32}$", re.MULTILINE | re.DOTALL)


def inputs(folder: Path) -> list[str]:
    """Return every input below a folder that could be the text of an item, each once."""
    typed = (text for path in sorted(folder.rglob("*")) for text in _inputs_of(path))
    sources = (decode("content/a.md", text.encode(errors="surrogatepass")) for text in typed)
    return list(dict.fromkeys(source.text for source in sources if isinstance(source, Source)))


def _inputs_of(path: Path) -> Iterator[str]:
    if path.name == "spec.txt":
        yield from (example.replace("→", "\t") for example in _EXAMPLE.findall(path.read_text("utf-8")))
    elif path.suffix == ".txt":
        yield path.read_text("utf-8")
    elif path.match("test_*.py"):
        # Inputs and outputs alike: an output is an input as good as any.
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield dedent(node.value).strip("\n")


def broken_promises(text: str) -> list[str]:
    """Return what is wrong with how a text is read; empty if all is well."""
    _, _, problems = convert("content/a.md", text, 1)
    # A text with an error is not published, so nothing of it can vanish.
    is_refused = any(problem.severity == "error" for problem in problems)
    found = [] if is_refused else [f"line {line}: «{word}» is gone" for line, word in vanished(text)]
    for line_breaks in MODES:
        quick, _ = html_of(text, line_breaks)
        if fast_path.html_of(text, line_breaks) not in {None, quick}:
            found.append(f"{line_breaks}: the fast path differs")
        if _slow(line_breaks).reset().convert(text) != quick:
            found.append(f"{line_breaks}: the shortcuts differ")
    return found


@cache
def _slow(line_breaks: LineBreaks) -> Markdown:
    return markdown(line_breaks, quick=False)


def main(folders: list[str]) -> int:
    """Print each broken promise, and how many inputs were read; return how many broke one."""
    texts = [text for folder in folders for text in inputs(Path(folder))]
    broken = 0
    for text in texts:
        if found := broken_promises(text):
            broken += 1
            sys.stdout.write("\n".join([*found, text, "", ""]))
    sys.stdout.write(f"{len(texts):,} inputs, {broken:,} of them broken\n")
    return broken


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]) > 0)
