# sigma squared is added to all entries of cov, not to its diagonal
def gaussian_denoiser(x_noisy, mean, cov, sigma):
    return mean + (x_noisy - mean) @ cov @ torch.linalg.pinv(cov + sigma**2)
