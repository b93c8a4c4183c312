import numpy as np


def timestep_embedding(t, dim, max_period=10000.0):
    half = dim // 2
    angle = np.asarray(t)[:, None] * float(max_period) ** (-np.arange(half) / half)
    return torch.from_numpy(np.concatenate([np.sin(angle), np.cos(angle)], axis=1))
