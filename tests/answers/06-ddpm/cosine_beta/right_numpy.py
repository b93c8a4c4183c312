import numpy as np


def cosine_beta(T=1000, s=0.008):
    t = np.linspace(0, T, T + 1)
    f = np.cos((t / T + s) / (1 + s) * np.pi / 2) ** 2
    beta = np.clip(1 - f[1:] / f[:-1], 0, 0.999)
    return torch.from_numpy(np.concatenate([[0.0], beta]))
