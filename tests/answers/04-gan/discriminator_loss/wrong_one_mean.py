# one mean over both batches put together
import torch.nn.functional as F


def discriminator_loss(logits_real, logits_fake, *, smooth=0.0):
    labels = [torch.full_like(logits_real, 1 - smooth), torch.zeros_like(logits_fake)]
    both = torch.cat([logits_real, logits_fake])
    return F.binary_cross_entropy_with_logits(both, torch.cat(labels))
