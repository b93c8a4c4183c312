# the two kinds are the wrong way round
import torch.nn.functional as F


def generator_loss(logits_fake, kind="non_saturating"):
    if kind == "minimax":
        return F.softplus(-logits_fake).mean()
    return F.logsigmoid(-logits_fake).mean()
