# the noisy covariance times the inverse of the clean one: the noise grows
def gaussian_denoiser(x_noisy, mean, cov, sigma):
    noisy_cov = cov + sigma**2 * torch.eye(len(cov), dtype=cov.dtype)
    return mean + (x_noisy - mean) @ noisy_cov @ torch.linalg.pinv(cov)
