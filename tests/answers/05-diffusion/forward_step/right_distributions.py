# the noise of a Normal is a shift and a scale
from torch.distributions import AffineTransform


def forward_step(x, t, eps, schedule):
    beta = schedule.beta[t]
    while beta.dim() < x.dim():
        beta = beta.unsqueeze(-1)
    mean = (1 - beta).sqrt() * x
    return AffineTransform(mean, beta.sqrt().expand_as(x))(eps).to(x.dtype)
