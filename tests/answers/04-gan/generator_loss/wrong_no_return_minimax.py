# only one kind is returned
import torch.nn.functional as F


def generator_loss(logits_fake, kind="non_saturating"):
    if kind == "non_saturating":
        return F.softplus(-logits_fake).mean()
    loss = F.logsigmoid(-logits_fake).mean()
