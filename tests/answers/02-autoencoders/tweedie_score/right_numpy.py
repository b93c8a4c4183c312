import numpy as np


def tweedie_score(x_noisy, denoised, sigma):
    return torch.from_numpy(np.subtract(denoised.numpy(), x_noisy.numpy()) / np.square(float(sigma)))
