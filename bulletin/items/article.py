"""Source -> Article, or all of its problems. Pure: `plan` checks later whether linked files and pages exist."""

from __future__ import annotations

import re
from datetime import date, timedelta
from functools import partial

from msgspec.structs import replace

from bulletin import urls
from bulletin.characters import is_unseen
from bulletin.digests import digest_of
from bulletin.images import MIDDLE, Focus
from bulletin.items import alt_text, frontmatter, markdown
from bulletin.items.fields import Fields
from bulletin.model import Article, Body, Card, Compiled, Correction, Event, Link, Mention, PartialItem, Source
from bulletin.problems import CURLY_QUOTES, OF_SETTINGS, errors, named_signs, problem, refuse
from bulletin.settings import ItemRules
from bulletin.urls import MAX_SLUG, is_device_name
from bulletin.vietnamese import Amount, Place, amounts, dates, fold, periods, provinces, slug, sort_key

KEYS = (
    *(
        "title",
        "province",
        "date",
        "value",
        "deal",
        "deals",
        "summary",
        "category",
        "tags",
        "author",
        "image",
        "image_alt",
        "image_focus",
    ),
    *("event", "place"),
    *("pinned", "draft", "publish", "expires", "updated", "slug", "aliases"),
)
DEAL_KEYS = ("province", "date", "value")
DEAL_NAME = "name"
"""Of an entry of `deals`; needed only to tell it from others."""
CORRECTION_KEYS = ("date", "note")

_SLUG = re.compile("[a-z0-9]+(-[a-z0-9]+)*")
_FILE_NAME = re.compile("[A-Za-z0-9._-]+")
_FILE_DATE = re.compile("^[0-9]{4}-[0-9]{2}-[0-9]{2}(-|$)")
_FOCUS = re.compile(r"([0-9]{1,3}) ?%?[\s,;x×]+([0-9]{1,3}) ?%?")
_WHOLE = 100
_ALIAS = re.compile("[A-Za-z0-9_~-]+(\\.+[A-Za-z0-9_~-]+)*(/[A-Za-z0-9_~-]+(\\.+[A-Za-z0-9_~-]+)*)*")
LONG_AGO, FAR_AHEAD, VERY_LONG = timedelta(days=45), timedelta(days=400), timedelta(days=62)
"""How far an event may be over before the day of the news, begin after it, and how long it may take."""
INVITES_WITHIN = 1_000
"""Characters of a text's HTML in which an invitation is looked for: of every text, so it must cost next to nothing."""
_INVITING = ("mời", "Mời", "sẽ diễn ra", "sẽ được tổ chức", "sẽ tổ chức", "sắp diễn ra")
# Replaces a date that cannot be read, so that the provinces are checked all the same.
_PLACEHOLDER_DAY = date(2025, 6, 30)


def compile_source(source: Source, rules: ItemRules) -> Compiled:
    """Return the article or, if there are errors, the usable part of it; warnings come with both."""
    document, syntax_problems = frontmatter.parse(source)
    if document is None:
        return Compiled(article=None, unfinished=None, problems=syntax_problems, html="")
    header_problems = list(syntax_problems)
    body, html, body_problems = markdown.convert(source.path, document.body, document.body_line, rules.line_breaks)
    fields = Fields(source.path, document.header, KEYS, header_problems)
    if keys := frontmatter.keys_in_body(document, KEYS):
        fields.meant.update(keys)
        fields.report("header-ends-early", document.end_line, end=str(document.end_line), found=", ".join(keys))
    article = _article(fields, body, html, rules)
    if not document.body.strip():
        header_problems.append(problem(source.path, document.body_line, "body-empty", "warning"))
    problems = tuple(sorted({*header_problems, *body_problems}))
    if any(errors(problems)):
        unfinished = PartialItem(source=source.path, body=body, image=article.image)
        return Compiled(article=None, unfinished=unfinished, problems=problems, html=html)
    return Compiled(article=replace(article, digest=digest_of(article)), unfinished=None, problems=problems, html=html)


