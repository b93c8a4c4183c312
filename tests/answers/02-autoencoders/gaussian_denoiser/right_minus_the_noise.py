def gaussian_denoiser(x_noisy, mean, cov, sigma):
    # x_noisy less its expected noise
    C = cov + torch.diag(torch.full((len(mean),), float(sigma) ** 2, dtype=cov.dtype))
    return x_noisy - sigma**2 * torch.linalg.solve(C, (x_noisy - mean).T).T
