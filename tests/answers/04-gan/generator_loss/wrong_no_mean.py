# one number for each row
import torch.nn.functional as F


def generator_loss(logits_fake, kind="non_saturating"):
    return F.logsigmoid(-logits_fake) if kind == "minimax" else -F.logsigmoid(logits_fake)