def _article(fields: Fields, body: Body, html: str, rules: ItemRules) -> Article:
    """Read every key, so that all problems are reported; placeholders for wrong values are never published."""
    fields.require("title", "province", "date")
    day = fields.day("date")
    card, mentions = _card(fields, day, html, rules)
    image, image_alt = _image(fields)
    article = Article(
        source=fields.path,
        card=card,
        order=sort_key(card.title),
        body=body,
        mentions=mentions,
        authors=_names(fields, "author", single=True),
        tags=_names(fields, "tags", single=False),
        image=image,
        image_alt=image_alt,
        image_focus=_image_focus(fields),
        event=_event(fields, day),
        invites=_invites(f"{card.title} {card.summary} {html[:INVITES_WITHIN]}"),
        pinned_until=fields.parsed("pinned", _pinned_until),
        publish=fields.parsed("publish", lambda text: dates.parse_moment(text, rules.zone)),
        expires=fields.day("expires"),
        corrections=_corrections(fields),
        aliases=_aliases(fields),
        title_line=fields.line_of("title"),
        date_line=fields.line_of("date"),
        url_line=fields.line_of("slug" if fields.has("slug") else "date"),
        digest="",
        brief_digest=digest_of(card.brief),
    )
    if day and article.expires and article.expires <= max(day, article.publish.date() if article.publish else day):
        fields.report("expires-before-date", fields.line_of("expires"), found=dates.short(article.expires))
    return article


def _card(fields: Fields, known_day: date | None, html: str, rules: ItemRules) -> tuple[Card, tuple[Mention, ...]]:
    day = known_day or _PLACEHOLDER_DAY
    title = fields.text("title")
    if title and is_unseen(title):
        fields.report("missing-title", fields.line_of("title"), key="title")
    places = _places(fields, day, rules.nationwide_label)
    mentions = _mentions(fields, known_day, places, rules.value_unit)
    _warn_of_other_province(fields, title, day, places)
    card = Card(
        title=title,
        url=urls.item(day, _slug(fields)),
        day=day,
        places=tuple(
            replace(place, name=rules.nationwide_label) if place.id == provinces.NATIONWIDE.id else place
            for place in places
        ),
        summary=fields.text("summary") or markdown.summary(html),
        category=fields.parsed("category", lambda text: _category(text, rules.categories)) or "",
        deal_count=len(mentions),
        amount=mentions[0].amount if len(mentions) == 1 else None,
        draft=fields.flag("draft"),
    )
    return card, mentions


def _names(fields: Fields, key: str, *, single: bool) -> tuple[str, ...]:
    """Return the names of authors or tags, those with one slug once; warn of each that can have no page of its own."""
    names: dict[str, str] = {}
    for scalar in fields.texts(key, single=single):
        words = slug(scalar.text)
        if not urls.has_page(words):
            fields.report("name-without-page", scalar.line, "warning", found=scalar.text, limit=str(MAX_SLUG))
        names.setdefault(words or scalar.text, scalar.text)
    return tuple(names.values())


def _places(fields: Fields, day: date, nationwide_label: str) -> tuple[Place, ...]:
    places: dict[Place, None] = {}
    for scalar in fields.texts("province", single=True):
        # Readers meet the label, and so editors will write it.
        is_label = bool(nationwide_label) and fold(scalar.text) == fold(nationwide_label)
        place = provinces.NATIONWIDE if is_label else _place(fields, scalar.text, scalar.line, day)
        if place in places:
            fields.report("province-twice", scalar.line, "warning", found=scalar.text, name=place.name)
        if place:
            places[place] = None
    if provinces.NATIONWIDE in places and len(places) > 1:
        fields.report("nationwide-and-province", fields.line_of("province"), name=provinces.NATIONWIDE.name)
    return tuple(places)


def _place(fields: Fields, text: str, line: int, day: date, *, of_deal: bool = False) -> Place | None:
    resolved = fields.attempt(lambda: provinces.resolve(text, day, of_deal=of_deal), line)
    if resolved is None:
        return None
    if resolved.spelling == "misspelt":
        fields.report("province-misspelt", line, "warning", found=text, name=resolved.place.name)
    return resolved.place


def _warn_of_other_province(fields: Fields, title: str, day: date, places: tuple[Place, ...]) -> None:
    named = provinces.named_in(title, day)
    if len(named) == 1 and places and provinces.NATIONWIDE not in places and not set(named) & set(places):
        listed = ", ".join(place.name for place in places)
        fields.report(
            "title-names-other-province", fields.line_of("title"), "warning", found=named[0].name, listed=listed
        )


