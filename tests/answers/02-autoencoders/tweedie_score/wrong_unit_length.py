# the direction only, brought to length 1
def tweedie_score(x_noisy, denoised, sigma):
    step = denoised - x_noisy
    return step / step.flatten(1).norm(dim=1).reshape(-1, *[1] * (step.dim() - 1))
