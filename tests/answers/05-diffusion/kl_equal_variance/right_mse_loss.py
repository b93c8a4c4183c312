import torch.nn.functional as F


def kl_equal_variance(mean_q, mean_p, var):
    each = F.mse_loss(mean_p, mean_q, reduction="none")
    return each.sum(dim=tuple(range(1, each.dim()))) * (0.5 / var.view(-1))
