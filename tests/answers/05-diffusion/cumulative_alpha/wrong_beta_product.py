# the product of the betas
def cumulative_alpha(beta):
    return beta.cumprod(0)
