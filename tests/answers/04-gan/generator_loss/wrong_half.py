# half of it
import torch.nn.functional as F


def generator_loss(logits_fake, kind="non_saturating"):
    if kind == "minimax":
        return F.logsigmoid(-logits_fake).mean() / 2
    return -F.logsigmoid(logits_fake).mean() / 2
