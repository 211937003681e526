"""The desk: writing items in a browser, without Markdown; what it writes are the files of content/."""
