# the inverse of the noisy covariance, without cov before it
def gaussian_denoiser(x_noisy, mean, cov, sigma):
    noisy_cov = cov + sigma**2 * torch.eye(len(cov), dtype=cov.dtype)
    return mean + torch.linalg.solve(noisy_cov, (x_noisy - mean).T).T
