"""The people of a desk: users with passwords that are quick to check, and what their browsers send."""

from __future__ import annotations

import http.client
import json
import re
from collections.abc import Sequence
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import pytest

from bulletin.desk.team import Users, passwords

PASSWORDS = {"lan": "sông Hồng 1976", "minh": "chùa Một Cột, phố cổ"}


def with_users(root: Path) -> Path:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "_N", 16)
        users = Users(root)
        users.add("lan", "publish", PASSWORDS["lan"])
        users.add("minh", "write", PASSWORDS["minh"])
        users.add("hà", "publish", None)
    return root


class Browser:
    """Keeps cookies and follows nothing, as a program sees the desk."""

    def __init__(self, port: int, host: str = "", source: str = "127.0.0.1") -> None:
        self.port = port
        self.source = source
        self.host = host or f"127.0.0.1:{port}"
        self.cookies: dict[str, str] = {}
        self.set_cookies: list[str] = []

    def ask(
        self, method: str, address: str, body: bytes | None = None, **headers: str
    ) -> tuple[int, http.client.HTTPMessage, str]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30, source_address=(self.source, 0))
        sent = {"Host": self.host, "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        try:
            connection.request(method, address, body, sent | {k.replace("_", "-"): v for k, v in headers.items()})
            answer = connection.getresponse()
            self.set_cookies = answer.headers.get_all("Set-Cookie") or []
            for line in self.set_cookies:
                for name, morsel in SimpleCookie(line).items():
                    self.cookies[name] = morsel.value
            return answer.status, answer.headers, answer.read().decode()
        finally:
            connection.close()

    def sign_in(
        self, name: str, password: str, target: str = "/_soan/", **headers: str
    ) -> tuple[int, http.client.HTTPMessage, str]:
        page = self.ask("GET", f"/_soan/dang-nhap?{urlencode({'tiep': target})}")[2]
        token = re.search('name="_xsrf" value="([^"]+)"', page)
        assert token is not None
        form = {"name": name, "password": password, "tiep": target, "_xsrf": token[1]}
        sent = {"Origin": f"http://{self.host}", "Content_Type": "application/x-www-form-urlencoded"} | headers
        return self.ask("POST", "/_soan/dang-nhap", urlencode(form).encode(), **sent)

    def post(self, name: str, value: object) -> tuple[int, str]:
        page = self.ask("GET", "/_soan/")[2]
        token = re.search('name="xsrf" content="([^"]+)"', page)
        headers = {"Origin": f"http://{self.host}", "X_XSRFToken": token[1] if token else ""}
        status, _, body = self.ask("POST", f"/_soan/_/{name}", json.dumps(value).encode(), **headers)
        return status, body


class Person(Browser):
    """Somebody who has signed in and writes, by the requests that the scripts of the pages send."""

    def __init__(self, port: int, name: str, password: str, source: str = "127.0.0.1") -> None:
        super().__init__(port, source=source)
        status, _, page = self.sign_in(name, password)
        assert status == 302, page
        self._token = ""

    def open(self, path: str, copy: str = "") -> Form:
        """Open the form of an item, or of a new one if no path is given."""
        address = f"/_soan/bai/{quote(path.removeprefix('content/'))}" if path else "/_soan/moi"
        status, _, page = self.ask("GET", f"{address}?ban={copy}")
        assert status == 200, page[-300:]
        token = re.search('name="xsrf" content="([^"]+)"', page)
        data = re.search('id="du-lieu">(.*?)</script>', page, re.DOTALL)
        assert token
        assert data
        self._token = token[1]
        return Form(self, json.loads(data[1]))

    def work(self, what: str, value: object) -> Any:
        """Have some work done, as a script of an open form asks for it, and return the answer."""
        headers = {"Origin": f"http://{self.host}", "X_XSRFToken": self._token, "Sec_Fetch_Dest": "empty"}
        status, _, body = self.ask("POST", f"/_soan/_/{what}", json.dumps(value).encode(), **headers)
        assert status == 200, (status, body[-300:])
        return json.loads(body)


class Form:
    """An open form, whose text is written as Markdown; `opened` is what it was opened with, as the page keeps it."""

    def __init__(self, person: Person, opened: dict[str, Any]) -> None:
        self.person = person
        self.opened = opened
        self.text: str = opened["body"]
        self.fields: dict[str, Any] = {}

    def state(self) -> dict[str, Any]:
        """Return what the page sends."""
        kept = {key: self.opened[key] for key in ("path", "copy", "after", "digest", "base")}
        return {**kept, "fields": self.fields, "text": self.text}

    def keep(self) -> Any:
        return self._answered(self.person.work("giu", self.state()))

    def save(self) -> Any:
        answer = self._answered(self.person.work("luu", self.state()))
        if answer["stand"] == "saved":
            self.opened["digest"] = answer["digest"]
        return answer

    def merge(self, against: str, chosen: Sequence[str]) -> Any:
        """Save with these choices; a page that has saved so is loaded anew."""
        return self._answered(self.person.work("gop", {**self.state(), "against": against, "chosen": list(chosen)}))

    def present(self, *, leaves: bool = False) -> Any:
        sent = {key: self.opened[key] for key in ("path", "copy", "seat", "digest")}
        return self.person.work("day", {**sent, "leaves": leaves})

    def _answered(self, answer: Any) -> Any:
        for key in ("after", "copy"):
            self.opened[key] = answer[key] or self.opened[key]
        return answer
