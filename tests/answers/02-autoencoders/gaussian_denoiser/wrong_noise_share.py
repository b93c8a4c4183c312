# the share of the noise, sigma^2 / (v + sigma^2)
def gaussian_denoiser(x_noisy, mean, cov, sigma):
    eye = torch.eye(len(cov), dtype=cov.dtype)
    return mean + (x_noisy - mean) @ (sigma**2 * torch.linalg.inv(cov + sigma**2 * eye))
