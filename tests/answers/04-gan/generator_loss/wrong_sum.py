# a sum over the batch
import torch.nn.functional as F


def generator_loss(logits_fake, kind="non_saturating"):
    if kind == "minimax":
        return F.logsigmoid(-logits_fake).sum()
    return -F.logsigmoid(logits_fake).sum()
