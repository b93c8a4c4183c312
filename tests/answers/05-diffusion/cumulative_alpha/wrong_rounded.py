# single precision in between
def cumulative_alpha(beta):
    return (1 - beta.float()).cumprod(0).double()
