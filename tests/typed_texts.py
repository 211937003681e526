"""Texts as people type them: words and signs by chance, in lines of a few."""

from __future__ import annotations

from hypothesis import strategies as st

WORDS = st.sampled_from(("Huế", "ký kết", "2.000", "tỷ", "TTXVN", "90%", "Phòng TT", "việc thứ hai", "5", "đ", "A"))
SIGNS = st.sampled_from(
    (
        *("- ", "* ", "+ ", "• ", "·", "– ", "1. ", "2. ", "7. ", "2024. ", "25. 12. 2016 ", "a) ", "#", "# ", "## "),
        *("> ", ">", "\t", "    ", "  ", "   - ", "  + ", "| ", " |", "(*) ", "*", "**", "_", "~~", "[x] ", "[ ] "),
        *("{", "}", "{.docx}", "<", ">", "<Tên tệp>", "`", "\\", "[", "]", "](b.md)", "![Ảnh](a.jpg)", "[^1]", "---"),
        *("https://a.vn/x", "www.b.vn.", "x@a.vn", "|---|---|", "===", ": ", "[a]: ", "[^1]: ", "*[A]: ", "<div>"),
        *("</div>", "<b>", "</b>", "```", "$", "&", "&lt;", "<?", "<!", "<b ", "</b ", "<p>", "<!--", "-->", '"', "'"),
        *("[[", "]]", "][a]", "]: ", "*[", "[^2]: ", "![", "{#a}", "{: .a }", "``` {.py a=1}", "``` py hl_lines='1'"),
    )
)
TYPED = st.lists(
    st.lists(WORDS | SIGNS, min_size=1, max_size=5).map("".join) | WORDS | st.just(""), min_size=1, max_size=8
).map("\n".join)
