"""A picture of content/ -> the sizes in which it is published.

The names exported here do not touch pixels. `store` keeps the sizes on the disk. `pillow` makes them; it takes 40 ms to
load, so its callers import it only when they need it.
"""

from bulletin.images.sizes import (
    MAX_BYTES,
    MIDDLE,
    Candidate,
    Crops,
    Focus,
    Original,
    Picture,
    Rendition,
    Unusable,
    crops,
    picture,
    published,
)

__all__ = [
    "MAX_BYTES",
    "MIDDLE",
    "Candidate",
    "Crops",
    "Focus",
    "Original",
    "Picture",
    "Rendition",
    "Unusable",
    "crops",
    "picture",
    "published",
]
