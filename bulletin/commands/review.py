"""`review`: what readers would see change, on the terminal, as JSON or as a page that can be mailed; and its code."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence

from bulletin.build import Request, cores
from bulletin.build.reviewing import review
from bulletin.commands.calls import Answer, Call
from bulletin.commands.console import is_terminal
from bulletin.commands.progress import Progress
from bulletin.files import write_anew
from bulletin.model import CONTENT
from bulletin.problems import BuildFailed, Language, Problem, errors, gathered, problem, say
from bulletin.review import ItemChange, Review, differences, wording
from bulletin.review.values import TotalChange
from bulletin.targets import standing, target_of

_MARKS = {"kept": "{}", "removed": "[-{}-]", "added": "{{+{}+}}"}


def run(call: Call) -> Answer:
    """Tell what would change; raise Refused for words that make no sense."""
    options = call.options
    if not (call.root / CONTENT).is_dir():
        raise BuildFailed((problem(CONTENT, 1, "no-content"),))
    target = target_of(call.settings, call.root, options.name)
    is_shown = is_terminal(sys.stderr) and options.format == "text" and not options.quiet
    with Progress(call.language, is_shown=is_shown) as progress:
        against = standing(target, progress.tell).sources
        request = Request(
            root=call.root,
            output=target.staging,
            now=call.now,
            settings=target.settings(call.settings),
            jobs=options.jobs or cores(),
            against=against,
        )
        report = review(request, tell=progress.tell)
    found = report.review
    assert found is not None
    said = list(lines(found, call.language, has_errors=any(errors(report.problems))))
    if options.html is not None:
        # Tornado, which comes with the desk, takes 0.1 s to load.
        from bulletin.desk import review_page  # noqa: PLC0415

        page = review_page.review_page(found, against, call.root, call.language)
        written = review_page.review_file(page, request.settings, report.problems, call.now, call.language)
        write_anew(options.html, written.encode())
        said.append(say("review-written", call.language, file=str(options.html)))
    problems = gathered((*report.problems, *_unsaved(call)))
    return Answer(data=data(found), lines=tuple(said), problems=problems)


def _unsaved(call: Call) -> tuple[Problem, ...]:
    """Return the warnings about what somebody is typing at the desk; where nobody is, the desk need not be loaded."""
    if not (call.root / ".desk/working").is_dir():
        return ()
    from bulletin.desk import unsaved  # noqa: PLC0415 - as above

    return unsaved(call.root)


# For people


def lines(found: Review, language: Language, *, has_errors: bool = False) -> Iterator[str]:
    """Yield a review in words; what was taken out and put in is marked as in `git diff --word-diff`."""
    if found.is_empty:
        yield wording.sentence(say("review-nothing", language))
    else:
        yield wording.sentence(say("review-head-first" if found.is_first else "review-head", language))
    for section in wording.sections(found, language):
        yield ""
        yield from _section(section)
    yield ""
    if has_errors:
        yield wording.sentence(say("review-with-errors", language))
    yield wording.sentence(say("review-code", language, found=found.code))


def _section(section: wording.Section) -> Iterator[str]:
    yield section.title
    for entry in section.entries:
        yield from _entry(entry)
    if section.more:
        yield f"    {section.more}"


def _entry(entry: wording.Entry) -> Iterator[str]:
    yield f"  {entry.sign or '·'} {entry.title}{f'  {entry.url}' if entry.url else ''}"
    if entry.meta:
        yield f"      {entry.meta}"
    for line in entry.lines:
        words = _turn(line.parts) if line.is_turn else "".join(map(_marked, line.parts))
        yield f"      {line.label}: {words}" if line.label else f"      {words}"


def _turn(parts: Sequence[differences.Part]) -> str:
    """Return «was → is»; a value that comes or goes is marked."""
    return " → ".join(part.text for part in parts) if len(parts) > 1 else "".join(map(_marked, parts))


def _marked(part: differences.Part) -> str:
    """Return words with their marks; the blank behind them stays outside."""
    words = part.text.rstrip()
    return _MARKS[part.kind].format(words) + part.text[len(words) :] if words else part.text


# For programs


def data(found: Review) -> Mapping[str, object]:
    """Return a review as programs read it. Sums are in dong; a pair is what was and what is to be."""
    return {
        "items": {
            "added": [_item(one) for one in found.added],
            "changed": [_item(one) for one in found.changed],
            "removed": [_item(one) for one in found.removed],
        },
        "scheduled": [_item(one) for one in found.scheduled],
        "unscheduled": [_item(one) for one in found.unscheduled],
        "totals": [_total(one) for one in found.totals],
        "amounts": [
            {
                "url": one.card.url,
                "title": one.card.title,
                "province": one.place.id,
                "value": [one.before.dong, one.after.dong],
            }
            for one in found.amounts
        ],
        "urls_lost": [one.url for one in found.urls_lost],
        "corrections": [
            {"url": change.card.url, "title": change.card.title, "date": str(one.day), "note": one.note}
            for change in found.items
            for one in change.corrections
        ],
        "settings": [one.key for one in found.settings],
        "templates": list(found.templates),
        "is_other_program": found.is_other_program,
        "code": found.code,
    }


def _item(change: ItemChange) -> Mapping[str, object]:
    former = change.former
    found = {
        "url": change.card.url,
        "title": change.card.title,
        "path": change.path,
        "former_path": change.former_path,
        "former_url": former.url if former and former.url != change.card.url else "",
        "by_clock": list(change.by_clock),
        "gone": change.gone,
        "waits_until": change.waits_until.isoformat() if change.waits_until else "",
        "fields": [{"key": one.key, "before": list(one.before), "after": list(one.after)} for one in change.fields],
        "text": [_sentence(one.parts) for one in change.sentences],
        "pictures": [{"path": one.path, "before": one.before, "after": one.after} for one in change.pictures],
        "attachments": [one.path for one in change.attachments],
    }
    return {key: value for key, value in found.items() if value}


def _sentence(parts: tuple[differences.Part, ...]) -> Mapping[str, str]:
    """Return a sentence as it was and as it is; empty where there is none."""
    return {
        "before": "".join(part.text for part in parts if part.kind != "added").strip(),
        "after": "".join(part.text for part in parts if part.kind != "removed").strip(),
    }


def _total(total: TotalChange) -> Mapping[str, object]:
    month = f"{total.month[0]}-{total.month[1]:02}" if total.month else None
    return {
        "province": total.place.id if total.place else None,
        "name": total.place.name if total.place else None,
        "month": month,
        "items": list(total.items),
        "deals": list(total.deals),
        "value": list(total.dong),
    }
