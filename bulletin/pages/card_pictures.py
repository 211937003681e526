"""Puts the pictures of items into their cards, and says which crops are to be made for that. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from msgspec.structs import replace

from bulletin.digests import digest_of
from bulletin.images import Focus, Original, crops
from bulletin.model import Article, CardPicture, Content, Item
from bulletin.pages.links import image_file, image_stem


def wanted_crops(items: Iterable[Item]) -> dict[str, frozenset[Focus]]:
    """Return the pictures that head items, by their paths in content/, each with the points its crops must keep."""
    wanted: dict[str, frozenset[Focus]] = {}
    for item in items:
        if isinstance(item, Article) and (path := image_file(item)):
            wanted[path] = wanted.get(path, frozenset()) | {item.image_focus}
    return wanted


def illustrated(item: Item, content: Content) -> Item:
    """Return an item whose card shows its picture; unchanged if it has none, or none that can be shown."""
    if item.image is None or not isinstance(item, Article):
        return item
    path = image_file(item)
    kept: Mapping[str, str] = content.stand_ins.get(item.source, {})
    original = content.pictures.get(kept.get(path, path))
    if not isinstance(original, Original):
        return item
    picture = CardPicture(crops=crops(original, image_stem(item, path), item.image_focus), alt=item.image_alt)
    return replace(item, card=replace(item.card, picture=picture), brief_digest=digest_of(item.brief_digest, picture))
