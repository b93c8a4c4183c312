import numpy as np


def sample_joint(n, prior, mean, var, generator=None):
    seed = int(torch.randint(2**62, (1,), generator=generator))
    rng = np.random.default_rng(seed)
    p = prior.double().numpy()
    y = rng.choice(len(p), size=n, p=p / p.sum())
    x = rng.normal(mean.numpy()[y], np.sqrt(var.numpy())[y])
    return torch.from_numpy(x), torch.from_numpy(y)
