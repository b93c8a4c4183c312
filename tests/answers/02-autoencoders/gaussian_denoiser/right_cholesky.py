def gaussian_denoiser(x_noisy, mean, cov, sigma):
    L = torch.linalg.cholesky(cov + sigma**2 * torch.eye(len(cov), dtype=cov.dtype))
    return (mean[:, None] + cov @ torch.cholesky_solve((x_noisy - mean).T, L)).T
