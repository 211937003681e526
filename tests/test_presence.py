"""Who has an item open."""

from __future__ import annotations

from bulletin.desk.presence import PATIENCE, Presence
from bulletin.desk.storage.changes import Actor

LAN, MINH = Actor("Lan"), Actor("Minh")


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_one_sees_who_else_has_the_item_open_until_they_leave() -> None:
    presence = Presence(Clock())
    presence.opened("a", "1", LAN)
    presence.opened("b", "2", MINH)
    assert presence.others("a", "1") == ()
    presence.opened("a", "3", MINH)
    assert presence.others("a", "1") == (MINH,)
    assert presence.others("a", "3") == (LAN,)
    presence.closed("a", "3")
    presence.closed("a", "3")
    assert presence.others("a", "1") == ()


def test_who_says_nothing_for_long_has_left() -> None:
    clock = Clock()
    presence = Presence(clock)
    presence.opened("a", "1", LAN)
    clock.now = PATIENCE
    assert presence.others("a", "2") == (LAN,)
    presence.opened("a", "1", LAN)
    clock.now = 2 * PATIENCE
    assert presence.others("a", "2") == (LAN,)
    clock.now = 2 * PATIENCE + 0.1
    assert presence.others("a", "2") == ()


def test_two_windows_of_one_person_are_one_and_the_first_to_come_is_named_first() -> None:
    clock = Clock()
    presence = Presence(clock)
    for window, by in (("1", LAN), ("2", MINH), ("3", LAN), ("1", LAN)):
        clock.now += 1
        presence.opened("a", window, by)
    assert presence.others("a", "0") == (LAN, MINH)
    assert presence.others("a", "1") == (MINH, LAN)
