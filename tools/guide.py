"""The table of codes in the editors' guide, made of the messages themselves: python -m tools.guide writes it anew."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

REPOSITORY = Path(__file__).parent.parent
GUIDE = REPOSITORY / "docs/huong-dan-bien-tap.md"
BEGINS = "Dấu … thay cho chữ trong bài của bạn.\n"
CHAPTERS = {
    "items": "Tệp và phần đầu bài",
    "provinces": "Tỉnh, thành phố",
    "dates": "Ngày và giờ",
    "amounts": "Giá trị",
    "body": "Nội dung bài, ảnh và liên kết",
    "editorial": "Nên xem lại (chỉ `check` nhắc)",
    "site": "Cài đặt, mẫu trang và xuất bản (thường là việc của người quản trị)",
    "commands": "Câu lệnh",
    "targets": "Nơi xuất bản (`publish`)",
    "cluster": "Cụm máy (`build --cluster`)",
    "intake": "Tệp có sẵn (`import`, thả tệp vào bàn biên tập)",
    "spreadsheets": "Bảng tính có sẵn",
    "review": "Xem lại trước khi xuất bản",
    "preview": "Xem thử",
    "desk": "Bàn biên tập",
    "editions": "Ấn phẩm (`edition`)",
    "team": "Người dùng, đăng nhập, nhật ký",
}
"""The files of messages in the order in which an editor meets them."""
MIXED = {"commands", "preview", "review", "desk", "intake", "spreadsheets", "targets", "team", "editions"}
"""Files that also hold sentences which ask for nothing: what has to be mended has a hint there."""
_SIGNS = str.maketrans({sign: f"\\{sign}" for sign in "\\`*_[]|"} | {"<": "&lt;"})


def written() -> str:
    """Return the guide up to the table."""
    return GUIDE.read_text(encoding="utf-8").partition(BEGINS)[0] + BEGINS


def table() -> str:
    """Return the table: a section for each file of messages, a row for each code."""
    lines: list[str] = []
    for name, title in CHAPTERS.items():
        lines += ["", f"### {title}", "", "| mã | thông báo | cách sửa |", "|---|---|---|", *_rows(name)]
    return "\n".join([*lines, ""])


def codes(name: str) -> dict[str, dict[str, str]]:
    """Return the messages of a file that tell of something to be mended, by their codes."""
    text = (REPOSITORY / f"bulletin/messages/{name}.toml").read_text(encoding="utf-8")
    return {code: entry for code, entry in tomllib.loads(text).items() if name not in MIXED or "vi_hint" in entry}


def _rows(name: str) -> Iterator[str]:
    for code, entry in sorted(codes(name).items()):
        hint = _shown(entry.get("vi_otherwise") or entry.get("vi_hint", "")) or "–"
        yield f"| `{code}` | {_shown(entry['vi'])} | {hint} |"


def _shown(template: str) -> str:
    """Return a message with «…» for its words, as Markdown that shows every sign of it."""
    parts = (text + ("…" if word is not None else "") for text, word, _, _ in Formatter().parse(template))
    return "".join(parts).translate(_SIGNS)


if __name__ == "__main__":
    GUIDE.write_text(written() + table(), encoding="utf-8", newline="\n")
