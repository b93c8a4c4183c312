# beta is changed in place
def cumulative_alpha(beta):
    beta.neg_().add_(1)
    return beta.cumprod(0)
