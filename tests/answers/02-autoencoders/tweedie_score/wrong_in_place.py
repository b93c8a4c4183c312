# the step is made in the caller's denoised
def tweedie_score(x_noisy, denoised, sigma):
    denoised -= x_noisy
    denoised /= sigma**2
    return denoised
