# kept away from 0
def cumulative_alpha(beta):
    return (1 - beta).cumprod(0).clamp(min=1e-4)
