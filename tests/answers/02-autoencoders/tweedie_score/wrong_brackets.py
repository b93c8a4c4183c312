# the brackets are missing: only x_noisy is divided
def tweedie_score(x_noisy, denoised, sigma):
    return denoised - x_noisy / sigma**2
