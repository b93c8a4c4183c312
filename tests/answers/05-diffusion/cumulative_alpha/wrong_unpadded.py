# index 0 is forgotten: T entries
def cumulative_alpha(beta):
    return (1 - beta[1:]).cumprod(0)
