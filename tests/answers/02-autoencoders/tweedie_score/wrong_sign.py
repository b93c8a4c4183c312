# the sign is turned: it points away from the data
def tweedie_score(x_noisy, denoised, sigma):
    return (x_noisy - denoised) / sigma**2
