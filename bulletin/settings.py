"""`[tool.bulletin]` of pyproject.toml -> Settings. Unknown keys and wrong types are refused by name."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, timedelta, timezone
from ipaddress import ip_address
from typing import Any, Literal, get_args

from msgspec import Struct
from msgspec.structs import replace

from bulletin import mailboxes, ssh_address, urls
from bulletin.characters import FORBIDDEN, is_unseen
from bulletin.problems import BuildFailed, Language, Problem, Refused, problem, problem_at, refuse
from bulletin.toml_lines import line_of, line_of_fault
from bulletin.vietnamese import amounts, clean, nearest, provinces, slug

FILE = "pyproject.toml"
MAX_PER_PAGE = 1000
"""A page of more items takes longer to load than to find an item in."""

MAX_DAYS = 36_500
Keys = Mapping[str, tuple[type, Callable[[str, Any], Any]]]
"""The keys of a table: the type of each, and what makes its value or refuses it."""
_MAX_PORT = 65_535
_ON_EITHER_MAP = (date(2025, 6, 30), date(2025, 7, 1))

LinkStyle = Literal["folder", "file"]
LineBreaks = Literal["auto", "all", "none"]
Security = Literal["starttls", "tls", "none"]


class DeskSettings(Struct, frozen=True, kw_only=True):
    """The table `[tool.bulletin.desk]`; no page depends on it."""

    proxy: str = ""
    """The IP address of the server in front; empty if there is none."""
    user_header: str = ""
    """The header in which that server tells who somebody is; empty if people sign in here."""
    keep_versions: int = 0
    """Days for which former versions of items are kept; 0 for ever."""


class EditionSettings(Struct, frozen=True, kw_only=True):
    """The table `[tool.bulletin.edition]`: from whom, to whom and by which server editions are sent.

    No page depends on it. The password is in the environment alone.
    """

    sender: str = ""
    recipients: tuple[str, ...] = ()
    """Mailboxes, as `sender`: «Tên <dia-chi@congty.example>» or the address alone; each address once."""
    subject: str = "{title} – {edition}"
    """`{title}` stands for the name of the bulletin, `{edition}` for that of the edition."""
    server: str = ""
    port: int = 0
    """0 for the usual one of `security`."""
    user: str = ""
    """Empty if the server asks for no login."""
    security: Security = "starttls"


class TargetSettings(Struct, frozen=True, kw_only=True):
    """The table `[tool.bulletin.targets.NAME]`: a place where readers are. No page depends on it."""

    name: str
    to: str
    """A folder, relative to the site or absolute, which may be a share; or `ssh://user@host/folder`."""
    base_url: str = ""
    """Empty for the one of the bulletin."""
    max_removed: int | None = None
    """The number of pages that one publication may remove unasked; None for the usual one."""


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
    menu: tuple[str, ...] = ("Tỉnh", "Tháng", "Thỏa thuận", "Lịch", "Chuyên mục")
    """The parts of the site to which the masthead leads: names of `_PARTS`, `_ALL_CATEGORIES` or a category."""
    items_per_page: int = 20
    export_items: bool = False
    value_unit: str = ""
    """The unit of a bare number in `value`; empty if a bare number is an error."""
    timezone_offset: str = "+07:00"
    nationwide_label: str = provinces.NATIONWIDE.name
    """What items without a province show in place of one; empty if they show nothing."""
    line_breaks: LineBreaks = "auto"
    """Which line ends within a paragraph readers see: those that were meant (`auto`), all of them, none of them."""
    link_style: LinkStyle = "folder"
    """`file` adds index.html to links, for a bulletin that is opened from a file share."""
    approval: bool = False
    """Whether somebody else than the writers must have approved what is published."""
    desk: DeskSettings = DeskSettings()
    edition: EditionSettings = EditionSettings()
    targets: tuple[TargetSettings, ...] = ()
    """Where `publish` puts the bulletin; nowhere but into output/ if there are none."""

    @property
    def of_pages(self) -> Settings:
        """The settings that pages depend on: none shows who may do what at the desk, nor where the bulletin goes."""
        return replace(self, approval=False, desk=DeskSettings(), edition=EditionSettings(), targets=())

    @property
    def zone(self) -> timezone:
        return _zone(self.timezone_offset)

    @property
    def sections(self) -> tuple[tuple[str, str], ...]:
        """The entries of the menu, each with its title and url. «Chuyên mục» stands for all categories not named."""
        named = {slug(name) for name in self.menu}
        others = tuple(name for name in self.categories if slug(name) not in named)
        entries: dict[str, str] = {}
        for part in self.menu:
            for name in others if part == _ALL_CATEGORIES else (part,):
                title, url = _PARTS.get(name) or (name, urls.category(slug(name)))
                entries.setdefault(url, title)
        return tuple((title, url) for url, title in entries.items())

    @property
    def nationwide_name(self) -> str:
        """The title of the list of items without a province, which has one even where they show none."""
        return self.nationwide_label or "Tin chung"

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
    nationwide_label: str
    line_breaks: LineBreaks

    @property
    def zone(self) -> timezone:
        return _zone(self.timezone_offset)


def _zone(offset: str) -> timezone:
    sign = -1 if offset.startswith("-") else 1
    hours, minutes = offset[1:].split(":")
    return timezone(sign * timedelta(hours=int(hours), minutes=int(minutes)))


_PARTS: Mapping[str, tuple[str, str]] = {
    "Tỉnh": ("Tỉnh, thành phố", urls.PROVINCES),
    "Tháng": ("Tháng", urls.MONTHS),
    "Thỏa thuận": ("Thỏa thuận", urls.DEALS),
    "Lịch": ("Lịch", urls.EVENTS),
    "Tất cả tin": ("Tất cả tin", urls.ALL),
    "Theo dõi": ("Theo dõi", urls.FOLLOW),
    "Tìm kiếm": ("Tìm kiếm", urls.SEARCH),
}
"""The parts of the site that a menu may name, each with its title there and its url."""
_ALL_CATEGORIES = "Chuyên mục"


def parse(text: str) -> Settings:
    """Return the settings in the text of a pyproject.toml; raise BuildFailed with every problem in them."""
    try:
        document = tomllib.loads(text)
    except (ValueError, RecursionError) as fault:
        # A number of 5,000 digits raises ValueError itself, a thousand brackets raise RecursionError.
        raise BuildFailed((problem(FILE, line_of_fault(text, fault), "settings-syntax", found=str(fault)),)) from fault
    tools = document.get("tool", {})
    table = tools.get("bulletin", {}) if isinstance(tools, dict) else None
    if isinstance(tools, dict) and "bulletin" not in tools and (near := nearest("bulletin", tools, n=1)):
        line = line_of(text, "tool", near[0])
        raise BuildFailed((problem(FILE, line, "unknown-section", found=near[0]),))
    if not isinstance(table, dict):
        line = line_of(text, "tool", "bulletin") if isinstance(tools, dict) else line_of(text, "tool")
        raise BuildFailed((problem(FILE, line, "settings-not-table"),))
    problems: list[Problem] = []
    values = _values(text, table, _KEYS, ("tool", "bulletin"), problems)
    for key, (kind, keys) in _TABLES.items():
        if key in values:
            values[key] = kind(**_values(text, values[key], keys, ("tool", "bulletin", key), problems))
    if "targets" in values:
        values["targets"] = _targets(text, values["targets"], problems)
    if "menu" in values and ("categories" in values or "categories" not in table):
        # What a menu may name depends on the categories.
        try:
            values["menu"] = _menu(values["menu"], values.get("categories", ()))
        except Refused as refused:
            problems.append(problem_at(refused, FILE, line_of(text, "tool", "bulletin", "menu")))
    if problems:
        raise BuildFailed(tuple(problems))
    return Settings(**values)


def _values(
    text: str, table: dict[str, Any], keys: Keys, path: tuple[str, ...], problems: list[Problem]
) -> dict[str, Any]:
    """Return the values of a table, which stands at this path of the text; add to the problems what is wrong."""
    values: dict[str, Any] = {}
    for key, value in table.items():
        try:
            values[key] = _checked(key, value, keys)
        except Refused as refused:
            problems.append(problem_at(refused, FILE, line_of(text, *path, key)))
    return values


def _targets(text: str, tables: dict[str, Any], problems: list[Problem]) -> tuple[TargetSettings, ...]:
    """Return the targets; add to the problems what is wrong."""
    targets = []
    for name, table in tables.items():
        path = ("tool", "bulletin", "targets", name)
        if not isinstance(table, dict) or not _TARGET_NAME.fullmatch(name):
            code = "setting-target-name" if isinstance(table, dict) else "setting-target-table"
            problems.append(problem(FILE, line_of(text, *path), code, found=name))
            continue
        values = _values(text, table, _TARGET_KEYS, path, problems)
        if "to" in values:
            targets.append(TargetSettings(name=name, **values))
        elif "to" not in table:
            problems.append(problem(FILE, line_of(text, *path), "setting-target-nowhere", found=name))
    return tuple(targets)


def base_url(text: str) -> str:
    """Return the address of the site with `/` at its end; raise Refused for a text that is none."""
    try:
        return urls.base_url(text.strip())
    except ValueError:
        refuse("setting-base-url", found=text)


def _checked(key: str, value: Any, keys: Keys) -> Any:
    if key not in keys:
        refuse("unknown-setting", found=key, near=next(iter(nearest(key, keys, n=1)), ""), known=", ".join(keys))
    kind, check = keys[key]
    # Python takes a bool for an int; the person who writes `items_per_page = true` has made a mistake.
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        refuse(f"setting-not-{kind.__name__}", key=key, found=_as_toml(value))
    return check(key, value)


def _as_toml(value: Any) -> str:
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
        refuse("setting-not-list", key=key, found=_as_toml(values))
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
        else refuse("setting-days", key=key, found=_as_toml(number), most=str(MAX_DAYS))
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
        refuse("setting-port", key=key, found=_as_toml(number), most=str(_MAX_PORT))
    return number


def _categories(key: str, values: list[Any]) -> tuple[str, ...]:
    names = _texts(key, values)
    for name in names:
        if not urls.has_page(slug(name)):
            refuse("setting-category", found=name, limit=str(urls.MAX_SLUG))
    return names


def _menu(names: Iterable[str], categories: Sequence[str]) -> tuple[str, ...]:
    """Return the names of a menu as `_PARTS` and the categories spell them, each once."""
    known = {slug(name): name for name in (*reversed(categories), _ALL_CATEGORIES, *_PARTS)}
    known |= {slug(title): name for name, (title, _) in _PARTS.items()}
    for name in names:
        if slug(name) not in known:
            refuse("setting-menu", found=name, known=", ".join(f"«{each}»" for each in known.values()))
    return tuple(dict.fromkeys(known[slug(name)] for name in names))


def _items_per_page(_: str, number: int) -> int:
    if not 1 <= number <= MAX_PER_PAGE:
        refuse("setting-items-per-page", found=_as_toml(number), limit=str(MAX_PER_PAGE))
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


_KEYS: Keys = {
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
_DESK_KEYS: Keys = {"proxy": (str, _proxy), "user_header": (str, _header), "keep_versions": (int, _days)}
_EDITION_KEYS: Keys = {
    "sender": (str, lambda key, text: mailbox(key, text) if text.strip() else ""),
    "recipients": (list, _mailboxes),
    "subject": (str, _subject),
    "server": (str, _server),
    "port": (int, _port),
    "user": (str, _text),
    "security": (str, _choice(*get_args(Security))),
}
_TABLES: Mapping[str, tuple[type[Struct], Keys]] = {
    "desk": (DeskSettings, _DESK_KEYS),
    "edition": (EditionSettings, _EDITION_KEYS),
}
"""The tables below `[tool.bulletin]`: what each becomes, and its keys."""
_TARGET_KEYS: Keys = {
    "to": (str, _place),
    "base_url": (str, lambda _, text: base_url(text)),
    "max_removed": (int, lambda key, number: number if number >= 0 else refuse("setting-negative", key=key)),
}
_TARGET_NAME = re.compile("[A-Za-z0-9][A-Za-z0-9_-]*")
"""It names a folder of what is built for the target."""
_IS_ADDRESS = re.compile("[a-z][a-z0-9+.-]+://", re.IGNORECASE)
