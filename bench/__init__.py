"""Measurements, apart from the tests: what is timed here is never asserted there."""
