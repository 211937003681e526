"""Two browsers, a text editor and kills of the server, all at one item: `python -m tools.storm MINUTES`.

Two people type, save, choose between versions, load their page anew or close it; a program of its own writes into the
file in three ways, some of them over what it has read long before; the server is killed every few seconds and started
again. Every sentence that anybody was told is saved, or kept, must be in the file, in a version or in a working copy:
this is looked at after each kill and at the end.
"""

from __future__ import annotations

import random
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from multiprocessing import get_context
from pathlib import Path
from threading import Event, Lock, Thread

from playwright.sync_api import Browser, BrowserContext, Error, sync_playwright

from bulletin.desk.storage import Store
from tests.browser import FLAGS
from tests.builders import item
from tests.editor import OPENED, put_cursor
from tests.people import PASSWORDS, with_users
from tests.previews import command, free_port, wait_for_answer
from tests.sites import write

PATH = "content/2016/a.md"
SENTENCE = re.compile(r"Câu [0-9]+ của \w+")
PATIENCE = 10_000
"""Milliseconds that a person waits for an answer: by then the server has been started again."""
SEEN = """() => {
    const text = document.querySelector("#than-bai [contenteditable=true]")?.innerText ?? "";
    return [document.getElementById("trang-thai")?.dataset.state ?? "", text];
}"""
MARK = """() => {
    window.isOld = true;
    document.querySelector("#xung-dot h2").dataset.asked = "";
}"""
CAME = """() => {
    if (!window.isOld) return document.querySelector("#bai") ? "saved" : "";
    if (!document.querySelector("#xung-dot h2[data-asked]")) return "conflict";
    if (document.querySelector("dialog[open]")) return "away";
    return document.getElementById("trang-thai").dataset.state === "error" ? "error" : "";
}"""
LOST = (Error, AssertionError)


def sentences(text: str) -> set[str]:
    return set(SENTENCE.findall(text))


class Storm:
    """A site whose desk is killed and started again, and all that its writers have been told is safe."""

    def __init__(self, root: Path, seed: int) -> None:
        self.root = with_users(write(root, {PATH: item("Một.\n\nHai.\n\nBa.\n", title="Bài")}))
        self.chance = random.Random(seed)  # noqa: S311 - no secret
        self.told: Counter[str] = Counter()
        self.saved: set[str] = set()
        self.kept: dict[str, set[str]] = {}
        """What stands in a page that has just said that it is kept, by the name of its writer."""
        self.turn = Lock()
        self.port = free_port()
        self._server: subprocess.Popen[bytes] | None = None
        self._over = Event()
        self.missing: dict[str, str] = {}
        """What was owed and not found, with the moment when it was missed first."""

    @contextmanager
    def running(self) -> Iterator[None]:
        """Serve the site; leave no process behind."""
        self._start()
        try:
            self.wait()
            yield
        finally:
            if self._server:
                self._server.kill()
                self._server.wait()

    @contextmanager
    def killed(self, pauses: tuple[float, float]) -> Iterator[None]:
        """Kill the server over and over with pauses of so many seconds, and start it again; leave it running."""
        killer = Thread(target=self._kill, args=(random.Random(self.chance.random()), pauses))  # noqa: S311
        killer.start()
        try:
            yield
        finally:
            self._over.set()
            killer.join()

    def wait(self) -> None:
        """Wait until the server answers."""
        wait_for_answer(f"http://127.0.0.1:{self.port}/_soan/dang-nhap")

    def _start(self) -> None:
        words = command(self.root, self.port)
        with (self.root / "preview.log").open("ab") as said:
            self._server = subprocess.Popen(words, stdout=said, stderr=said)  # noqa: S603 - our own command

    def _kill(self, chance: random.Random, pauses: tuple[float, float]) -> None:
        while not self._over.wait(chance.uniform(*pauses)):
            with self.turn:
                assert self._server
                self._server.kill()
                self._server.wait()
                self._look()
                self.told["kills"] += 1
            time.sleep(chance.uniform(0, 3))
            self._start()
            self.wait()

    def _look(self) -> None:
        found = self.found()
        for name, owed in {"saved": self.saved, **self.kept}.items():
            for sentence in owed - found:
                self.missing.setdefault(sentence, f"{name}, at kill {self.told['kills']}")

    def found(self) -> set[str]:
        """Return every sentence that is in the file, in a version or in a working copy.

        What a killed process has put aside counts too: the next change of the item makes a version of it.
        """
        files = [self.root / PATH, *self.root.glob("content/2016/.*"), *(self.root / ".desk/versions").rglob("*")]
        texts = [file.read_bytes().decode("utf-8", "replace") for file in files if file.is_file()]
        return set().union(*map(sentences, [*texts, *(copy.text for copy in Store(self.root).copies())]))


