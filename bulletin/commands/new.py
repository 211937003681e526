"""`new`: the file of a new item, at its place and with the keys it needs."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from datetime import date
from pathlib import Path

from msgspec import Struct

from bulletin import urls
from bulletin.build import inspect
from bulletin.commands.calls import Answer, Call
from bulletin.commands.prompts import Dialog, is_possible
from bulletin.items import compile_source, decode, header
from bulletin.model import CONTENT, Article, Source
from bulletin.problems import Problem, errors, refuse, say
from bulletin.settings import ItemRules
from bulletin.vietnamese import Amount, Place, amounts, clean, dates, provinces, slug

MAX_WORDS = 60
"""Letters of the title that go into the file's name: enough to know it by, and well within the paths of Windows."""


class _Wanted(Struct, frozen=True, kw_only=True):
    """What the item is to say; `value` as it was written."""

    title: str
    day: date
    places: tuple[Place, ...]
    value: str
    amount: Amount | None


def run(call: Call) -> Answer:
    """Write the file and say where it is; raise Refused for words that no item could have."""
    wanted = _wanted(call)
    path = _path(wanted, call)
    text, problems = _written(path, _keys(wanted), call.settings.item_rules)
    if any(errors(problems)):
        return Answer(lines=(say("new-not-written", call.language),), problems=problems)
    file = call.root / path
    file.parent.mkdir(parents=True, exist_ok=True)
    try:
        # Never over a file that is there, nor over one that comes into being just now.
        with file.open("x", encoding="utf-8", newline="\n") as opened:
            opened.write(text)
    except FileExistsError:
        refuse("new-exists", found=path)
    # That there is no text yet is no news to whoever has just asked for the file.
    news = tuple(found for found in problems if found.code != "body-empty")
    return Answer(lines=(_shown(file), _understood(wanted)), problems=news)


def _wanted(call: Call) -> _Wanted:
    """Understand each of the words, and ask for what is missing if somebody is there; then for the rest as well."""
    options = call.options
    is_incomplete = options.title is None or options.province is None
    dialog = Dialog(call.language, is_open=is_incomplete and is_possible())
    title = dialog.meant("ask-title", options.title, _title, "")
    day = dialog.meant("ask-date", options.date, dates.parse, call.now.date().isoformat())
    places = dialog.meant("ask-province", options.province, lambda text: _places(text, day), "")
    value, amount = dialog.meant(
        "ask-value", options.value, lambda text: _value(text, places, call.settings.item_rules), ""
    )
    return _Wanted(title=title, day=day, places=places, value=value, amount=amount)


def _title(text: str) -> str:
    return clean(text) or refuse("new-without-title")


def _places(text: str, day: date) -> tuple[Place, ...]:
    """Return the places of a list with commas, as it stands in a header, with or without its brackets."""
    names = [name.strip() for name in clean(text).removeprefix("[").removesuffix("]").split(",") if name.strip()]
    if not names:
        refuse("new-without-province")
    return tuple(dict.fromkeys(provinces.resolve(name, day).place for name in names))


def _value(text: str, places: tuple[Place, ...], rules: ItemRules) -> tuple[str, Amount | None]:
    written = clean(text)
    amount = None if amounts.is_undisclosed(written) else amounts.parse(written, rules.value_unit)
    if written and (len(places) > 1 or provinces.NATIONWIDE in places):
        refuse("value-needs-one-province")
    return written, amount


def _keys(wanted: _Wanted) -> dict[str, str | list[str]]:
    names = [place.name for place in wanted.places]
    keys: dict[str, str | list[str]] = {"title": wanted.title, "province": names[0] if len(names) == 1 else names}
    keys["date"] = wanted.day.isoformat()
    return keys | ({"value": wanted.value} if wanted.value else {})


def _path(wanted: _Wanted, call: Call) -> str:
    """Return a path that is free, and whose url is; refuse if this day has an item of this title already."""
    words = _words(wanted.title)
    day = wanted.day.isoformat()
    folder = f"{CONTENT}/{day[:4]}"
    if not (call.root / CONTENT).is_dir():
        # The first item of all.
        return f"{folder}/{day}-{words}.md"
    found = inspect(call.root, call.root / "output", call.settings)
    files = {posixpath.basename(path).lower() for path in found.folder.content.sources}
    if f"{day}-{words}.md" in files:
        refuse("new-exists", found=f"{folder}/{day}-{words}.md")
    taken = {url for item in found.compiled.items if isinstance(item, Article) for url in _urls(item)}
    free = next(one for one in _numbered(words) if _is_free(wanted.day, one, files, taken))
    return f"{folder}/{day}-{free}.md"


def _urls(article: Article) -> Iterator[str]:
    yield article.card.url
    yield from (alias.target.lower() for alias in article.aliases)


def _is_free(day: date, words: str, files: AbstractSet[str], taken: AbstractSet[str]) -> bool:
    return f"{day}-{words}.md" not in files and urls.item(day, words) not in taken


def _numbered(words: str) -> Iterator[str]:
    yield words
    number = 2
    while True:
        yield f"{words}-{number}"
        number += 1


def _words(title: str) -> str:
    """Return the title as a name that every system takes; «tin» if no letter of it can be in one."""
    whole = slug(title)
    cut = whole[: MAX_WORDS + 1].rpartition("-")[0] if len(whole) > MAX_WORDS else whole
    words = (cut or whole[:MAX_WORDS]).strip("-") or "tin"
    return f"tin-{words}" if urls.is_device_name(words) else words


def _written(path: str, keys: Mapping[str, str | list[str]], rules: ItemRules) -> tuple[str, tuple[Problem, ...]]:
    """Return the text of the file, and what a build would say of it."""
    text = header(keys)
    source = decode(path, text.encode(errors="surrogatepass"))
    return text, compile_source(source, rules).problems if isinstance(source, Source) else source


def _shown(file: Path) -> str:
    """Return a file's place from where one stands; in full if it is elsewhere."""
    here = Path.cwd()
    whole = file.absolute()
    return str(whole.relative_to(here) if whole.is_relative_to(here) else whole)


def _understood(wanted: _Wanted) -> str:
    """Return date, places and amount in words: only so it shows that 08/12 was read as 8 December."""
    places = ", ".join(place.name for place in wanted.places)
    parts = (dates.long(wanted.day), places, amounts.show(wanted.amount) if wanted.amount else wanted.value)
    return " · ".join(part for part in parts if part)
