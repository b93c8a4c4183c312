# the step itself, not divided by the variance
def tweedie_score(x_noisy, denoised, sigma):
    return denoised - x_noisy
