# only the last product
def cumulative_alpha(beta):
    return (1 - beta).prod()
