"""Eleventy, with templates in JavaScript: the quickest of those it takes."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from bench.generators.protocol import Generator
from bench.items import News
from bench.tools import BENCH, NODE_MODULES, answer, install_node_tools


def _program() -> list[str]:
    return ["node", str(NODE_MODULES / "@11ty" / "eleventy" / "cmd.cjs")]


def _version() -> str:
    return answer(*_program(), "--version")


def _furnish(site: Path) -> None:
    shutil.copy(BENCH / "sites" / "style.css", site)
    (site / "node_modules").symlink_to(NODE_MODULES, target_is_directory=True)


def _command(_site: Path) -> list[str]:
    return [*_program(), "--quiet"]


def _header(news: News) -> str:
    lines = [
        f"title: {json.dumps(news.title, ensure_ascii=False)}",
        f"province: {json.dumps(news.province, ensure_ascii=False)}",
        f"date: {news.day}",
    ]
    if news.value:
        lines.append(f"value: {news.value}")
    return "---\n" + "\n".join(lines) + "\n---\n"


ELEVENTY = Generator(
    name="eleventy",
    install=install_node_tools,
    version=_version,
    furnish=_furnish,
    command=_command,
    items="tin",
    header=_header,
    template="templates/base.js",
    output="_site",
)
