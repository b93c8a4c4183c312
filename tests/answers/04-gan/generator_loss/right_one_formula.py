# both in one formula
import torch.nn.functional as F


def generator_loss(logits_fake, kind="non_saturating"):
    sign = 1 if kind == "non_saturating" else -1
    return -sign * F.logsigmoid(sign * logits_fake).mean()
