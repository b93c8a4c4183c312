# each pixel alone: the correlations are left out
def gaussian_denoiser(x_noisy, mean, cov, sigma):
    v = cov.diagonal()
    return mean + (x_noisy - mean) * (v / (v + sigma**2))