def _mentions(fields: Fields, known_day: date | None, places: tuple[Place, ...], unit: str) -> tuple[Mention, ...]:
    """Return the deals that an item reports: the one of its `value`, or one for each entry of its `deals`."""
    day = known_day or _PLACEHOLDER_DAY
    if fields.has("value") and fields.has("deals"):
        fields.report("value-and-deals", fields.line_of("value"))
    mentions = [_listed_deal(entry, known_day, unit) for entry in fields.mappings("deals", (*DEAL_KEYS, DEAL_NAME))]
    name = fields.text("deal")
    if name and not fields.has("value") and not fields.is_unread("value"):
        fields.report("deal-without-value", fields.line_of("deal"), found=name)
    line = fields.line_of("value")
    worth = fields.parsed("value", lambda text: _worth(text, unit))
    if fields.has("value") and (len(places) > 1 or provinces.NATIONWIDE in places):
        fields.report("value-needs-one-province", line)
    elif worth and places:
        date_of_deal = dates.DealDate(year=day.year, month=day.month, day=day.day)
        mentions.append(Mention(place=places[0], date=date_of_deal, amount=worth[0], line=line, name=name))
    complete = [mention for mention in mentions if mention]
    _warn_of_repeated_deals(fields, complete)
    return tuple(complete)


def _listed_deal(entry: Fields, known_day: date | None, unit: str) -> Mention | None:
    entry.require(*DEAL_KEYS)
    when = entry.parsed("date", dates.parse_day_or_month)
    worth = entry.parsed("value", lambda text: _worth(text, unit))
    day = when.last_day if when else known_day or _PLACEHOLDER_DAY
    name = entry.parsed("province", lambda text: text)
    place = _place(entry, name, entry.line_of("province"), day, of_deal=True) if name else None
    if place == provinces.NATIONWIDE:
        entry.report("deal-nationwide", entry.line_of("province"), name=provinces.NATIONWIDE.name)
    if when and known_day and date(when.year, when.month, when.day or 1) > known_day:
        entry.report("deal-after-item", entry.line_of("date"), "warning", found=dates.show_deal_date(when))
    if when is None or worth is None or place is None:
        return None
    return Mention(place=place, date=when, amount=worth[0], line=entry.line, name=entry.text(DEAL_NAME))


def _warn_of_repeated_deals(fields: Fields, mentions: list[Mention]) -> None:
    """Warn of entries that count as one deal: two with the same name, or two alike of which none has a name."""
    seen: set[tuple[object, ...]] = set()
    for mention in mentions:
        unnamed = (mention.date, mention.amount.dong if mention.amount else None)
        key = (mention.place, *((mention.key,) if mention.key else unnamed))
        if key in seen:
            name, when = mention.place.name, dates.show_deal_date(mention.date)
            cause = f"{fields.path} {name} {when}"
            fields.report("deal-twice-in-item", mention.line, "warning", name=name, date=when, cause=cause)
        seen.add(key)


def _worth(text: str, value_unit: str) -> tuple[Amount | None]:
    """Return the amount in a tuple of one, so that an undisclosed value, (None,), differs from a missing one, None."""
    return (None,) if amounts.is_undisclosed(text) else (amounts.parse(text, value_unit),)


def _category(text: str, categories: tuple[str, ...]) -> str:
    for category in categories:
        if category.casefold() == text.casefold():
            return category
    # Without any categories the settings are to blame, and one message is enough for all items.
    cause = f"category {text.casefold()}" if categories else f"{OF_SETTINGS}categories"
    known = ", ".join(f"«{category}»" for category in categories)
    return refuse("unknown-category", found=text, known=known, cause=cause)


def _pinned_until(text: str) -> date | None:
    """Return the last day on which the item stays on top, date.max for `true`, None for `false`; raise Refused."""
    if text.lower() in {"true", "false"}:
        return date.max if text.lower() == "true" else None
    if not any(character.isdigit() for character in text):
        refuse("pinned-unclear", found=text)
    return dates.parse(text)


