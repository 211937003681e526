"""What a reader meets who walks through a site: pages, feeds, sitemaps, the files of the search, the data.

It reads with other parsers than those of the build's own check.
"""

from __future__ import annotations

import csv
import json
import random
import re
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import lru_cache
from pathlib import Path
from threading import Event, Lock, Thread
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit
from xml.etree import ElementTree as ET

from bulletin.publishing.notice import NOTICE
from tests.test_promises import BASE, Addresses

Site = Mapping[str, bytes]
"""A published site: its files by their paths."""

EVENT = re.compile(b"^URL:(.*)\r$", re.MULTILINE)
LOCATION = re.compile(b"<loc>(.*?)</loc>")
STYLE_SHEET = re.compile(rb'<\?xml-stylesheet [^>]*href="(.*?)"')


def faults(found: Site, old: Site, new: Site) -> list[str]:
    """Return what a reader could find wrong with a site that is on its way from one publication to another.

    Followed are the links of all files. A page that comes or goes may be a notice, to which no file leads that stays.
    Anchors are left out: a link to one that is not there yet still opens its page.
    """
    wrong = [f"not whole: {path}" for path, data in found.items() if not is_whole(path, data)]
    wrong += [f"gone: {path}" for path in old.keys() & new.keys() if path not in found]
    for path, data in found.items():
        stays = path in old and path in new
        if data not in (old.get(path), new.get(path)) and (stays or data != NOTICE):
            wrong.append(f"neither: {path}")
        for name in named_by(path, data):
            if name not in found:
                wrong.append(f"dead: {path} -> {name}")
            elif stays and found[name] == NOTICE:
                wrong.append(f"leads to a notice: {path} -> {name}")
    return wrong


@lru_cache(maxsize=10_000)
def named_by(path: str, data: bytes) -> tuple[str, ...]:
    """Return the paths of the site's own files that a file names, whatever its kind."""
    addresses = addresses_in(path, data)
    urls = [urlsplit(urljoin(f"{BASE}{path}", address)) for address in addresses]
    paths = [unquote(url.path).lstrip("/") for url in urls if f"{url.scheme}://{url.netloc}/" == BASE]
    return tuple(f"{path}index.html" if path.endswith("/") or not path else path for path in paths)


def addresses_in(path: str, data: bytes) -> list[str]:
    """Return the addresses in a page, a feed, a sitemap, the calendar, a file of the search, deals or items as data."""
    if path.endswith((".html", ".xml")):
        matches = (*LOCATION.findall(data), *STYLE_SHEET.findall(data))
        return [*Addresses(data.decode()).addresses, *(match.decode() for match in matches)]
    if path.endswith(".ics"):
        return [match.decode() for match in EVENT.findall(data.replace(b"\r\n ", b""))]
    if path.endswith(".csv"):
        rows = csv.DictReader(data.decode("utf-8-sig").splitlines())
        return [url for row in rows for url in row.get("items", "").split()]
    if path.endswith(".jsonl"):
        return [json.loads(line)["url"] for line in data.splitlines()]
    return addresses_in_json(path, json.loads(data)) if path.endswith(".json") else []


def addresses_in_json(path: str, records: Any) -> list[str]:
    if path == "thoa-thuan.json":
        return [url for deal in records["deals"] for url in deal["items"]]
    if path == "tim-kiem/muc-luc.json":
        return [name for year in records["files"] for name in (year["titles"], *year["texts"])]
    if path.startswith("tim-kiem/van-ban/"):
        return list(records)
    return [record["url"] + name for record in records for name in ("", *record.get("picture", ())[:1])]


@lru_cache(maxsize=10_000)
def is_whole(path: str, data: bytes) -> bool:
    if path.endswith(".html"):
        return data.startswith(b"<!doctype html>") and data.rstrip().endswith(b"</html>")
    if path.endswith(".xml"):
        with suppress(ET.ParseError):
            return bool(ET.fromstring(data).tag)  # noqa: S314 - our own
        return False
    if path.endswith(".ics"):
        return data.startswith(b"BEGIN:VCALENDAR\r\n") and data.endswith(b"END:VCALENDAR\r\n")
    return data != b""


class Walk:
    """A reader who walks through a folder, all the while that others publish into it.

    What is looked for is what `faults` looks for, as far as it can be seen from one page: a page is whole, and all that
    it names is there. `faults` are those that were met, `pages` counts what was opened.
    """

    def __init__(self, folder: Path, seed: int = 1) -> None:
        self.faults: list[str] = []
        self.pages = 0
        self._folder = folder
        self._chance = random.Random(seed)  # noqa: S311 - no secret
        self._may_go = Event()
        self._may_go.set()
        self._is_over = False
        self._stepping = Lock()

    @contextmanager
    def going(self) -> Iterator[Walk]:
        """Walk until the end of the block."""
        self._is_over = False
        walker = Thread(target=self._go, daemon=True)
        walker.start()
        try:
            yield self
        finally:
            self._is_over = True
            self._may_go.set()
            walker.join()

    def wait(self) -> None:
        """Stand still until `go_on`: somebody takes away what nobody has published."""
        self._may_go.clear()
        with self._stepping:
            pass

    def go_on(self) -> None:
        self._may_go.set()

    def _go(self) -> None:
        path = "index.html"
        while not self._is_over:
            self._may_go.wait()
            with self._stepping:
                if self._may_go.is_set():
                    path = self._open(path)
            time.sleep(0.001)

    def _open(self, path: str) -> str:
        """Open a page, look at all that it names, and return which of that to open next."""
        data = self._read(path)
        if data is None:
            # It was there when the page was looked at that led here.
            return "index.html" if path != "index.html" else self._met(f"gone: {path}")
        self.pages += 1
        if not is_whole(path, data):
            return self._met(f"not whole: {path}")
        names = named_by(path, data)
        missing = [name for name in names if not (self._folder / name).exists()]
        # Only what the page names still was named when it was missing.
        if missing and self._read(path) == data:
            return self._met(f"dead: {path} -> {missing[0]}")
        return self._chance.choice(names) if names and self._chance.random() < _STAYS else "index.html"

    def _met(self, fault: str) -> str:
        self.faults.append(fault)
        return "index.html"

    def _read(self, path: str) -> bytes | None:
        try:
            return (self._folder / path).read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            return None


_STAYS = 0.98
"""How often a reader follows a link, and does not begin anew."""
