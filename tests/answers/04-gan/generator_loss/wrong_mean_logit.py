# the mean logit, as a critic has it
import torch.nn.functional as F


def generator_loss(logits_fake, kind="non_saturating"):
    return F.logsigmoid(-logits_fake).mean() if kind == "minimax" else -logits_fake.mean()
