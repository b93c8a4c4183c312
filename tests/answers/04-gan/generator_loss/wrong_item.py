# a Python number: no gradient
import torch.nn.functional as F


def generator_loss(logits_fake, kind="non_saturating"):
    f = F.logsigmoid
    return f(-logits_fake).mean().item() if kind == "minimax" else -f(logits_fake).mean().item()
