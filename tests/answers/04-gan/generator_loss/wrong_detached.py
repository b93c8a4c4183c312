# no gradient comes back
import torch.nn.functional as F


def generator_loss(logits_fake, kind="non_saturating"):
    logits = logits_fake.detach()
    return F.logsigmoid(-logits).mean() if kind == "minimax" else -F.logsigmoid(logits).mean()
