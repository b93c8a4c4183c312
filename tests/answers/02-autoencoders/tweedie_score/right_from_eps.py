def tweedie_score(x_noisy, denoised, sigma):
    eps_hat = (x_noisy - denoised) / sigma
    return -eps_hat / sigma
