# a factor of one half, from the exponent of the Gaussian
def tweedie_score(x_noisy, denoised, sigma):
    return (denoised - x_noisy) / (2 * sigma**2)
