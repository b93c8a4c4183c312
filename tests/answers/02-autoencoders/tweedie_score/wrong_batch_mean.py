# one mean score for the batch
def tweedie_score(x_noisy, denoised, sigma):
    return ((denoised - x_noisy) / sigma**2).mean(0)
