"""The rich text of the desk in a real browser: a test goes on once the editor has heard of its click or key."""

from __future__ import annotations

from playwright.sync_api import Page

OPENED = "#than-bai [contenteditable=true]"
# The browser moves its cursor at once, and tells the editor in a task of its own, which no hand outruns but a script.
_HEARD = f"""() => {{
    const text = document.querySelector({OPENED!r});
    const at = getSelection();
    if (!text.contains(at.focusNode)) return false;
    return text.editor.view.posAtDOM(at.focusNode, at.focusOffset) === text.editor.state.selection.head;
}}"""


def put_cursor(page: Page, place: str, *keys: str) -> None:
    """Click a place of the text, and move from there by keys; the editor's own cursor stands there too at the end."""
    page.click(f"{OPENED} {place}")
    page.wait_for_function(_HEARD)
    for key in keys:
        page.keyboard.press(key)
        page.wait_for_function(_HEARD)
