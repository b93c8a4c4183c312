def gaussian_denoiser(x_noisy, mean, cov, sigma):
    gain = cov @ torch.inverse(cov + torch.eye(len(mean)).to(cov) * sigma * sigma)
    return mean + (x_noisy - mean) @ gain.T
