"""Hugo, as its binary: the package's own command starts Python first."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from bench.generators.protocol import Generator
from bench.items import News
from bench.tools import BENCH, answer, install_python_tools, site_packages


def _binary() -> str:
    return str(site_packages() / "hugo" / "binaries" / "hugo")


def _version() -> str:
    return answer(_binary(), "version").split()[1].partition("-")[0].lstrip("v")


def _furnish(site: Path) -> None:
    (site / "static").mkdir()
    shutil.copy(BENCH / "sites" / "style.css", site / "static")


def _command(_site: Path) -> list[str]:
    return [_binary(), "--quiet"]


def _header(news: News) -> str:
    lines = [
        f"title: {json.dumps(news.title, ensure_ascii=False)}",
        f"date: {news.day}",
        f"provinces: [{json.dumps(news.province, ensure_ascii=False)}]",
        f'months: ["{news.day:%Y-%m}"]',
    ]
    if news.value:
        lines.append(f"value: {news.value}")
    return "---\n" + "\n".join(lines) + "\n---\n"


HUGO = Generator(
    name="hugo",
    install=install_python_tools,
    version=_version,
    furnish=_furnish,
    command=_command,
    items="content/tin",
    header=_header,
    template="layouts/baseof.html",
    output="public",
)
