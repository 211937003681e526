"""Pelican, with the caches that its documentation offers for speed."""

from __future__ import annotations

import shutil
from pathlib import Path

from bench.generators.protocol import Generator
from bench.items import News
from bench.tools import BENCH, PYTHON, answer, install_python_tools


def _version() -> str:
    return answer(str(PYTHON), "-m", "pelican", "--version")


def _furnish(site: Path) -> None:
    (site / "theme" / "static").mkdir()
    shutil.copy(BENCH / "sites" / "style.css", site / "theme" / "static")


def _command(_site: Path) -> list[str]:
    return [str(PYTHON), "-m", "pelican", "--settings", "pelicanconf.py", "--quiet"]


def _header(news: News) -> str:
    lines = [f"Title: {news.title}", f"Date: {news.day}", f"Category: {news.province}"]
    if news.value:
        lines.append(f"Value: {news.value}")
    return "\n".join(lines) + "\n\n"


PELICAN = Generator(
    name="pelican",
    install=install_python_tools,
    version=_version,
    furnish=_furnish,
    command=_command,
    items="content/tin",
    header=_header,
    template="theme/templates/base.html",
    output="output",
)
