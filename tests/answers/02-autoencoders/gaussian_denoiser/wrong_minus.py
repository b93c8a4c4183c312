# cov - sigma^2 I: takes cov for the covariance of the noisy data
def gaussian_denoiser(x_noisy, mean, cov, sigma):
    eye = torch.eye(len(cov), dtype=cov.dtype)
    return mean + (x_noisy - mean) @ (cov - sigma**2 * eye) @ torch.linalg.pinv(cov)
