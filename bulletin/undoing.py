"""`rollback`: the publication before the last one comes back."""

from __future__ import annotations

from bulletin import pipeline
from bulletin.calls import Answer, Call, output_of
from bulletin.problems import say
from bulletin.progress import Progress
from bulletin.telling import count


def run(call: Call) -> Answer:
    """Put the publication before the last one back; raise Refused if none is kept."""
    changes = pipeline.rollback(output_of(call), Progress(call.language, is_shown=False).tell)
    put = count(len(changes.added) + len(changes.changed), call.language)
    removed = count(len(changes.removed), call.language)
    return Answer(lines=(say("summary-rolled-back", call.language, put=put, removed=removed),))
