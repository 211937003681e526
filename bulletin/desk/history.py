"""What the desk's storage remembers of items, in readers' words: versions, deleted items, what stands instead."""

from __future__ import annotations

import posixpath
from datetime import datetime
from urllib.parse import quote

from bulletin import urls
from bulletin.desk import exchange, form, merging
from bulletin.desk.storage import Actor, Conflict, Opened, Store
from bulletin.model import CONTENT
from bulletin.problems import Language, say
from bulletin.review import differences
from bulletin.settings import Settings

SHOWN_DELETED = 200


def address(path: str) -> str:
    """Return the address of the saved versions of an item, by the path of its file."""
    return f"{urls.DESK}ban/{quote(path.removeprefix(f'{CONTENT}/'))}"


def versions(
    store: Store, path: str, standing: Opened | None, settings: Settings, language: Language
) -> list[exchange.ShownVersion] | None:
    """Return the saved versions of an item, newest first, each with what it changed in the one before it.

    None if there is neither a version nor a file.
    """
    found = store.versions.of(path)
    if not found and standing is None:
        return None
    texts = [_text(store, path, version.name) for version in found]
    older_texts = [*texts[1:], ""] if texts else []
    return [
        exchange.shown_version(
            version,
            differences.difference(path, older, text),
            settings.zone,
            language,
            stands=standing is not None and standing.digest == version.digest,
        )
        for version, text, older in zip(found, texts, older_texts, strict=True)
    ]


def deleted(store: Store) -> list[exchange.Deleted]:
    """Return the items that are gone, those that were saved or deleted last first."""
    found = []
    for path, version in store.deleted()[:SHOWN_DELETED]:
        title = str((form.values(_text(store, path, version.name)) or {}).get("title") or posixpath.basename(path))
        found.append(exchange.Deleted(title=title, path=path, versions=address(path)))
    return found


def text_with(store: Store, path: str, digest: str) -> str | None:
    """Return the version of an item with this digest; None if nobody kept it."""
    version = store.versions.with_digest(path, digest)
    return _text(store, path, version.name) if version else None


def conflict(store: Store, found: Conflict, language: Language) -> exchange.ShownConflict:
    """Return what stands in content/ beside what was to be saved, part by part."""
    if found.theirs is None:
        by = changer(store, found.path, "")
        gone = say("desk-deleted-by", language, who=by) if by else say("desk-deleted-outside", language)
        return exchange.ShownConflict(who=form.spoken(gone), digest="", parts=[])
    by = changer(store, found.path, found.digest)
    who = say("desk-changed-by", language, who=by) if by else say("desk-changed-outside", language)
    parts = merging.merge(found.path, found.base, found.mine, found.theirs)
    return exchange.ShownConflict(
        who=form.spoken(who), digest=found.digest, parts=exchange.conflict_parts(parts, language)
    )


def changer(store: Store, path: str, digest: str) -> str:
    """Return who has saved the text with this digest at the desk; without digest who has deleted the item there.

    Empty if another program did.
    """
    if not digest:
        last = next(iter(store.versions.of(path)), None)
        return last.by.name if last and last.by and last.origin == "deleted" else ""
    version = store.versions.with_digest(path, digest)
    return version.by.name if version and version.by else ""


def saved(saved: tuple[float, Actor | None], settings: Settings, language: Language) -> str:
    """Return in words who has saved what stands in the bulletin, and when."""
    at, who = saved
    when = _moment(at, settings)
    if who:
        return say("desk-saved-by", language, who=who.name, when=when)
    return say("desk-saved-outside", language, when=when)


def saved_at_desk(store: Store, path: str, digest: str, settings: Settings, language: Language) -> str:
    """Return in words who has saved the text with this digest at the desk, and when; empty if nobody has."""
    version = store.versions.with_digest(path, digest)
    return saved((version.at, version.by), settings, language) if version and version.by else ""


def _moment(at: float, settings: Settings) -> str:
    return f"{datetime.fromtimestamp(at, settings.zone):%H:%M %d/%m/%Y}"


def returns_to(saved: tuple[float, Actor | None] | None, by: Actor, settings: Settings, language: Language) -> str:
    """Return in words what discarding a working copy returns to: when that was saved, and by whom; None if nothing."""
    if saved is None:
        return form.spoken(say("desk-returns-to-nothing", language))
    at, who = saved
    when = _moment(at, settings)
    if who and who != by:
        return form.spoken(say("desk-returns-to-saved-by", language, who=who.name, when=when))
    return form.spoken(say("desk-returns-to-saved", language, when=when))


def _text(store: Store, path: str, version: str) -> str:
    return store.versions.read(path, version).decode(errors="backslashreplace")
