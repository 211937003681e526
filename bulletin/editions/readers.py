"""What readers of the site have while an edition is made: where they read, and which items they can open."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from msgspec.structs import replace

from bulletin.model import Article
from bulletin.problems import Problem, problem
from bulletin.publishing import Publisher, Unreadable
from bulletin.settings import Settings
from bulletin.targets import Target, target_of


def with_their_address(known: Settings, root: Path) -> Settings:
    """Return the settings with the `base_url` of the first target, to which links and QR codes have to lead."""
    return replace(known, base_url=_target(known, root).base_url)


def unpublished(
    articles: Iterable[Article], digests: Mapping[str, str], known: Settings, root: Path
) -> Iterator[Problem]:
    """Yield a warning for each item that readers do not have as it stands in content/, by the digests of its source.

    It is an error where somebody has to approve what goes out. Where nobody knows what readers have there is none.
    """
    had = _published(known, root)
    if not had and not known.approval:
        return
    for article in articles:
        path, line = article.source, article.title_line
        if had.get(path) == digests[path]:
            continue
        if known.approval:
            yield problem(path, line, "edition-not-approved", cause="approval")
        else:
            yield problem(path, line, "edition-unpublished", "warning", cause="publication")


def _published(known: Settings, root: Path) -> Mapping[str, str]:
    """Return the digest of the source of each item that readers have, by its path; empty if nobody can tell."""
    target = _target(known, root)
    # Of a target on another machine, what was built for it last.
    publisher = Publisher.beside(target.staging if target.ssh else target.folder)
    try:
        return {path: item.source for path, item in publisher.sources.items().items()}
    except Unreadable:
        return {}


def _target(known: Settings, root: Path) -> Target:
    return target_of(known, root, next((one.name for one in known.targets), ""))
