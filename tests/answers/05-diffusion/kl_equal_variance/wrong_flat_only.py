# var is squeezed by one axis only
def kl_equal_variance(mean_q, mean_p, var):
    return ((mean_q - mean_p) ** 2).flatten(1).sum(1) / (2 * var.squeeze(-1))
