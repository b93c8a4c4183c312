# the expected noise and not the clean data
def gaussian_denoiser(x_noisy, mean, cov, sigma):
    noisy_cov = cov + sigma**2 * torch.eye(len(cov), dtype=cov.dtype)
    return x_noisy - mean - (x_noisy - mean) @ torch.linalg.solve(noisy_cov, cov)
