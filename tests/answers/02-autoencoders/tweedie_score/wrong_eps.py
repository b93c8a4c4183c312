# the predicted noise and not the score
def tweedie_score(x_noisy, denoised, sigma):
    return (x_noisy - denoised) / sigma
