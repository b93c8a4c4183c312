# multiplied from the other end
def cumulative_alpha(beta):
    return (1 - beta).flip(0).cumprod(0).flip(0)
