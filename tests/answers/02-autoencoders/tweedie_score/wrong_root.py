# divided by the root of sigma
def tweedie_score(x_noisy, denoised, sigma):
    return (denoised - x_noisy) / math.sqrt(sigma)
