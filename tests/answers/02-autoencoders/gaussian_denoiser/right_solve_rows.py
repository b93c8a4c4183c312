def gaussian_denoiser(x_noisy, mean, cov, sigma):
    d = x_noisy.shape[1]
    noisy_cov = cov + sigma**2 * torch.eye(d, dtype=cov.dtype)
    return mean + (cov @ torch.linalg.solve(noisy_cov, (x_noisy - mean).T)).T
