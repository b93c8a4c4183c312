# against N(0, 1) in place of p
def kl_equal_variance(mean_q, mean_p, var):
    v = var.reshape([-1] + [1] * (mean_q.ndim - 1)).expand_as(mean_q)
    return ((mean_q**2 + v - 1 - v.log()) / 2).flatten(1).sum(1)
