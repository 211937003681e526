"""An edition -> its e-mail: HTML with its styles in every tag, plain text, and the .eml that holds both."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator, Sequence

from markupsafe import Markup
from msgspec import Struct

from bulletin import urls
from bulletin.editions import shown
from bulletin.editions.edition import CorrectedItem, Edition
from bulletin.editions.mail import message, text_form
from bulletin.editions.mail.html_body import CELL, COLUMN, BodyWriter, Shown
from bulletin.editions.mail.pictures import Jpeg, MailPictures, Wanted
from bulletin.editions.mail.story import Story, classes, story
from bulletin.problems import refuse
from bulletin.render import Renderer
from bulletin.richtext import markup
from bulletin.settings import EditionSettings

TEMPLATE = "mail.html"
LIMIT = 9_900_000
"""Bytes of a mail; many servers take no more than 10 MB."""
_BASE64 = 1.37
"""Bytes in the mail for each byte of a picture."""
_SPARE = 20_000
"""Bytes that addresses of linked pictures may take."""


class Mail(Struct, frozen=True, kw_only=True):
    """An edition as an e-mail, and as the files that are the same without a mail program."""

    html: str
    """The page of the mail with its pictures in it, to be opened in a browser or passed on as one file."""
    text: str
    body: message.Body


class StoryView(Struct, frozen=True, kw_only=True):
    """An item as the template shows it: where, when, by whom; the HTML of its text, or its beginning."""

    story: Story
    meta: str
    notes: tuple[str, ...]
    head: Shown | None
    text: Markup


class GroupView(Struct, frozen=True, kw_only=True):
    """The items under one heading."""

    title: str
    url: str
    stories: tuple[StoryView, ...]


class MailView(Struct, frozen=True, kw_only=True):
    """What the template of the mail shows: how much there is to tell, and all of it.

    `page` is the url of the site's page for what the edition is about.
    """

    edition: Edition
    told: str
    page: str
    corrections: tuple[tuple[CorrectedItem, tuple[str, ...]], ...]
    """Items that were corrected, and what of each."""
    groups: tuple[GroupView, ...]


def write_mail(edition: Edition, settings: EditionSettings, renderer: Renderer, jpeg: Jpeg) -> Mail:
    """Return the e-mail of an edition; raise BuildFailed for a fault in the template.

    The bytes depend on the edition, the settings and the templates alone.
    """
    stories = [story(number, item, renderer.absolute) for number, item in enumerate(edition.items, 1)]
    text = text_form.written(edition, page_of(edition), stories, renderer.absolute)
    room = int(LIMIT / _BASE64)
    while True:
        pictures = MailPictures(list(_wanted(stories)), jpeg, renderer.absolute, room)
        page = _inlined(renderer.render_apart(TEMPLATE, _view(edition, stories, pictures)))
        body = message.body(subject_of(edition, settings), settings.sender, text, page, pictures.inline)
        excess = len(body.entity) - LIMIT
        if excess <= 0 or not room:
            return Mail(html=_with_pictures(page, pictures.inline), text=text, body=body)
        # How long the HTML is shows only when it is written; it is hardly another one for fewer pictures.
        room = max(0, min(room, sum(len(one.jpeg) for one in pictures.inline)) - int(excess / _BASE64) - _SPARE)


def _view(edition: Edition, stories: Sequence[Story], pictures: MailPictures) -> MailView:
    return MailView(
        edition=edition,
        told=text_form.told_in_words(edition),
        page=page_of(edition),
        corrections=tuple((one, shown.corrected(one)) for one in edition.corrections),
        groups=tuple(_groups(edition, stories, pictures)),
    )


def subject_of(edition: Edition, settings: EditionSettings) -> str:
    """Return the subject of the mail."""
    return settings.subject.replace("{title}", edition.bulletin).replace("{edition}", edition.title)


def page_of(edition: Edition) -> str:
    """Return the url of the page that an edition is about: its province's, its month's, else the front page."""
    if edition.province:
        return urls.province(edition.province.id)
    if edition.period.series == "month" and edition.items:
        return urls.month((edition.period.first.year, edition.period.first.month))
    return urls.HOME


def _groups(edition: Edition, stories: Sequence[Story], pictures: MailPictures) -> Iterator[GroupView]:
    left = iter(stories)
    for group in edition.groups:
        of_group = [next(left) for _ in group.items]
        yield GroupView(
            title=group.page.title,
            url=group.page.url,
            stories=tuple(_story_view(one, group.page.title, pictures) for one in of_group),
        )


def _story_view(one: Story, heading: str, pictures: MailPictures) -> StoryView:
    writer = BodyWriter(one.pictures, pictures.shown)
    return StoryView(
        story=one,
        meta=shown.meta(one.item.article.card, heading),
        notes=shown.notes(one.item.article),
        head=pictures.shown(one.head, COLUMN) if one.head else None,
        text=Markup(writer.write(one.root)),  # noqa: S704 - the text was sanitised, and the writer escapes all of it
    )


def _wanted(stories: Sequence[Story]) -> Iterator[Wanted]:
    """Yield the pictures of a mail with their widths. What heads an item comes first: it is the last to be linked."""
    yield from ((one.head, COLUMN) for one in stories if one.head)
    for one in stories:
        halves = {id(image) for gallery in _galleries(one.root) for image in gallery.walk() if image.tag == "img"}
        for image in one.root.walk():
            picture = one.pictures.get(image.attributes.get("src", "")) if image.tag == "img" else None
            if picture is not None:
                yield picture, CELL if id(image) in halves else COLUMN


def _galleries(root: markup.Node) -> Iterator[markup.Node]:
    return (node for node in root.walk() if node.tag == "figure" and "gallery" in classes(node))


def _inlined(page: str) -> str:
    """Return a page whose rules stand as `style` in each tag, since Outlook for the web and Gmail drop others.

    Rules for small screens and dark ones stay in the head: programs that know them read them there.
    """
    try:
        import css_inline  # noqa: PLC0415 - an extra, that only editions need
    except ModuleNotFoundError:
        refuse("edition-without-css-inline")
    return css_inline.CSSInliner(keep_at_rules=True, load_remote_stylesheets=False).inline(page)


def _with_pictures(page: str, pictures: Sequence[message.Inline]) -> str:
    for picture in pictures:
        data = b64encode(picture.jpeg).decode()
        page = page.replace(f'src="cid:{picture.id}"', f'src="data:image/jpeg;base64,{data}"')
    return page
