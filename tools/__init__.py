"""Programs for those who work on the bulletin; no part of what is installed."""
