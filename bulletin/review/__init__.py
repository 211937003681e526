"""What readers have, and what they are to have -> what changes for them, in their words. Pure: no disk, no clock."""

from bulletin.review import differences, wording
from bulletin.review.comparing import compare
from bulletin.review.values import ItemChange, PictureChange, Readers, Review, Shown, Texts

__all__ = [
    "ItemChange",
    "PictureChange",
    "Readers",
    "Review",
    "Shown",
    "Texts",
    "compare",
    "differences",
    "wording",
]
