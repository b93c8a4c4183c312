import numpy as np


def masking_noise(x, p, generator=None):
    seed = int(torch.randint(2**62, (1,), generator=generator))
    keep = np.random.default_rng(seed).binomial(1, 1 - p, size=tuple(x.shape))
    return x * torch.from_numpy(keep)