def _image(fields: Fields) -> tuple[Link | None, str]:
    target, alt = fields.text("image"), fields.text("image_alt")
    if not target:
        if alt and not fields.has("image") and not fields.is_unread("image"):
            fields.report("missing-image", fields.line_of("image_alt"))
        return None, ""
    if not fields.has("image_alt") and not fields.is_unread("image_alt"):
        fields.report("missing-image_alt", fields.line_of("image_alt" if "image_alt" in fields.entries else "image"))
    if quotes := [sign for sign in (target[0], target[-1]) if sign in CURLY_QUOTES]:
        fields.report("curly-quotes", fields.line_of("image"), found=target, odd=named_signs(quotes))
        return None, ""
    if ":" in target or target.startswith("//"):
        fields.report("picture-elsewhere", fields.line_of("image"), found=target)
        return None, ""
    if alt and alt_text.says_nothing(alt):
        fields.report("picture-alt-says-nothing", fields.line_of("image_alt"), "warning", found=alt)
    return Link(target=target, line=fields.line_of("image"), is_picture=True), alt


def _image_focus(fields: Fields) -> Focus:
    """Return what crops of `image` must keep; its middle unless the item says otherwise."""
    focus = fields.parsed("image_focus", _focus)
    if focus and not fields.has("image") and not fields.is_unread("image"):
        fields.report("focus-without-image", fields.line_of("image_focus"), "warning")
    return focus or MIDDLE


def _focus(text: str) -> Focus:
    match = _FOCUS.fullmatch(text)
    if match is None or not all(int(percent) <= _WHOLE for percent in match.groups()):
        refuse("focus-unclear", found=text)
    return int(match[1]), int(match[2])


def _event(fields: Fields, day: date | None) -> Event | None:
    place, when = fields.text("place"), fields.parsed("event", periods.parse)
    if place and not fields.has("event") and not fields.is_unread("event"):
        fields.report("place-without-event", fields.line_of("place"), found=place)
    if when is None:
        return None
    line, found = fields.line_of("event"), periods.in_words(when)
    if day and not -LONG_AGO <= when.last - day <= FAR_AHEAD:
        days = str(abs((when.last - day).days))
        fields.report("event-far-from-date", line, "warning", found=found, date=dates.short(day), days=days)
    if when.last - when.first > VERY_LONG:
        days = str((when.last - when.first).days + 1)
        fields.report("event-very-long", line, "warning", found=found, days=days)
    return Event(when=when, place=place)


def _invites(text: str) -> bool:
    return any(words in text for words in _INVITING)


def _corrections(fields: Fields) -> tuple[Correction, ...]:
    corrections = []
    for entry in fields.mappings("updated", CORRECTION_KEYS):
        entry.require(*CORRECTION_KEYS)
        day, note = entry.day("date"), entry.text("note")
        if day and note:
            corrections.append(Correction(day=day, note=note))
    return tuple(sorted(corrections, key=lambda correction: correction.day))


def _slug(fields: Fields) -> str:
    if fields.has("slug"):
        return fields.parsed("slug", _checked_slug) or "-"
    folder, _, name = fields.path.rpartition("/")
    stem = name.rpartition(".")[0]
    if not _FILE_NAME.fullmatch(name):
        near = f"{folder}/{slug(stem)}.md" if slug(stem) else ""
        fields.report("file-name", 1, "warning", found=name, near=near)
    words = slug(_FILE_DATE.sub("", stem))
    if not words:
        fields.report("slug-missing", 1, found=name)
        return "-"
    return fields.attempt(lambda: _checked_slug(words), 1) or "-"


def _checked_slug(text: str) -> str:
    if not _SLUG.fullmatch(text):
        refuse("slug-unusable", found=text, near=slug(text))
    if len(text) > MAX_SLUG:
        refuse("slug-too-long", found=text, limit=str(MAX_SLUG))
    if is_device_name(text):
        refuse("name-reserved", found=text)
    return text


def _aliases(fields: Fields) -> tuple[Link, ...]:
    """Return the old urls of an item: each begins with `/`, and that of a folder ends with `/`."""
    aliases: list[Link] = []
    for scalar in fields.texts("aliases", single=True):
        url = fields.attempt(partial(_alias, scalar.text), scalar.line)
        if url and url not in {alias.target for alias in aliases}:
            aliases.append(Link(target=url, line=scalar.line))
    return tuple(aliases)


def _alias(text: str) -> str:
    path = text.strip("/")
    if not _ALIAS.fullmatch(path) or len(path) > MAX_SLUG:
        refuse("alias-unusable", found=text)
    if any(is_device_name(part) for part in path.split("/")):
        refuse("name-reserved", found=text)
    return f"/{path}" if path.endswith((".html", ".htm")) else f"/{path}/"
