# a sum in place of a product
def cumulative_alpha(beta):
    return 1 - beta.cumsum(0)
