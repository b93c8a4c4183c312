# minimax is the default
import torch.nn.functional as F


def generator_loss(logits_fake, kind="minimax"):
    if kind == "non_saturating":
        return F.softplus(-logits_fake).mean()
    return F.logsigmoid(-logits_fake).mean()
