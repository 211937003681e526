"""Spreadsheets: a file -> its cells -> tables -> rows as deals or items, each cell shown as what it was read as."""
