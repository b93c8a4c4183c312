# its logarithm
def cumulative_alpha(beta):
    return (1 - beta).log().cumsum(0)
