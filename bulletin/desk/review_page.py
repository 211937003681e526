"""A review as a page: on the desk, or as one file that is mailed to whoever approves."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from pathlib import Path

from markupsafe import Markup
from msgspec import Struct

from bulletin.desk.templating import templates
from bulletin.digests import digest_of_bytes
from bulletin.files import read_file
from bulletin.images import MAX_BYTES
from bulletin.problems import BuildFailed, Language, Problem, Refused, errors, say, show
from bulletin.publishing import KeptSources
from bulletin.review import PictureChange, Review, wording
from bulletin.settings import Settings

STATIC = Path(__file__).parent / "static"
_MOST_PIXELS = 320
_MOST_PICTURES = 60
"""With more of them the file would be too large to be mailed; the others are named."""


class ReviewPage(Struct, frozen=True, kw_only=True):
    """What a template shows of a review: its sections, the pictures by digest, and the words around them."""

    review: Review
    sections: tuple[wording.Section, ...]
    pictures: Mapping[str, str]
    head: str
    before: str
    after: str
    whole: str
    none: str


def review_page(review: Review, standing: KeptSources, root: Path, language: Language) -> ReviewPage:
    """Return a review as templates take it; `standing` is what readers have, `root` the site's folder."""
    if review.is_empty:
        head = say("review-nothing", language)
    else:
        head = say("review-head-first" if review.is_first else "review-head", language)
    return ReviewPage(
        review=review,
        sections=wording.sections(review, language),
        pictures=_pictures(review, standing, root),
        head=wording.sentence(head),
        before=wording.sentence(say("review-picture-before", language)),
        after=wording.sentence(say("review-picture-after", language)),
        whole=wording.sentence(say("review-whole-item", language)),
        none=wording.sentence(say("review-no-picture", language)),
    )


def review_file(
    page: ReviewPage, settings: Settings, problems: Iterable[Problem], now: datetime, language: Language
) -> str:
    """Return a review as one HTML file that asks nobody for anything."""
    found = list(errors(problems))
    style = (STATIC / "review_file.css").read_text("utf-8") + (STATIC / "review.css").read_text("utf-8")
    return templates.get_template("review_file.html").render(
        page=page,
        site=settings,
        language=language,
        title=wording.sentence(say("review-title", language)),
        made=wording.sentence(say("review-made", language, at=f"{now:%H:%M %d/%m/%Y}", address=settings.base_url)),
        code=wording.sentence(say("review-code", language, found=page.review.code)),
        errors=[show(one, language) for one in found],
        mend=wording.sentence(say("review-mend", language)),
        with_errors=wording.sentence(say("review-with-errors", language)) if found else "",
        # Ours, and without what could end the element.
        style=Markup(style),  # noqa: S704 - as said
    )


def _pictures(review: Review, standing: KeptSources, root: Path) -> dict[str, str]:
    """Return the pictures that come, go or change, small, as addresses that hold them; by digest."""
    found: dict[str, str] = {}
    for change in (one for item in review.all_items for one in item.pictures):
        for digest, read in _sides(change, standing, root):
            if digest and digest not in found and len(found) < _MOST_PICTURES:
                data = read()
                if digest_of_bytes(data) == digest and (small := _small(change.path, data)):
                    found[digest] = f"data:image/jpeg;base64,{b64encode(small).decode()}"
    return found


def _sides(
    change: PictureChange, standing: KeptSources, root: Path
) -> tuple[tuple[str, Callable[[], bytes]], tuple[str, Callable[[], bytes]]]:
    def today() -> bytes:
        try:
            return read_file(root, change.path, {}, MAX_BYTES + 1)
        except BuildFailed:
            # Of an item with errors, which is shown as it was, or deleted since.
            return standing.any(change.after)

    return (change.before, lambda: standing.any(change.before)), (change.after, today)


def _small(path: str, data: bytes) -> bytes:
    from bulletin.images.pillow import thumbnail  # noqa: PLC0415 - Pillow takes 40 ms to load

    try:
        return thumbnail(path, data, _MOST_PIXELS)
    except Refused:
        return b""
