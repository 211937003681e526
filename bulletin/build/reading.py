"""A site as readers see it at a moment: its items, with what their texts and pictures are made of. Renders nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

from msgspec import Struct
from msgspec.structs import replace

from bulletin.build import content_folder
from bulletin.build.cache import State
from bulletin.build.compile_items import compile_items
from bulletin.build.inputs import read_inputs
from bulletin.build.make_images import make_images
from bulletin.build.planning import wanted_pictures
from bulletin.build.pool import Pool, Tell
from bulletin.build.requests import Request, hear_nothing
from bulletin.build.run import with_state
from bulletin.build.seals import Damaged
from bulletin.images import Picture, Rendition
from bulletin.images.store import Renditions
from bulletin.pages import ItemPage, Plan, plan
from bulletin.pages.views import PictureCopy
from bulletin.problems import BuildFailed, Problem, errors
from bulletin.publishing import Publisher
from bulletin.render import Renderer
from bulletin.urls import path_of

Result = TypeVar("Result")


class ReadSite(Struct, frozen=True, kw_only=True):
    """A site that was read: its plan, its problems, which are all warnings, and what shows pages of it."""

    now: datetime
    plan: Plan
    problems: tuple[Problem, ...]
    renderer: Renderer
    pictures: Pictures
    digests: Mapping[str, str]
    """Of the bytes of each source, by its path."""
    texts: Callable[[Iterable[str]], dict[str, str]]
    """Returns the HTML of texts, by the digest of each."""

    @property
    def items(self) -> tuple[ItemPage, ...]:
        """The pages of all items that readers see."""
        return tuple(page for page in self.plan.pages if isinstance(page, ItemPage))


class Pictures(Struct, frozen=True, kw_only=True):
    """The pictures of a site that was read, as JPEG."""

    copies: dict[str, PictureCopy]
    """The published files, by their paths."""
    renditions: Renditions

    def jpeg(self, picture: Picture, width: int = 0) -> bytes:
        """Return a picture no wider than so many pixels; as it is published if none are given.

        What was scaled once is kept beside the published sizes, for as long as any item shows the picture.
        """
        copy = self.copies[path_of(picture.url)]
        if not width or width >= picture.width:
            return self._read(copy)
        height = max(1, (2 * picture.height * width + picture.width) // (2 * picture.width))
        narrower = Rendition(width=width, height=height, format="jpg")
        if (kept := self.renditions.read(copy.original, narrower)) is not None:
            return kept
        from bulletin.images.pillow import scaled  # noqa: PLC0415 - Pillow takes 40 ms to load

        made = scaled(self._read(copy), narrower)
        self.renditions.keep(copy.original, narrower, made)
        return made

    def digest(self, picture: Picture) -> str:
        """Return the digest of a picture: two files may hold the same one."""
        return self.copies[path_of(picture.url)].original

    def _read(self, copy: PictureCopy) -> bytes:
        data = self.renditions.read(copy.original, copy.rendition)
        if data is None:
            raise Damaged(copy.path)
        return data


def read_site(request: Request, use: Callable[[ReadSite], Result], tell: Tell = hear_nothing) -> Result:
    """Return what `use` makes of a site as a build of it would publish it; raise BuildFailed with all errors.

    `use` is called once more if the kept state turns out to be damaged. output/ is neither read nor written.
    """
    # Only what is kept of former builds is wanted of them: nothing is published.
    request = replace(request, publish=True, keep_going=False)
    pool = Pool(request.jobs, None, tell)
    with TemporaryDirectory(prefix="ban-tin-") as folder:
        publisher = Publisher(request.output, Path(folder))
        try:
            return with_state(request, publisher, None, partial(_read, use=use, pool=pool))
        finally:
            pool.close()


def _read(request: Request, state: State, use: Callable[[ReadSite], Result], pool: Pool) -> Result:
    folder, misplaced = content_folder.look(request.root)
    compiled = compile_items(folder, request.settings.item_rules, state, pool)
    pictures = make_images(folder, wanted_pictures(compiled), state, pool)
    content = replace(folder.content, pictures=pictures)
    planned = plan(compiled.items, content, request.settings, request.now, drafts=False)
    problems = tuple(sorted({*misplaced, *compiled.problems, *planned.problems}))
    if any(errors(problems)):
        raise BuildFailed(problems)
    inputs = read_inputs(request.root, request.settings)
    assert state.renditions is not None
    renderer = Renderer(
        {name: template.text for name, template in inputs.templates(state).items()},
        inputs.own,
        request.settings,
        {asset.name: f"/{asset.path}" for asset in inputs.assets},
    )

    copies = {copy.path: copy for copy in planned.copies if isinstance(copy, PictureCopy)}
    return use(
        ReadSite(
            now=request.now,
            plan=planned,
            problems=problems,
            renderer=renderer,
            pictures=Pictures(copies=copies, renditions=state.renditions),
            digests=compiled.digests,
            texts=lambda digests: state.texts(set(digests)),
        )
    )
