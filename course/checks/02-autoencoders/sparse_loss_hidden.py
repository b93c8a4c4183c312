"""Images of another size, vectors, float32, other weights, l1 = 0, and all gradients."""

from course.checks import draw
from course.checks.exercise import load
from dgm.autoencoder import Autoencoder
from dgm.sparse import SparseAutoencoder


def cases(g):
    of = load("sparse_loss").module.of
    dense = draw.module(g, lambda: Autoencoder(18, 4, ()), draw.SINGLE)
    sparse = draw.module(g, lambda: SparseAutoencoder(6, 11))
    for model, shape, l1, dtype in (
        (dense, (5, 2, 3, 3), 2.5, draw.SINGLE),
        (dense, (3, 18), 0.1, draw.SINGLE),
        (sparse, (7, 6), 0.7, draw.DOUBLE),
        (sparse, (1, 6), 0.0, draw.DOUBLE),
    ):
        for case in of(model, draw.normal(g, *shape, dtype=dtype), l1):
            yield case.but(rtol=1e-3, atol=1e-4)
