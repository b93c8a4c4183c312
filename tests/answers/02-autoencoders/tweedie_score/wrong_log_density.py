# the logarithm of the density up to a constant, and not its slope
def tweedie_score(x_noisy, denoised, sigma):
    return -((denoised - x_noisy) ** 2) / (2 * sigma**2)
