"""A picture of content/ -> the sizes in which it is published.

What is shown here knows no pixels. `store` keeps the sizes on the disk; `pillow`, which makes them, takes 40 ms to load
and is named by those who need it, when they do.
"""

from bulletin.images.sizes import (
    MAX_BYTES,
    Candidate,
    Original,
    Picture,
    Rendition,
    Unusable,
    picture,
    published,
)

__all__ = [
    "MAX_BYTES",
    "Candidate",
    "Original",
    "Picture",
    "Rendition",
    "Unusable",
    "picture",
    "published",
]
