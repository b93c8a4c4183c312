# the square root of it
def cumulative_alpha(beta):
    return (1 - beta).sqrt().cumprod(0)
