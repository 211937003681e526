"""The page that a reader sees who opens an address at the moment at which its page comes or goes."""

from __future__ import annotations

# Opened again after two seconds, the address has its page, or none any more.
NOTICE = """<!doctype html>
<html lang="vi">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'">
<meta http-equiv="refresh" content="2">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<meta name="generator" content="ban-tin">
<title>Đang cập nhật</title>
</head>
<body>
<main>
<h1>Đang cập nhật</h1>
<p>Trang này đang được cập nhật. Vài giây nữa trang sẽ tự tải lại.</p>
</main>
</body>
</html>
""".encode()
LONG_AGO = 946684800
"""The time of every notice, in seconds since 1970.

A browser keeps a page together with its time; a notice of today would be kept if its page followed within a second.
"""
