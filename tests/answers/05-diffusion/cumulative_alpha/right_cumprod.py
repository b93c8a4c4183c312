def cumulative_alpha(beta):
    return (1 - beta).cumprod(0)
