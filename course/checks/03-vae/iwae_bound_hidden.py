"""Pictures, float32, other k, other numbers of rows and dimensions, the gradient and the noise."""

import torch

from course.checks import draw
from course.checks.cases import Call, Doing
from course.checks.exercise import load
from dgm.vae import VAE


def cases(g):
    watched = load("iwae_bound").module.with_its_codes
    for shape, n, k, dtype in (
        ((1, 8, 8), 3, 6, draw.DOUBLE),
        ((5,), 1, 3, draw.SINGLE),
        ((2, 3), 4, 1, draw.DOUBLE),
    ):
        logits = draw.normal(g, *shape, dtype=dtype)
        x = draw.uniform(g, n, *shape, dtype=dtype)
        yield Call(Blind(logits, 2), x, k, generator=draw.seeded(g)).but(
            dtype=False, rtol=1e-4, atol=1e-4, words=f"a decoder that looks at no code, k = {k}"
        )
    for n, k, K in ((1, 8, 1), (9, 2, 3)):
        yield Doing(
            f"k = {k}, another q",
            lambda answer, n=n, k=k, K=K, g=draw.seeded(g): watched(
                answer, g.clone_state(), k, n, K, K + 2
            ),
        ).but(atol=1e-3)


@draw.lent
class Blind(VAE):
    """Its decoder gives the same `logits` to each code, and q is the prior: log p(x) is known."""

    def __init__(self, logits, K):
        super().__init__(self._encode, lambda z: logits.expand(len(z), *logits.shape), K)

    def _encode(self, x):
        zero = torch.zeros(len(x), self.latent_dim, dtype=x.dtype)
        return zero, zero
