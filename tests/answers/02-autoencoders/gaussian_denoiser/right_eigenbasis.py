def gaussian_denoiser(x_noisy, mean, cov, sigma):
    v, axes = torch.linalg.eigh(cov)
    along = (x_noisy - mean) @ axes  # (B, d)
    return (along * (v / (v + sigma**2))) @ axes.T + mean
