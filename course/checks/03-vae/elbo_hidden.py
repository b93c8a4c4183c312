"""Points and pictures, three likelihoods, float32, one row, both kinds of KL, gradients."""

from course.checks import draw
from course.checks.cases import Call


def cases(g):
    for shape, K, n, likelihood, dtype in (
        ((3,), 1, 1, "gaussian", draw.DOUBLE),
        ((2, 3, 4), 5, 6, "gaussian", draw.DOUBLE),
        ((6,), 2, 4, "bernoulli", draw.SINGLE),
        ((1, 5, 4), 2, 3, "discretized_gaussian", draw.DOUBLE),
    ):
        model = draw.vae(g, shape, K, likelihood, dtype)
        x, eps = draw.pictures(g, n, shape, likelihood, dtype), draw.normal(g, n, K, dtype=dtype)
        for kl in ({"kl": "analytic"}, {"kl": "sampled"}, {}):
            yield Call(model, x, eps, **kl).but(
                dtype=False, rtol=1e-3, atol=1e-3, gradient=dtype == draw.DOUBLE
            )
