"""A planned site -> what is kept of it beside its pages: the sources that they are made from, by digests."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from msgspec import Struct
from msgspec.json import encode
from msgspec.structs import replace

from bulletin.build.inputs import Inputs, code_digest
from bulletin.build.planning import PlannedSite
from bulletin.digests import digest_of, digest_of_bytes
from bulletin.images import Original, Unusable
from bulletin.model import Article
from bulletin.pages import ItemPage, archive
from bulletin.publishing import KeptItem, KeptSources, kept


class ToKeep(Struct, frozen=True, kw_only=True):
    """What is to be kept of a site: its rows by path, the texts among them by digest, and where stand-ins are kept."""

    items: Mapping[str, KeptItem]
    texts: Mapping[str, bytes]
    elsewhere: Mapping[str, KeptSources]
    """Where the bytes are that stand-ins are made from, by digest."""

    def bytes_of(self, read: Callable[[str], bytes]) -> kept.BytesOf:
        """Return where all bytes are; `read` returns those of a file below content/."""

        def bytes_of(path: str, digest: str) -> bytes:
            if digest in self.texts:
                return self.texts[digest]
            return self.elsewhere[digest].any(digest) if digest in self.elsewhere else read(path)

        return bytes_of


def to_keep(site: PlannedSite, inputs: Inputs, attachments: Mapping[str, str]) -> ToKeep:
    """Return what is to be kept of a site. `attachments` are the digests of attachments, as far as known, by path."""
    rules = encode(site.request.settings.item_rules)
    own = {name: data for name, data in inputs.files.items() if name in inputs.own}
    texts = {
        kept.SETTINGS: encode(site.request.settings.of_pages),
        kept.PROGRAM: _program(inputs).encode(),
        **{kept.TEMPLATES + name: data for name, data in own.items()},
    }
    keep = _Keeping(site, digest_of_bytes(rules), attachments)
    items = {one.source: keep.item(one, waits=True) for one in site.waiting}
    published = [page.article for page in site.plan.pages if isinstance(page, ItemPage)]
    if site.parts is not None:
        # Of a part of a site, the pages beside a changed item are planned too; what they are made from stands as it is.
        published = [one for one in published if one.source in site.compiled.digests]
    items |= {one.source: keep.item(one, waits=False) for one in published}
    of_site = kept.of_site(texts)
    return ToKeep(
        items={**items, **of_site},
        texts={digest_of_bytes(rules): rules, **{of_site[name].source: data for name, data in texts.items()}},
        elsewhere=keep.elsewhere,
    )


class _Keeping:
    def __init__(self, site: PlannedSite, rules: str, attachments: Mapping[str, str]) -> None:
        self._site = site
        self._rules = rules
        self._attachments = attachments
        self.elsewhere: dict[str, KeptSources] = {}

    def item(self, article: Article, *, waits: bool) -> KeptItem:
        past = archive.past(article, self._site.request.now)
        if article.source in self._site.stand_ins.content.stand_ins:
            item, place = self._site.stand_ins.kept(article.source)
            self.elsewhere |= dict.fromkeys((item.source, item.rules, *item.files.values()), place)
            return replace(item, past=past)
        files = self._site.compiled.named.get(article.source, ())
        return KeptItem(
            source=self._site.compiled.digests[article.source],
            rules=self._rules,
            files=dict(self._files(files)) if files else {},
            past=past,
            waits=waits,
        )

    def _files(self, files: Iterable[str]) -> Iterator[tuple[str, str]]:
        """Yield the files that an item publishes, each with the digest of its bytes."""
        for path in sorted(files):
            picture = self._site.stand_ins.content.pictures.get(path)
            if isinstance(picture, Original):
                yield path, picture.digest
            elif not isinstance(picture, Unusable):
                yield path, self._attachments.get(path) or digest_of_bytes(self._site.stand_ins.folder.read(path))


def _program(inputs: Inputs) -> str:
    """Return the digest of the program, to which the templates belong that are not the site's own."""
    others = [(name, digest_of_bytes(data)) for name, data in inputs.files.items() if name not in inputs.own]
    return digest_of(code_digest(), others)
