def tweedie_score(x_noisy, denoised, sigma):
    return (denoised - x_noisy) / (sigma * sigma)
