from torch.distributions import Independent, Normal, kl_divergence


def kl_equal_variance(mean_q, mean_p, var):
    sigma = var.sqrt().view(-1, *[1] * (mean_q.dim() - 1)).expand_as(mean_q)
    event = mean_q.dim() - 1
    return kl_divergence(
        Independent(Normal(mean_q, sigma), event), Independent(Normal(mean_p, sigma), event)
    )
