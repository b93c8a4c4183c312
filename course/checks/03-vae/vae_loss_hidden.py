"""Points and pictures, three likelihoods, float32, one row, beta from 0 to 10, gradients."""

from course.checks import draw
from course.checks.cases import Call, Doing
from course.checks.exercise import load
from dgm.vae import VAE


def cases(g):
    watched = load("vae_loss").module.with_its_codes
    for shape, K, n, likelihood, dtype, beta in (
        ((3,), 1, 1, "gaussian", draw.DOUBLE, 0.0),
        ((2, 3, 4), 5, 6, "gaussian", draw.DOUBLE, 10.0),
        ((6,), 2, 4, "bernoulli", draw.SINGLE, 0.5),
        ((1, 5, 4), 2, 3, "discretized_gaussian", draw.DOUBLE, 2.0),
    ):
        model = draw.vae(g, shape, K, likelihood, dtype)
        x, pair = (
            draw.pictures(g, n, shape, likelihood, dtype),
            draw.normal(g, 2, *shape, dtype=dtype),
        )
        mean, logvar = pair

        def decoder(z, mean=mean, logvar=logvar, both=likelihood == "discretized_gaussian"):
            out = tuple(t.expand(len(z), *t.shape) for t in (mean, logvar))
            return out if both else out[0]

        model = VAE(model.encoder, decoder, K, likelihood, 0.5, levels=17)
        yield Call(model, x, beta, draw.seeded(g)).but(
            words=f"a decoder that looks at no code, {likelihood}, beta = {beta:g}",
            dtype=False,
            rtol=1e-3,
            atol=1e-3,
            shape="one",
            gradient=dtype == draw.DOUBLE,
        )
    for n, K, beta in ((1, 1, 0.5), (9, 3, 10.0)):
        yield Doing(
            f"a decoder that looks at its code, beta = {beta:g}",
            lambda answer, n=n, K=K, beta=beta, g=draw.seeded(g): watched(
                answer, g.clone_state(), beta, n, K, K + 2
            ),
        ).but(atol=1e-3, shape="one")
