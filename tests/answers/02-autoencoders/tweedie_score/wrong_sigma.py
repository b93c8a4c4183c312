# sigma in place of sigma squared
def tweedie_score(x_noisy, denoised, sigma):
    return (denoised - x_noisy) / sigma
