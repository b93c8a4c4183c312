# sigma in place of sigma squared
def gaussian_denoiser(x_noisy, mean, cov, sigma):
    noisy_cov = cov + sigma * torch.eye(len(cov), dtype=cov.dtype)
    return mean + (x_noisy - mean) @ torch.linalg.solve(noisy_cov, cov)
