"""Where the data come from: sets of images by name, and toy distributions in the plane.

Batches of them, and pictures with captions, have files of their own. Taught in: chapter 01.
"""

from dgm.data.images import load
from dgm.data.toys import toy

__all__ = ["load", "toy"]
