import numpy as np


def forward_step(x, t, eps, schedule):
    beta = np.asarray(schedule.beta)[np.asarray(t)].reshape((-1,) + (1,) * (x.ndim - 1))
    out = np.sqrt(1 - beta) * np.asarray(x) + np.sqrt(beta) * np.asarray(eps)
    return torch.from_numpy(out).to(x.dtype)
