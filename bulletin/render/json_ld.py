"""An item as structured data (schema.org/NewsArticle), which search engines of an intranet read too."""

from __future__ import annotations

from collections.abc import Callable

from msgspec.json import encode

from bulletin.model import Event
from bulletin.pages.views import ItemView
from bulletin.settings import Settings
from bulletin.vietnamese import periods


def news_article(view: ItemView, settings: Settings, address: Callable[[str], str]) -> str:
    """Return JSON-LD for a script element; `address` makes a url of the site absolute."""
    card = view.card
    changed = max([card.day, *(correction.day for correction in view.corrections)])
    content = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": card.title,
        "url": address(card.url),
        "inLanguage": "vi",
        "datePublished": card.day.isoformat(),
        "dateModified": changed.isoformat(),
        "publisher": {"@type": "Organization", "name": settings.organisation or settings.title},
        "contentLocation": [{"@type": "AdministrativeArea", "name": place.name} for place in card.places if place.name],
    }
    if view.authors:
        content["author"] = [{"@type": "Person", "name": author.title} for author in view.authors]
    if card.summary:
        content["description"] = card.summary
    if card.category:
        content["articleSection"] = card.category
    if view.tags:
        content["keywords"] = [tag.title for tag in view.tags]
    if view.event:
        content["about"] = _event(view, view.event, settings)
    if view.image:
        content["image"] = address(view.image.url)
    text = encode(content).decode()
    # «</script>» in a title would end the element, and «<!--» would change how it is parsed, so `<` becomes an escape.
    return text.replace("<", "\\u003c")


def _event(view: ItemView, event: Event, settings: Settings) -> dict[str, object]:
    """Return schema.org/Event; it takes place in its provinces where no other place is known."""
    begins, ends = periods.machine_readable(event.when, settings.zone)
    names = ", ".join(place.name for place in view.card.places if place.name)
    place = {"@type": "Place", "name": event.place or names, **({"address": names} if names else {})}
    end = {"endDate": ends} if event.when.has_end else {}
    where = {"location": place} if place["name"] else {}
    return {"@type": "Event", "name": view.card.title, "startDate": begins, **end, **where}
