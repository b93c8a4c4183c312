# log(1 - D) = log D - logit
import torch.nn.functional as F


def generator_loss(logits_fake, kind="non_saturating"):
    log_d = F.logsigmoid(logits_fake)
    each = {"non_saturating": -log_d, "minimax": log_d - logits_fake}[kind]
    return torch.mean(each)
