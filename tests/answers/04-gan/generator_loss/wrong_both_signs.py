# both signs are turned
import torch.nn.functional as F


def generator_loss(logits_fake, kind="non_saturating"):
    if kind == "non_saturating":
        return F.logsigmoid(logits_fake).mean()
    return -F.logsigmoid(-logits_fake).mean()
