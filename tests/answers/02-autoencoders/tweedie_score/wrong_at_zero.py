# the score of a Gaussian about 0: denoised is not used
def tweedie_score(x_noisy, denoised, sigma):
    return -x_noisy / sigma**2
