import numpy as np


def gaussian_noise(x, sigma, generator=None):
    seed = int(torch.randint(2**62, (1,), generator=generator))
    noise = np.random.default_rng(seed).normal(scale=sigma, size=tuple(x.shape))
    return x + torch.from_numpy(noise)
