# the sign of the minimax loss: G would help D
import torch.nn.functional as F


def generator_loss(logits_fake, kind="non_saturating"):
    if kind == "non_saturating":
        return F.softplus(-logits_fake).mean()
    return F.softplus(logits_fake).mean()
