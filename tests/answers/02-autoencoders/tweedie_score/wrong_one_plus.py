# the variance of noise and unit data together
def tweedie_score(x_noisy, denoised, sigma):
    return (denoised - x_noisy) / (1 + sigma**2)
