"""The keys of each table: the type of their values, and what makes a setting of such a value or refuses it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from ipaddress import ip_address
from typing import Any, get_args

from msgspec import Struct

from bulletin import urls
from bulletin.characters import FORBIDDEN, is_unseen
from bulletin.problems import Refused, refuse
from bulletin.settings import mailboxes, ssh_address
from bulletin.settings.values import ALL_CATEGORIES, PARTS, DeskSettings, EditionSettings, Security
from bulletin.vietnamese import amounts, clean, provinces, slug

MAX_PER_PAGE = 1000
"""A page of more items takes longer to load than to find an item in."""
MAX_DAYS = 36_500
Keys = Mapping[str, tuple[type, Callable[[str, Any], Any]]]
"""The keys of a table: the type of each, and what makes its value or refuses it."""
_MAX_PORT = 65_535
_ON_EITHER_MAP = (date(2025, 6, 30), date(2025, 7, 1))
_IS_ADDRESS = re.compile("[a-z][a-z0-9+.-]+://", re.IGNORECASE)


def base_url(text: str) -> str:
    """Return the address of the site with `/` at its end; raise Refused for a text that is none."""
    try:
        return urls.base_url(text.strip())
    except ValueError:
        refuse("setting-base-url", found=text)


def as_toml(value: Any) -> str:
    try:
        return str(value).lower() if isinstance(value, bool) else str(value)
    except ValueError:
        # TOML may write 0xfff… with more digits than Python writes out in tens.
        return "0x…"


def _text(key: str, text: str) -> str:
    """Return a text as items are read; refuse one that no page can carry, and one of which nothing is seen."""
    if match := FORBIDDEN.search(text):
        refuse("forbidden-character", found=f"U+{ord(match[0]):04X}")
    if text.strip() and is_unseen(clean(text)):
        refuse("setting-empty", key=key)
    return clean(text)


def _needed_text(key: str, text: str) -> str:
    return _text(key, text) or refuse("setting-empty", key=key)


def _choice(*known: str) -> Callable[[str, str], str]:
    def check(key: str, text: str) -> str:
        return text if text in known else refuse("setting-choice", key=key, found=text, known=", ".join(known))

    return check


def _texts(key: str, values: list[Any]) -> tuple[str, ...]:
    if not all(isinstance(value, str) and value.strip() for value in values):
        refuse("setting-not-list", key=key, found=as_toml(values))
    return tuple(_text(key, value) for value in values)


def _proxy(key: str, text: str) -> str:
    try:
        return str(ip_address(text)) if text else ""
    except ValueError:
        refuse("setting-address", key=key, found=text)


def _header(key: str, text: str) -> str:
    if text and not re.fullmatch("[A-Za-z0-9-]+", text):
        refuse("setting-header", key=key, found=text)
    return text


def _days(key: str, number: int) -> int:
    return (
        number
        if 0 <= number <= MAX_DAYS
        else refuse("setting-days", key=key, found=as_toml(number), most=str(MAX_DAYS))
    )


def mailbox(key: str, text: str) -> str:
    """Return «Tên <địa chỉ>» or an address alone; refuse what is no address, and several in one."""
    return mailboxes.read(_text(key, text)) or refuse("setting-mailbox", key=key, found=text)


def _mailboxes(key: str, values: list[Any]) -> tuple[str, ...]:
    boxes = (mailbox(key, value) for value in _texts(key, values))
    # A colleague who is listed twice gets one mail.
    return tuple({mailboxes.address_of(box).casefold(): box for box in boxes}.values())


def _subject(key: str, text: str) -> str:
    subject = _needed_text(key, text)
    if set("{}") & {*subject.replace("{title}", "").replace("{edition}", "")}:
        refuse("setting-subject", found=text)
    return subject


def _server(key: str, text: str) -> str:
    if text and not mailboxes.is_host(text):
        try:
            return str(ip_address(text))
        except ValueError:
            refuse("setting-server", key=key, found=text)
    return text


def _place(key: str, text: str) -> str:
    place = _needed_text(key, text)
    if place.startswith(ssh_address.SCHEME):
        try:
            ssh_address.read(place)
        except ValueError:
            refuse("setting-ssh-address", key=key, found=text)
    elif _IS_ADDRESS.match(place):
        refuse("setting-place", key=key, found=text)
    return place


def _port(key: str, number: int) -> int:
    if not 0 <= number <= _MAX_PORT:
        refuse("setting-port", key=key, found=as_toml(number), most=str(_MAX_PORT))
    return number


def _categories(key: str, values: list[Any]) -> tuple[str, ...]:
    names = _texts(key, values)
    for name in names:
        if not urls.has_page(slug(name)):
            refuse("setting-category", found=name, limit=str(urls.MAX_SLUG))
    return names


def menu(names: Iterable[str], categories: Sequence[str]) -> tuple[str, ...]:
    """Return the names of a menu as `PARTS` and the categories spell them, each once."""
    known = {slug(name): name for name in (*reversed(categories), ALL_CATEGORIES, *PARTS)}
    known |= {slug(title): name for name, (title, _) in PARTS.items()}
    for name in names:
        if slug(name) not in known:
            refuse("setting-menu", found=name, known=", ".join(f"«{each}»" for each in known.values()))
    return tuple(dict.fromkeys(known[slug(name)] for name in names))


def _items_per_page(_: str, number: int) -> int:
    if not 1 <= number <= MAX_PER_PAGE:
        refuse("setting-items-per-page", found=as_toml(number), limit=str(MAX_PER_PAGE))
    return number


def _value_unit(key: str, text: str) -> str:
    unit = _text(key, text)
    if unit and not amounts.is_unit(unit):
        refuse("setting-value-unit", found=text)
    return unit


def _nationwide_label(key: str, text: str) -> str:
    label = _text(key, text)
    if any(_is_province(label, day) for day in _ON_EITHER_MAP):
        refuse("setting-nationwide-label", found=label)
    return label


def _is_province(text: str, day: date) -> bool:
    try:
        return provinces.resolve(text, day).place != provinces.NATIONWIDE
    except Refused:
        return False


def _timezone_offset(_: str, text: str) -> str:
    if not re.fullmatch("[+-](0[0-9]|1[0-4]):[0-5][0-9]", text):
        refuse("setting-timezone-offset", found=text)
    return text


KEYS: Keys = {
    "title": (str, _needed_text),
    "tagline": (str, _text),
    "organisation": (str, _text),
    "base_url": (str, lambda _, text: base_url(text)),
    "language": (str, _choice("vi", "en")),
    "categories": (list, _categories),
    "menu": (list, _texts),
    "items_per_page": (int, _items_per_page),
    "export_items": (bool, lambda _, value: value),
    "value_unit": (str, _value_unit),
    "timezone_offset": (str, _timezone_offset),
    "nationwide_label": (str, _nationwide_label),
    "line_breaks": (str, _choice("auto", "all", "none")),
    "link_style": (str, _choice("folder", "file")),
    "approval": (bool, lambda _, value: value),
    "desk": (dict, lambda _, table: table),
    "edition": (dict, lambda _, table: table),
    "targets": (dict, lambda _, table: table),
}
DESK_KEYS: Keys = {"proxy": (str, _proxy), "user_header": (str, _header), "keep_versions": (int, _days)}
EDITION_KEYS: Keys = {
    "sender": (str, lambda key, text: mailbox(key, text) if text.strip() else ""),
    "recipients": (list, _mailboxes),
    "subject": (str, _subject),
    "server": (str, _server),
    "port": (int, _port),
    "user": (str, _text),
    "security": (str, _choice(*get_args(Security))),
}
TABLES: Mapping[str, tuple[type[Struct], Keys]] = {
    "desk": (DeskSettings, DESK_KEYS),
    "edition": (EditionSettings, EDITION_KEYS),
}
"""The tables below `[tool.bulletin]`: what each becomes, and its keys."""
TARGET_KEYS: Keys = {
    "to": (str, _place),
    "base_url": (str, lambda _, text: base_url(text)),
    "max_removed": (int, lambda key, number: number if number >= 0 else refuse("setting-negative", key=key)),
}
TARGET_NAME = re.compile("[A-Za-z0-9][A-Za-z0-9_-]*")
"""It names a folder of what is built for the target."""