class Writer:
    """One of the two, at a page of their own."""

    def __init__(self, storm: Storm, context: BrowserContext, name: str) -> None:
        self._storm = storm
        self._name = name
        self._context = context
        self._context.set_default_timeout(PATIENCE)
        self._page = self._context.new_page()
        self._count = 0

    def sign_in(self) -> None:
        page = self._page
        page.goto(f"http://127.0.0.1:{self._storm.port}/_soan/dang-nhap")
        page.fill("#ten", self._name)
        page.fill("#mat-khau", PASSWORDS[self._name])
        page.keyboard.press("Enter")
        page.wait_for_url("**/_soan/")
        self.open()

    def open(self) -> None:
        """Open the item; what the browser has kept is taken back."""
        self._forget()
        self._page.goto(f"http://127.0.0.1:{self._storm.port}/_soan/bai/2016/a.md")
        self._ready()

    def load_anew(self) -> None:
        self._forget()
        self._page.reload()
        self._ready()

    def close_and_open(self) -> None:
        """Close the page, whatever it was doing, and open the item in another one."""
        self._forget()
        # Both at once, so that storage is the same one.
        page, self._page = self._page, self._context.new_page()
        page.close()
        self.open()

    def type(self) -> None:
        self._forget()
        self._count += 1
        places = self._page.locator(f"{OPENED} p")
        self._answer_questions()
        if not places.count():
            # It was opened while the editor was writing.
            self.load_anew()
            return
        put_cursor(self._page, f"p >> nth={self._storm.chance.randrange(places.count())}", "End")
        self._page.keyboard.type(f" Câu {self._count} của {self._name}.")
        self._wait_until_kept()

    def save(self) -> None:
        """Save, and choose by chance where there are two versions."""
        self._answer_questions()
        _, text = self._seen()
        self._forget()
        with self._page.expect_response("**/_/luu") as answered:
            self._page.click("button[data-do=save]")
        came = answered.value.json()["stand"]
        self._storm.told[f"save: {came}"] += 1
        if came == "saved":
            self._owe(text)
        while came == "conflict":
            came = self._choose()

    def _choose(self) -> str:
        """Choose by chance; return what came of it. A page that has saved loads itself anew."""
        choices = self._page.locator("#xung-dot fieldset")
        done = self._page.locator("#xung-dot button.main")
        done.wait_for()
        self._page.evaluate(MARK)
        for number in range(choices.count()):
            choices.nth(number).locator(f"[value={self._storm.chance.choice(['mine', 'theirs'])}]").check()
        done.click()
        # Not the answer itself: it goes with its page, and whoever asks for it waits for ever.
        came = str(self._page.wait_for_function(CAME).json_value())
        self._storm.told[f"choice: {came}"] += 1
        if came == "saved":
            self._ready()
            stand, text = self._seen()
            if stand == "saved":
                self._owe(text)
        return came

    def _ready(self) -> None:
        self._page.wait_for_selector(OPENED)
        # Asked as soon as the page is ready, if at all.
        self._page.wait_for_timeout(150)
        self._answer_questions()

    def _answer_questions(self) -> None:
        take = self._page.locator("dialog[open] button[value=yes]")
        if take.count():
            self._storm.told["taken back from the browser"] += "Có chữ" in self._page.locator("dialog").inner_text()
            take.click()
            self._page.wait_for_timeout(300)
            self._page.wait_for_selector(OPENED)

    def _wait_until_kept(self) -> None:
        for _ in range(PATIENCE // 100):
            if self._seen()[0] != "unsaved":
                break
            self._page.wait_for_timeout(100)
        # The state is that of an answer, which a key may have overtaken by less than the page's pause.
        self._page.wait_for_timeout(200)
        stand, text = self._seen()
        if stand == "kept":
            with self._storm.turn:
                self._storm.kept[self._name] = sentences(text)

    def _seen(self) -> tuple[str, str]:
        stand, text = self._page.evaluate(SEEN)
        return stand, text

    def _owe(self, text: str) -> None:
        with self._storm.turn:
            self._storm.saved |= sentences(text)

    def _forget(self) -> None:
        """From now on what stands in the page may be given up: it is loaded anew, or a choice is made."""
        with self._storm.turn:
            self._storm.kept.pop(self._name, None)


def edit(file: Path, log: Path, seed: int) -> None:
    """Add sentences to a file as text editors do, each noted in the log once it is written; until killed."""
    chance = random.Random(seed)  # noqa: S311 - no secret
    for count in range(1_000_000):
        time.sleep(chance.uniform(0.5, 6))
        text = file.read_text("utf-8")
        if "---\n\n" not in text and text.count("---") < 2:  # noqa: PLR2004 - both ends of a header
            continue
        # Somebody has it open for a while, and then writes over whatever came meanwhile.
        time.sleep(chance.choice([0, 0, 0.05, 1.5]))
        sentence = f"Câu {count} của editor"
        text = f"{text.rstrip()}\n\n{sentence}.\n"
        way = chance.randrange(3)
        if way == 0:
            file.write_text(text, "utf-8")
        elif way == 1:
            beside = file.with_suffix(".tmp")
            beside.write_text(text, "utf-8")
            beside.replace(file)
        else:
            with file.open("a", encoding="utf-8") as stream:
                stream.write(f"\n{sentence}.\n")
        with log.open("a", encoding="utf-8") as stream:
            stream.write(f"{sentence}\n")


def storm(root: Path, minutes: float, browser: Browser, *, seed: int, pauses: tuple[float, float] = (8, 25)) -> Storm:
    """Let it storm for so many minutes; return what was done and whether anything is missing."""
    whole = Storm(root, seed)
    log = root / "editor.log"
    log.touch()
    editor = get_context("spawn").Process(target=edit, args=(root / PATH, log, seed), daemon=True)
    with whole.running(), ExitStack() as pages:
        writers = [Writer(whole, pages.enter_context(browser.new_context()), name) for name in PASSWORDS]
        for writer in writers:
            writer.sign_in()
        editor.start()
        try:
            with whole.killed(pauses):
                _write(whole, writers, time.monotonic() + 60 * minutes)
        finally:
            editor.kill()
            editor.join()
        whole.saved |= sentences(log.read_text("utf-8"))
        whole.told["sentences that were saved"] = len(whole.saved)
        whole.told["of the editor"] = len(sentences(log.read_text("utf-8")))
        for sentence in whole.saved - whole.found():
            whole.missing.setdefault(sentence, "saved, at the end")
    return whole


def _write(whole: Storm, writers: list[Writer], end: float) -> None:
    while time.monotonic() < end:
        writer = whole.chance.choice(writers)
        acts = (writer.type, writer.save, writer.load_anew, writer.open, writer.close_and_open)
        act = whole.chance.choices(acts, (60, 25, 6, 4, 5))[0]
        try:
            act()
            whole.told[act.__name__] += 1
        except LOST as fault:
            # The server was killed meanwhile, or a page stands on an item that cannot be read at this moment.
            whole.told[f"{act.__name__} without an answer"] += 1
            whole.told[f"because: {str(fault).splitlines()[0][:70]}"] += 1
            with suppress(*LOST):
                whole.wait()
                writer.open()


def main(minutes: float) -> int:
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        program = shutil.which("chromium-headless-shell") or "/usr/bin/chromium"
        browser = playwright.chromium.launch(executable_path=program, args=list(FLAGS))
        done = storm(Path(folder) / "site", minutes, browser, seed=int(time.time()))
        browser.close()
    for what, count in sorted(done.told.items()):
        print(f"{count:6} {what}")  # noqa: T201 - the figures of docs/reliability.md
    print(f"missing: {done.missing or 'nothing'}")  # noqa: T201
    return int(bool(done.missing))


if __name__ == "__main__":
    sys.exit(main(float(sys.argv[1])))
