"""Gives each article its neighbours, once for all: a template that looked for them would walk the whole list."""
# ruff: noqa: INP001
# mypy: disable-error-code="import-not-found"

from __future__ import annotations

from typing import Any

from pelican import signals

RELATED = 3


def register() -> None:
    signals.article_generator_finalized.connect(set_neighbours)


def set_neighbours(generator: Any) -> None:
    """Set `newer`, `older` and `related` (those of the province just before it) of each article."""
    articles = generator.articles
    for newer, article, older in zip([None, *articles], articles, [*articles[1:], None], strict=False):
        article.newer, article.older = newer, older
    for _, of_province in generator.categories:
        for position, article in enumerate(of_province, 1):
            article.related = of_province[position : position + RELATED]
