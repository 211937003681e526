"""A build's report -> an answer: for people the new items as they were understood and a summary, for programs JSON."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from bulletin.build import Report
from bulletin.commands.arguments import Options
from bulletin.commands.calls import Answer
from bulletin.model import Card
from bulletin.pages import deals
from bulletin.problems import Language, errors, gathered, say
from bulletin.vietnamese import amounts, dates

NEW_ITEMS_SHOWN = 20
SHARED_DEALS_SHOWN = 20


def answer_of(report: Report, options: Options, language: Language) -> Answer:
    """Return the answer that reports a build."""
    report = replace(report, problems=gathered(report.problems))
    lines = tuple(_summary(report, options, language))
    data = _data(report) | (_shared_data(report) if options.command == "check" else {})
    return Answer(data=data, lines=lines, problems=report.problems)


def count(number: int, language: Language) -> str:
    return _number(f"{number:,}", language)


def seconds(number: float, language: Language) -> str:
    return _number(f"{number:,.1f}", language)


def _data(report: Report) -> dict[str, object]:
    changes = report.changes
    return {
        "items": report.items,
        "pages": report.pages,
        "written": len(changes.added) + len(changes.changed),
        "unchanged": changes.staying,
        "removed": len(changes.removed),
        "rendered": len(report.reasons),
        "seconds": round(report.seconds, 3),
        "peak_mib": _peak_mib(report),
        "next_due": report.next_due.isoformat() if report.next_due else None,
    }


def _shared_data(report: Report) -> dict[str, object]:
    """Return the deals that several items tell of, as `check` names them to programs."""
    shared = [
        {
            "province": one.deal.place.id,
            "date": str(one.deal.date),
            "value": one.deal.amount.dong if one.deal.amount else None,
            "deal": one.deal.name or None,
            "places": one.places,
        }
        for one in report.shared_deals
    ]
    return {"shared_deals": shared}


def _summary(report: Report, options: Options, language: Language) -> Iterator[str]:
    """Yield the lines for people: the new items as they were understood, the number of problems, how much was done."""
    if options.explain:
        yield from (f"{path}: {say(f'reason-{reason}', language)}" for path, reason in sorted(report.reasons.items()))
    if report.published:
        yield from _new_items(report.new, language)
    error_count = sum(1 for _ in errors(report.problems))
    warning_count = len(report.problems) - error_count
    if error_count or warning_count:
        yield say(
            "summary-problems",
            language,
            errors=count(error_count, language),
            warnings=count(warning_count, language),
        )
    if report.published:
        yield say(
            "summary-build",
            language,
            items=count(report.items, language),
            pages=count(report.pages, language),
            written=count(len(report.changes.added) + len(report.changes.changed), language),
            unchanged=count(report.changes.staying, language),
            removed=count(len(report.changes.removed), language),
            seconds=seconds(report.seconds, language),
        )
        if report.next_due:
            yield say("summary-due", language, due=f"{report.next_due:%H:%M %d/%m/%Y}")
    elif options.command == "build":
        # A site that is neither the old nor the new one is told by its error.
        if not any(one.code in {"half-published", "published-not-ended"} for one in report.problems):
            yield say("summary-untouched", language)
    elif not error_count:
        yield from _shared_deals(report.shared_deals, language)
        yield say("summary-checked", language, items=count(report.items, language), pages=count(report.pages, language))
        if options.leaks:
            yield say("summary-no-leaks", language)


def _shared_deals(shared: Sequence[deals.SharedDeal], language: Language) -> Iterator[str]:
    """Yield each deal that several items tell of: an editor sees at once if two deals were taken for one."""
    for one in shared[:SHARED_DEALS_SHOWN]:
        deal = one.deal
        amount = amounts.show(deal.amount) if deal.amount else say("preview-undisclosed", language)
        told = " · ".join(
            part for part in (deal.place.name, deal.name, dates.show_deal_date(deal.date), amount) if part
        )
        yield say("summary-shared-deal", language, deal=told, places=", ".join(one.places))
    if len(shared) > SHARED_DEALS_SHOWN:
        yield say("summary-more-shared", language, count=count(len(shared) - SHARED_DEALS_SHOWN, language))


def _new_items(cards: Sequence[Card], language: Language) -> Iterator[str]:
    """Yield each new item with its date in words, since nothing else shows that 08/12 was read as 8 December."""
    for card in cards[:NEW_ITEMS_SHOWN]:
        places = ", ".join(place.name for place in card.places)
        parts = (f"+ {card.url}", dates.long(card.day), places, amounts.show(card.amount) if card.amount else "")
        yield " · ".join(part for part in parts if part)
    if len(cards) > NEW_ITEMS_SHOWN:
        yield say("summary-more-new", language, count=count(len(cards) - NEW_ITEMS_SHOWN, language))


def _number(english: str, language: Language) -> str:
    """Return a number as the language writes it: «1.234,5» in Vietnamese."""
    return english.translate(str.maketrans(",.", ".,")) if language == "vi" else english


def _peak_mib(report: Report) -> float | None:
    """Return the peak memory of this process and its workers together; None on Windows, which does not tell.

    macOS tells of the largest worker alone.
    """
    try:
        import resource  # noqa: PLC0415 - there is none on Windows
    except ImportError:
        return None
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    if sys.platform == "darwin":
        # It counts in bytes, Linux in KiB.
        return round((own + resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss) / 2**20, 1)
    return round(own / 2**10 + report.peak_of_workers / 2**20, 1)
