# inverts cov, which may be singular
# raises: _LinAlgError
def gaussian_denoiser(x_noisy, mean, cov, sigma):
    P = torch.linalg.inv(cov)
    A = P + torch.eye(len(cov), dtype=cov.dtype) / sigma**2
    return torch.linalg.solve(A, (P @ mean)[:, None] + x_noisy.T / sigma**2).T
