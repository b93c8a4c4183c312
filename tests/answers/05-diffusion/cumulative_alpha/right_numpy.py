import numpy as np


def cumulative_alpha(beta):
    return torch.tensor(np.cumprod(1 - beta.numpy()))
