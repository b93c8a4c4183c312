# alpha_bar at index 0 is 0, like beta
def cumulative_alpha(beta):
    bar = (1 - beta).cumprod(0)
    bar[0] = 0
    return bar
