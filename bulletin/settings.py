"""`[tool.bulletin]` of pyproject.toml -> Settings. Unknown keys and wrong types are refused by name."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping
from datetime import timedelta, timezone
from typing import Any, Literal
from urllib.parse import urlsplit

from msgspec import Struct

from bulletin.problems import BuildFailed, Language, Problem, Refused, problem, problem_at, refuse
from bulletin.vietnamese import amounts, nearest, nfc

FILE = "pyproject.toml"

LinkStyle = Literal["folder", "file"]
LineBreaks = Literal["auto", "all", "none"]


class Settings(Struct, frozen=True, kw_only=True):
    """The choices of a bulletin's owners; the defaults are those of a site without pyproject.toml."""

    title: str = "Bản tin"
    tagline: str = ""
    organisation: str = ""
    base_url: str = "http://localhost:8000/"
    """Absolute, ends with `/`. Feeds, sitemap and 404.html need it, because they are read at other addresses too."""
    language: Language = "vi"
    """Language of the messages; pages are always Vietnamese."""
    categories: tuple[str, ...] = ()
    items_per_page: int = 20
    export_items: bool = False
    value_unit: str = ""
    """The unit of a bare number in `value`; empty if a bare number is an error."""
    timezone_offset: str = "+07:00"
    line_breaks: LineBreaks = "auto"
    """Which line ends within a paragraph readers see: those that were meant (`auto`), all of them, none of them."""
    link_style: LinkStyle = "folder"
    """`file` adds index.html to links, for a bulletin that is opened from a file share."""

    @property
    def zone(self) -> timezone:
        return _zone(self.timezone_offset)

    @property
    def item_rules(self) -> ItemRules:
        return ItemRules(**{name: getattr(self, name) for name in ItemRules.__struct_fields__})


class ItemRules(Struct, frozen=True, kw_only=True):
    """The settings that decide how items are read: a cached item is valid only as long as they stay the same.

    The fields are named as in `Settings`.
    """

    categories: tuple[str, ...]
    value_unit: str
    timezone_offset: str
    line_breaks: LineBreaks

    @property
    def zone(self) -> timezone:
        return _zone(self.timezone_offset)


def _zone(offset: str) -> timezone:
    sign = -1 if offset.startswith("-") else 1
    hours, minutes = offset[1:].split(":")
    return timezone(sign * timedelta(hours=int(hours), minutes=int(minutes)))


def parse(text: str) -> Settings:
    """Return the settings in the text of a pyproject.toml; raise BuildFailed with every problem in them."""
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as fault:
        match = re.search(r"line (\d+)", str(fault))
        line = int(match[1]) if match else 1
        raise BuildFailed((problem(FILE, line, "settings-syntax", found=str(fault)),)) from fault
    tools = document.get("tool", {})
    table = tools.get("bulletin", {}) if isinstance(tools, dict) else None
    if isinstance(tools, dict) and "bulletin" not in tools and (near := nearest("bulletin", tools, n=1)):
        raise BuildFailed((problem(FILE, _line_of_section(text, near[0]), "unknown-section", found=near[0]),))
    if not isinstance(table, dict):
        raise BuildFailed((problem(FILE, 1, "settings-not-table"),))
    problems: list[Problem] = []
    values: dict[str, Any] = {}
    for key, value in table.items():
        try:
            values[key] = _checked(key, value)
        except Refused as refused:
            problems.append(problem_at(refused, FILE, _line_of(text, key)))
    if problems:
        raise BuildFailed(tuple(problems))
    return Settings(**values)


def base_url(text: str) -> str:
    """Return an absolute http(s) address with `/` at its end; raise Refused for any other text."""
    try:
        parts = urlsplit(text)
        _ = parts.port
    except ValueError:
        # urlsplit reads a bracket as the beginning of an IPv6 address, so it raises on «http://[».
        refuse("setting-base-url", found=text)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment or " " in text:
        refuse("setting-base-url", found=text)
    return text.rstrip("/") + "/"


def _checked(key: str, value: Any) -> Any:
    if key not in _KEYS:
        refuse("unknown-setting", found=key, near=next(iter(nearest(key, _KEYS, n=1)), ""), known=", ".join(_KEYS))
    kind, check = _KEYS[key]
    # Python takes a bool for an int; the person who writes `items_per_page = true` has made a mistake.
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        refuse(f"setting-not-{kind.__name__}", key=key, found=_as_toml(value))
    return check(value)


def _as_toml(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _title(text: str) -> str:
    if not text.strip():
        refuse("setting-empty", key="title")
    return nfc(text.strip())


def _text(text: str) -> str:
    return nfc(text.strip())


def _language(text: str) -> str:
    if text not in {"vi", "en"}:
        refuse("setting-choice", key="language", found=text, known="vi, en")
    return text


def _categories(values: list[Any]) -> tuple[str, ...]:
    if not all(isinstance(value, str) and value.strip() for value in values):
        refuse("setting-not-list", key="categories", found=str(values))
    return tuple(nfc(value.strip()) for value in values)


def _items_per_page(number: int) -> int:
    if number < 1:
        refuse("setting-items-per-page", found=str(number))
    return number


def _value_unit(text: str) -> str:
    if text and not amounts.is_unit(text):
        refuse("setting-value-unit", found=text)
    return text


def _timezone_offset(text: str) -> str:
    if not re.fullmatch("[+-](0[0-9]|1[0-4]):[0-5][0-9]", text):
        refuse("setting-timezone-offset", found=text)
    return text


def _line_breaks(text: str) -> str:
    if text not in {"auto", "all", "none"}:
        refuse("setting-choice", key="line_breaks", found=text, known="auto, all, none")
    return text


def _link_style(text: str) -> str:
    if text not in {"folder", "file"}:
        refuse("setting-choice", key="link_style", found=text, known="folder, file")
    return text


def _line_of(text: str, key: str) -> int:
    """Return the line of a key in the text; 1 if it cannot be told (a dotted key, or one with escapes)."""
    match = re.search(rf"^\s*[\"']?{re.escape(key)}[\"']?\s*=", text[_section(text) :], re.MULTILINE)
    return text.count("\n", 0, _section(text) + match.end()) + 1 if match else 1


def _line_of_section(text: str, name: str) -> int:
    header = re.search(rf"^\s*\[tool\.{re.escape(name)}\]", text, re.MULTILINE)
    return text.count("\n", 0, header.end()) + 1 if header else 1


def _section(text: str) -> int:
    header = re.search(r"^\s*\[tool\.bulletin\]", text, re.MULTILINE)
    return header.start() if header else 0


_KEYS: Mapping[str, tuple[type, Callable[[Any], Any]]] = {
    "title": (str, _title),
    "tagline": (str, _text),
    "organisation": (str, _text),
    "base_url": (str, base_url),
    "language": (str, _language),
    "categories": (list, _categories),
    "items_per_page": (int, _items_per_page),
    "export_items": (bool, bool),
    "value_unit": (str, _value_unit),
    "timezone_offset": (str, _timezone_offset),
    "line_breaks": (str, _line_breaks),
    "link_style": (str, _link_style),
}
