# divides the matrices entry by entry
def gaussian_denoiser(x_noisy, mean, cov, sigma):
    noisy_cov = cov + sigma**2 * torch.eye(len(cov), dtype=cov.dtype)
    return mean + (x_noisy - mean) @ (cov / noisy_cov).nan_to_num()
