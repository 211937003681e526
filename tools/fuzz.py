"""Chance texts for all that reads what people write: `python -m tools.fuzz MINUTES` tries them as long as it may.

Whatever comes in, only values and problems come out: an exception of any other kind ends the run with the text that
raised it, made as short as can be. A short run is among the tests.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from bulletin.items import compile_source, decode
from bulletin.items.frontmatter import parse
from bulletin.model import Source
from bulletin.problems import Language, Problem, Refused, hint, message, problem_at
from bulletin.vietnamese import amounts, dates, provinces
from tests.builders import PATH, RULES, headed
from tests.test_article import pairs
from tests.test_convert import assert_harmless, converted
from tests.test_convert import texts as any_markdown
from tests.test_fast_path import NEWS, is_true_to_markdown

LANGUAGES: tuple[Language, ...] = ("vi", "en")

NUMBERS = st.sampled_from(
    [*"0123456789.,- ", "tỷ", "triệu", "đồng", "khoảng ", "hơn ", "USD", "%", "½", "١", "2.000", "\u200b"]
)
DAYS = st.sampled_from([*"0123456789/-.: ", "ngày ", "tháng ", "năm ", "2016", "T", "Z", "+07:00", "٣", "²", "hôm nay"])
PLACES = st.sampled_from(
    ["tỉnh ", "TP", ".", "UBND ", "Hà ", "Nội", "Huế", "HCM", "đ", "Đ", "-", ",", "\u0301", "thừa thiên ", "ð"]
)
YAML = st.sampled_from(
    [*"\n\n:-[]{}#&*!|>'\"%@` ,?", "- ", ": ", "---", "...", "title", "key", "<<", "!!python", "&a ", "*a", "\t"]
)


def glued(pieces: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Return a strategy of texts of such pieces, or of any characters."""
    return st.lists(pieces, max_size=16).map("".join) | st.text(max_size=40)


HEADERS = st.one_of(glued(YAML), st.lists(pairs.map(": ".join), max_size=9).map("\n".join))
ITEMS = st.builds(
    lambda header, body: headed(header, body=body).encode(errors="surrogatepass"), HEADERS, any_markdown | NEWS
)


def said(problems: tuple[Problem, ...]) -> None:
    """Have every problem said in both languages."""
    for problem in problems:
        for language in LANGUAGES:
            assert message(problem, language)
            hint(problem, language)


def refused(read: Callable[[str], object]) -> Callable[[str], None]:
    """Return the function that reads a text or has its refusal said."""

    def check(text: str) -> None:
        try:
            read(text)
        except Refused as fault:
            said((problem_at(fault, PATH, 1),))

    return check


def header(text: str) -> None:
    said(parse(Source(path=PATH, text=f"---\n{text}\n---\n"))[1])


def markdown(text: str) -> None:
    body, problems = converted(text)
    assert_harmless(body)
    said(problems)


def fast_path(text: str) -> None:
    assert is_true_to_markdown(text)


def item(data: bytes) -> None:
    source = decode(PATH, data)
    if not isinstance(source, Source):
        assert source
        said(source)
        return
    done = compile_source(source, RULES)
    said(done.problems)
    assert (done.article is None) == any(found.severity == "error" for found in done.problems)
    assert all(1 <= found.line <= source.text.count("\n") + 1 for found in done.problems)


TARGETS: Mapping[str, tuple[st.SearchStrategy[Any], Callable[[Any], None]]] = {
    "headers": (HEADERS, header),
    "amounts": (glued(NUMBERS), refused(lambda text: amounts.parse(text, "tỷ đồng"))),
    "dates": (glued(DAYS), refused(dates.parse)),
    "dates of deals": (glued(DAYS), refused(dates.parse_day_or_month)),
    "provinces": (glued(PLACES), refused(lambda text: provinces.resolve(text, date(2016, 12, 25)))),
    "Markdown": (any_markdown | NEWS, markdown),
    "plain news": (NEWS, fast_path),
    "items": (ITEMS | st.binary(max_size=120), item),
}


def fuzz(name: str, examples: int) -> int:
    """Try a target on so many texts that differ from run to run; return how many were tried."""
    texts, check = TARGETS[name]
    tried = 0

    @settings(
        max_examples=examples,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        phases=(Phase.generate, Phase.shrink),
    )
    @given(texts)
    def attempt(text: Any) -> None:
        nonlocal tried
        tried += 1
        check(text)

    attempt()
    return tried


def main(minutes: float) -> None:
    """Try all targets in turn until the time is over, and say how often."""
    end = time.monotonic() + 60 * minutes
    tried = dict.fromkeys(TARGETS, 0)
    while time.monotonic() < end:
        for name in TARGETS:
            tried[name] += fuzz(name, 500)
    for name, count in (*tried.items(), ("all", sum(tried.values()))):
        sys.stdout.write(f"{count:>10,}  {name}\n")


if __name__ == "__main__":
    main(float(sys.argv[1]))
