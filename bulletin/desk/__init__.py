"""The desk: writing without Markdown. Working copies, versions and saves of items; what changed, in readers' words."""
