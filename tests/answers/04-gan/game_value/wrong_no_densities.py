# the logarithms are not weighed by the densities
def game_value(d, p, q, dx):
    return (d[p > 0].log().sum() + (1 - d[q > 0]).log().sum()) * dx
