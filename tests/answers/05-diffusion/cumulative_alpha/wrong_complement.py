# the variance, 1 - alpha_bar
def cumulative_alpha(beta):
    return 1 - (1 - beta).cumprod(0)
