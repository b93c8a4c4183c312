# minus log p at q's mean: the constant stays
def kl_equal_variance(mean_q, mean_p, var):
    v = var.reshape([-1] + [1] * (mean_q.ndim - 1))
    return -Normal(mean_p, v.sqrt()).log_prob(mean_q).flatten(1).sum(1)
