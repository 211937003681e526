"""`new`: writes the file of a new item to its place, with the keys it needs."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from msgspec import Struct

from bulletin.commands.calls import Answer, Call
from bulletin.commands.placing import Places, shown_path
from bulletin.commands.prompts import Dialog, can_ask
from bulletin.items import compile_source, decode, header, new_path
from bulletin.model import Source
from bulletin.problems import Problem, errors, refuse, say
from bulletin.settings import ItemRules
from bulletin.vietnamese import Amount, Place, amounts, clean, dates, provinces


class _NewItem(Struct, frozen=True, kw_only=True):
    """The facts of the new item; `value` as it was written."""

    title: str
    day: date
    places: tuple[Place, ...]
    value: str
    amount: Amount | None


def run(call: Call) -> Answer:
    """Write the file and say where it is; raise Refused for options that no item could have."""
    item = _new_item(call)
    path = _path(item, call)
    text, problems = _compose(path, _keys(item, is_ready=call.options.ready), call.settings.item_rules)
    if any(errors(problems)):
        return Answer(lines=(say("new-not-written", call.language),), problems=problems)
    file = call.root / path
    file.parent.mkdir(parents=True, exist_ok=True)
    try:
        # Mode «x» overwrites no file, not even one that another program has made since `_path` looked.
        with file.open("x", encoding="utf-8", newline="\n") as stream:
            stream.write(text)
    except FileExistsError:
        refuse("new-exists", found=path)
    # A new file has no text yet, as its author knows: do not report that.
    reported = tuple(problem for problem in problems if problem.code != "body-empty")
    return Answer(lines=(shown_path(file), _summary(item)), problems=reported)


def _new_item(call: Call) -> _NewItem:
    """Parse the options. If a needed one is missing and somebody is at the terminal, ask for all that are missing."""
    options = call.options
    is_incomplete = options.title is None or options.province is None
    dialog = Dialog(call.language, is_open=is_incomplete and can_ask())
    title = dialog.ask("ask-title", options.title, _parse_title, "")
    day = dialog.ask("ask-date", options.date, dates.parse, call.now.date().isoformat())
    places = dialog.ask("ask-province", options.province, lambda text: parse_places(text, day), "")
    value, amount = dialog.ask(
        "ask-value", options.value, lambda text: parse_value(text, places, call.settings.item_rules), ""
    )
    return _NewItem(title=title, day=day, places=places, value=value, amount=amount)


def _parse_title(text: str) -> str:
    return clean(text) or refuse("new-without-title")


def parse_places(text: str, day: date) -> tuple[Place, ...]:
    """Return the places of a comma-separated list as headers have it, with or without its brackets."""
    names = [name.strip() for name in clean(text).removeprefix("[").removesuffix("]").split(",") if name.strip()]
    if not names:
        refuse("new-without-province")
    return tuple(dict.fromkeys(provinces.resolve(name, day).place for name in names))


def parse_value(text: str, places: tuple[Place, ...], rules: ItemRules) -> tuple[str, Amount | None]:
    written = clean(text)
    amount = None if amounts.is_undisclosed(written) else amounts.parse(written, rules.value_unit)
    if written and (len(places) > 1 or provinces.NATIONWIDE in places):
        refuse("value-needs-one-province")
    return written, amount


def _keys(item: _NewItem, *, is_ready: bool) -> dict[str, str | list[str]]:
    names = [place.name for place in item.places]
    keys: dict[str, str | list[str]] = {"title": item.title, "province": names[0] if len(names) == 1 else names}
    keys["date"] = item.day.isoformat()
    if item.value:
        keys["value"] = item.value
    # Without it the next build by the clock would publish a title without a text.
    return keys if is_ready else keys | {"draft": "true"}


def _path(item: _NewItem, call: Call) -> str:
    """Return a path that is free and whose url is free; raise Refused if this day has an item of this title already."""
    places = Places(call)
    wanted = new_path(item.day, item.title, frozenset(), frozenset())
    if places.has(wanted):
        refuse("new-exists", found=wanted)
    return places.path(item.day, item.title)


def _compose(path: str, keys: Mapping[str, str | list[str]], rules: ItemRules) -> tuple[str, tuple[Problem, ...]]:
    """Return the text of the file, and the problems that a build would report for it."""
    text = header(keys)
    source = decode(path, text.encode(errors="surrogatepass"))
    return text, compile_source(source, rules).problems if isinstance(source, Source) else source


def _summary(item: _NewItem) -> str:
    """Return date, places and amount in words, since nothing else shows that 08/12 was read as 8 December."""
    places = ", ".join(place.name for place in item.places)
    parts = (dates.long(item.day), places, amounts.show(item.amount) if item.amount else item.value)
    return " · ".join(part for part in parts if part)
