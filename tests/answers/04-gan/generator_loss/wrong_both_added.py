# both losses added up
import torch.nn.functional as F


def generator_loss(logits_fake, kind="non_saturating"):
    return F.logsigmoid(-logits_fake).mean() - F.logsigmoid(logits_fake).mean()
