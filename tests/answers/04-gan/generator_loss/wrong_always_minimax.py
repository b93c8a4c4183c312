# the argument kind is not used: always minimax
import torch.nn.functional as F


def generator_loss(logits_fake, kind="non_saturating"):
    return F.logsigmoid(-logits_fake).mean()
